import { expect, it } from 'vitest';
import { pod } from './core/pod.ts';
import type { AnyKind } from './kind.ts';
import { storedOnlyFields } from './stored-only.ts';

it('names the fields that are kept but not acted on, and no default', () => {
  const object = {
    spec: {
      dnsPolicy: 'ClusterFirst',
      hostIPC: true,
      containers: [{ name: 'a' }, { name: 'b', securityContext: { privileged: true } }],
      volumes: [{ name: 'h', hostPath: { path: '/' } }],
    },
  };
  expect(storedOnlyFields(pod as unknown as AnyKind, object)).toEqual([
    'spec.hostIPC',
    'spec.containers[1].securityContext.privileged',
    'spec.volumes[0].hostPath',
  ]);
});

it('finds everything a pod names, with the path of the field', () => {
  const refs = pod.refs!({
    metadata: { namespace: 'shop' },
    spec: {
      nodeName: 'node-1',
      volumes: [{ name: 'v', projected: { sources: [{ secret: { name: 's' } }] } }],
      containers: [{ name: 'a', env: [{ name: 'X', valueFrom: { configMapKeyRef: { name: 'c', key: 'k' } } }] }],
    },
  } as never);
  expect(refs.map(({ resource, name, path, how }) => `${resource}/${name} ${how} ${path}`)).toEqual([
    'secrets/s volume spec.volumes[0].projected.sources[0].secret',
    'configmaps/c env spec.containers[0].env[0].valueFrom.configMapKeyRef',
    'nodes/node-1 runsOn spec.nodeName',
  ]);
});
