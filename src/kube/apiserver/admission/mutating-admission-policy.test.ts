import { expect, it } from 'vitest';
import { make, openServer } from '../../../testing/golden.ts';

type Made = Parameters<typeof make>[1];

const deployment = {
  metadata: { name: 'web' },
  spec: {
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'a', image: 'nginx' }] } },
  },
};

it.each([
  [
    'an apply configuration',
    {
      patchType: 'ApplyConfiguration',
      applyConfiguration: {
        expression:
          'Object{ metadata: Object.metadata{ annotations: {"by": "policy"} }, spec: Object.spec{ replicas: object.spec.replicas + 2, template: Object.spec.template{ spec: Object.spec.template.spec{ containers: [Object.spec.template.spec.containers{name: "b", image: "busybox"}] } } } }',
      },
    },
    ['a', 'b'],
  ],
  [
    'a JSON patch',
    {
      patchType: 'JSONPatch',
      jsonPatch: {
        expression:
          '[JSONPatch{op: "add", path: "/metadata/annotations", value: {"by": "policy"}}, JSONPatch{op: "replace", path: "/spec/replicas", value: 3}]',
      },
    },
    ['a'],
  ],
])('a policy changes an object with %s', (_, mutation, containers) => {
  const server = openServer();
  const of = (kind: string, spec: object): void =>
    make(server, { apiVersion: 'admissionregistration.k8s.io/v1', kind, metadata: { name: 'more' }, spec } as Made, '');
  const rule = { apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE'], resources: ['deployments'] };
  of('MutatingAdmissionPolicy', {
    matchConstraints: { resourceRules: [rule] },
    matchConditions: [{ name: 'web', expression: 'object.metadata.name == "web"' }],
    reinvocationPolicy: 'Never',
    mutations: [mutation],
  });
  of('MutatingAdmissionPolicyBinding', { policyName: 'more' });
  const create = (body: object) =>
    server.api.request(server.ctx, 'you', { verb: 'create', resource: 'deployments.apps', namespace: 'default', body });
  const { code, body } = create(deployment);
  expect({ code, body }).toMatchObject({
    code: 201,
    body: { metadata: { annotations: { by: 'policy' } }, spec: { replicas: 3 } },
  });
  const { template } = (body as unknown as { spec: typeof deployment.spec }).spec;
  expect(template.spec.containers.map(({ name }) => name).sort()).toEqual(containers);
  expect(create({ ...deployment, metadata: { name: 'other' } }).body).toMatchObject({ spec: { replicas: 1 } });
});
