import { describe, expect, test } from 'vitest';
import { spoken } from './protobuf-body.ts';
import { decodeProtobuf, protobufType } from './protobuf.ts';

/** What kubectl 1.32 sent, byte for byte. */
const decoded = (base64: string): unknown => decodeProtobuf(Buffer.from(base64, 'base64'));

/** A body by hand: numbers and lengths fit into one byte here. */
const field = (number: number, ...bytes: number[]): number[] => [number * 8 + 2, bytes.length, ...bytes];
const text = (value: string): number[] => [...Buffer.from(value)];
const unknown = (apiVersion: string, kind: string, ...raw: number[]): Buffer =>
  Buffer.from([
    ...text('k8s\0'),
    ...field(1, ...field(1, ...text(apiVersion)), ...field(2, ...text(kind))),
    ...field(2, ...raw),
  ]);

describe("a body in Kubernetes' protobuf encoding reads as the same client's JSON", () => {
  test('kubectl create deployment rec --image=nginx:1.27 --replicas=2 --port=80', () => {
    expect(
      decoded(
        'azhzAAoVCgdhcHBzL3YxEgpEZXBsb3ltZW50Er0BCh8KA3JlYxIAGgAiACoAMgA4AEIAWgoKA2FwcBIDcmVjEosBCAISDAoKCgNhcHASA3JlYxpxChwKABIAGgAiACoAMgA4AEIAWgoKA2FwcBIDcmVjElESMwoFbmdpbngSCm5naW54OjEuMjcqADIKCgAQABhQIgAqAEIAagByAIABAIgBAJABAKIBABoAMgBCAEoAUgBYAGAAaACCAQCKAQCaAQDCAQAiAgoAKAA4ABoMCAAQABgAIAAoADgAGgAiAA==',
      ),
    ).toEqual({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'rec', labels: { app: 'rec' } },
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: 'rec' } },
        strategy: {},
        template: {
          metadata: { labels: { app: 'rec' } },
          spec: {
            containers: [{ name: 'nginx', image: 'nginx:1.27', ports: [{ containerPort: 80 }], resources: {} }],
          },
        },
      },
      status: {},
    });
  });

  test('bytes stay base64, quantities text', () => {
    expect(decoded('azhzAAoMCgJ2MRIGU2VjcmV0Eh0KEQoBcxIAGgAiACoAMgA4AEIAEgYKAWESAWIaABoAIgA=')).toMatchObject({
      kind: 'Secret',
      data: { a: 'Yg==' },
    });
    expect(
      decoded('azhzAAoTCgJ2MRINUmVzb3VyY2VRdW90YRIkChEKAXESABoAIgAqADIAOABCABINCgsKBHBvZHMSAwoBMxoAGgAiAA=='),
    ).toMatchObject({ spec: { hard: { pods: '3' } } });
  });

  test('ports may be names or numbers, and a zero that was said stays', () => {
    const port = (...target: number[]): number[] => field(1, 3 * 8, 80, ...field(4, ...target));
    const service = (...target: number[]): Buffer => unknown('v1', 'Service', ...field(2, ...port(...target)));
    expect(decodeProtobuf(service(8, 0, 16, 0x90, 0x3f))).toMatchObject({
      spec: { ports: [{ port: 80, targetPort: 8080 }] },
    });
    expect(decodeProtobuf(service(8, 1, ...field(3, ...text('web'))))).toMatchObject({
      spec: { ports: [{ targetPort: 'web' }] },
    });
    expect(decodeProtobuf(unknown('apps/v1', 'Deployment', ...field(2, 8, 0)))).toMatchObject({
      spec: { replicas: 0 },
    });
  });

  test('times are told in seconds, micro times in six more digits, any JSON as itself', () => {
    const time = [8, 0x80, 0x94, 0xeb, 0xdc, 0x03]; // 1,000,000,000 s
    expect(
      decodeProtobuf(unknown('coordination.k8s.io/v1', 'Lease', ...field(2, ...field(4, ...time, 16, 0xe8, 0x07)))),
    ).toMatchObject({
      spec: { renewTime: '2001-09-09T01:46:40.000001Z' },
    });
    expect(decodeProtobuf(unknown('v1', 'Pod', ...field(1, ...field(9, ...time))))).toMatchObject({
      metadata: { deletionTimestamp: '2001-09-09T01:46:40Z' },
    });
    const revision = unknown('apps/v1', 'ControllerRevision', ...field(2, ...field(1, ...text('{"a":[1]}'))), 24, 7);
    expect(decodeProtobuf(revision)).toMatchObject({ data: { a: [1] }, revision: 7 });
  });
});

test.each([
  ['no such encoding', Buffer.from('{}')],
  ['bytes that end too early', unknown('v1', 'Pod', 10, 200)],
  ['a kind that nobody knows', unknown('v1', 'Thing')],
])('%s is refused', (_what, body) => {
  expect(() => spoken({ 'content-type': protobufType }, body)).toThrow('the object provided is unrecognized');
});
