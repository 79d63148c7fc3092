import { expect, it } from 'vitest';
import { make, openServer } from '../../../../testing/golden.ts';
import type { ApiRequest, ApiResponse } from '../../request.ts';

const pod = (name: string, spec: object = {}, container: object = {}): object => ({
  metadata: { name },
  spec: { containers: [{ name: 'app', image: 'nginx', ...container }], ...spec },
});

const right = {
  securityContext: {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    runAsNonRoot: true,
    seccompProfile: { type: 'RuntimeDefault' },
  },
};

function cluster(labels: Readonly<Record<string, string>>) {
  const server = openServer();
  make(server, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels } }, '');
  const ask = (request: Partial<ApiRequest> & Pick<ApiRequest, 'verb' | 'resource'>): ApiResponse =>
    server.api.request(server.ctx, 'you', { namespace: 'shop', ...request });
  return { ask, create: (body: unknown, resource = 'pods') => ask({ verb: 'create', resource, body }) };
}

const messageOf = ({ body }: ApiResponse): string => (body as { message?: string }).message ?? '';

it.each([
  [{ hostNetwork: true, hostPID: true }, {}, 'host namespaces (hostNetwork=true, hostPID=true)'],
  [
    {},
    { securityContext: { privileged: true } },
    'privileged (container "app" must not set securityContext.privileged=true)',
  ],
  [
    {},
    { securityContext: { capabilities: { add: ['SYS_ADMIN', 'NET_ADMIN', 'CHOWN'] } } },
    'non-default capabilities (container "app" must not include "NET_ADMIN", "SYS_ADMIN" in securityContext.capabilities.add)',
  ],
  [{ volumes: [{ name: 'v', hostPath: { path: '/' } }] }, {}, 'hostPath volumes (volume "v")'],
  [{}, { ports: [{ containerPort: 80, hostPort: 8080 }] }, 'hostPort (container "app" uses hostPort 8080)'],
  [
    { securityContext: { seccompProfile: { type: 'Unconfined' } } },
    {},
    'seccompProfile (pod must not set securityContext.seccompProfile.type to "Unconfined")',
  ],
  [{ securityContext: { sysctls: [{ name: 'kernel.msgmax', value: '1' }] } }, {}, 'forbidden sysctl (kernel.msgmax)'],
])('the baseline refuses %j %j', (spec, container, detail) => {
  const { create } = cluster({ 'pod-security.kubernetes.io/enforce': 'baseline' });
  const refused = create(pod('bad', spec, container));
  expect(refused.code).toBe(403);
  expect(messageOf(refused)).toBe(`pods "bad" is forbidden: violates PodSecurity "baseline:latest": ${detail}`);
  expect(create(pod('good')).code).toBe(201);
});

it('the restricted level wants everything said, and tells a restricted volume by its type', () => {
  const { create } = cluster({
    'pod-security.kubernetes.io/enforce': 'restricted',
    'pod-security.kubernetes.io/enforce-version': 'v1.30',
  });
  expect(create(pod('good', {}, right)).code).toBe(201);
  const volumes = [{ name: 'v', hostPath: { path: '/' } }];
  expect(messageOf(create(pod('bad', { volumes }, right)))).toBe(
    'pods "bad" is forbidden: violates PodSecurity "restricted:v1.30": restricted volume types (volume "v" uses restricted volume type "hostPath")',
  );
});

it('what makes pods is only warned of, and a namespace tells which of its pods a new level would refuse', () => {
  const { ask, create } = cluster({ 'pod-security.kubernetes.io/warn': 'baseline' });
  const { spec } = pod('x', { hostNetwork: true }) as { spec: object };
  const template = { metadata: { labels: { app: 'web' } }, spec };
  const body = { metadata: { name: 'web' }, spec: { selector: { matchLabels: { app: 'web' } }, template } };
  const warning = 'would violate PodSecurity "baseline:latest": host namespaces (hostNetwork=true)';
  expect(create(body, 'deployments.apps')).toMatchObject({ code: 201, warnings: [warning] });
  expect(create(pod('a', { hostNetwork: true }))).toMatchObject({ code: 201, warnings: [warning] });
  create(pod('b', { hostNetwork: true }));
  const label = (level: string): ApiResponse =>
    ask({
      verb: 'patch',
      resource: 'namespaces',
      name: 'shop',
      namespace: undefined,
      patchType: 'merge',
      body: { metadata: { labels: { 'pod-security.kubernetes.io/enforce': level } } },
    });
  expect(label('baseline').warnings).toEqual([
    'existing pods in namespace "shop" violate the new PodSecurity enforce level "baseline:latest"',
    'a (and 1 other pod): host namespaces',
  ]);
  expect(messageOf(label('strict'))).toBe(
    'Namespace "shop" is invalid: metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: "strict": must be one of privileged, baseline, restricted',
  );
});
