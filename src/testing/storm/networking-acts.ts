import type { Random } from '../../kernel/index.ts';
import type { Ingress, NetworkPolicy } from '../../kube/apis/index.ts';
import { chance, names, namespaces, pick, request, some, type Act, type Maker } from './choose.ts';

const policyNames = ['deny', 'allow', 'dns', 'narrow'] as const;

const selector = (random: Random) =>
  chance(random, 30)
    ? {}
    : chance(random, 30)
      ? { matchExpressions: [{ key: 'app', operator: pick(random, ['In', 'NotIn']), values: [pick(random, names)] }] }
      : { matchLabels: { app: pick(random, names) } };

function peer(random: Random): object {
  if (chance(random, 20))
    return { ipBlock: { cidr: '10.244.0.0/16', except: [`10.244.${random.between(1, 4)}.0/24`] } };
  const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': pick(random, namespaces) } };
  return pick(random, [
    { podSelector: selector(random) },
    { namespaceSelector },
    { namespaceSelector, podSelector: selector(random) },
  ]);
}

const ports = (random: Random): object[] =>
  pick(random, [[{ port: 80 }], [{ port: 'http' }], [{ port: 1, endPort: 100 }], [{ port: 53, protocol: 'UDP' }]]);

const rules = (random: Random, side: 'from' | 'to'): object[] =>
  [...Array(random.int(3)).keys()].map(() => ({
    ...(chance(random, 70) && { [side]: [peer(random), ...(chance(random, 30) ? [peer(random)] : [])] }),
    ...(chance(random, 50) && { ports: ports(random) }),
  }));

const policySpec = (random: Random): NonNullable<NetworkPolicy['spec']> => ({
  podSelector: selector(random),
  policyTypes: pick(random, [['Ingress'], ['Egress'], ['Ingress', 'Egress']]),
  ingress: rules(random, 'from'),
  egress: rules(random, 'to'),
});

const createPolicy: Maker = ({ random }) => {
  const namespace = pick(random, namespaces);
  return request({
    verb: 'create',
    resource: 'networkpolicies.networking.k8s.io',
    namespace,
    body: {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: pick(random, policyNames), namespace },
      spec: policySpec(random),
    },
  });
};

/** Writes a policy or an Ingress back with another spec. */
const edit =
  <T extends NetworkPolicy | Ingress>(resource: string, specOf: (random: Random) => T['spec']): Maker =>
  (scene) => {
    const object = some<T>(scene, resource);
    if (!object) return undefined;
    const { name, namespace } = object.metadata;
    return request({ verb: 'update', resource, namespace, name, body: { ...object, spec: specOf(scene.random) } });
  };

const remove =
  (resource: string): Maker =>
  (scene) => {
    const object = some(scene, resource);
    return (
      object && request({ verb: 'delete', resource, namespace: object.metadata.namespace, name: object.metadata.name })
    );
  };

const ingressSpec = (random: Random): NonNullable<Ingress['spec']> => {
  const backend = { service: { name: pick(random, names), port: { number: 80 } } };
  const path = {
    path: pick(random, ['/', '/', '/api']),
    pathType: pick(random, ['Prefix', 'Prefix', 'Exact']),
    backend,
  };
  return {
    ingressClassName: pick(random, ['nginx', 'nginx', 'other']),
    rules: [{ host: pick(random, ['shop.example', '*.shop.example', 'blog.example']), http: { paths: [path] } }],
    ...(chance(random, 20) && { defaultBackend: backend }),
    ...(chance(random, 20) && { tls: [{ hosts: ['shop.example'], secretName: 'tls' }] }),
  };
};

const createIngress: Maker = ({ random }) => {
  const namespace = pick(random, namespaces);
  return request({
    verb: 'create',
    resource: 'ingresses.networking.k8s.io',
    namespace,
    body: {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: pick(random, names), namespace },
      spec: ingressSpec(random),
    },
  });
};

const resources: Readonly<Record<string, string>> = {
  IngressClass: 'ingressclasses.networking.k8s.io',
  Service: 'services',
  Deployment: 'deployments.apps',
};

/** A controller in pieces: its class, its Service or its Deployment, whichever is missing. */
const installController: Maker = ({ random, objects }) => {
  const metadata = { name: 'gate', namespace: 'default' };
  const labels = { app: 'gate' };
  const bodies = [
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      metadata: { name: 'nginx' },
      spec: { controller: 'k8s.io/ingress-nginx' },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { type: pick(random, ['LoadBalancer', 'NodePort']), selector: labels, ports: [{ port: 80 }] },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        replicas: random.between(1, 2),
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            containers: [
              {
                name: 'controller',
                image: 'registry.k8s.io/ingress-nginx/controller:v1.13.0',
                args: ['/nginx-ingress-controller', '--publish-service=default/gate'],
                readinessProbe: { httpGet: { path: '/healthz', port: 10254 } },
              },
            ],
          },
        },
      },
    },
  ];
  const isMissing = ({ kind, metadata: { name } }: (typeof bodies)[number]): boolean =>
    !objects(resources[kind]!).some((object) => object.metadata.name === name);
  const missing = bodies.filter(isMissing);
  if (missing.length === 0) return undefined;
  const body = pick(random, missing);
  const namespaced = body.kind !== 'IngressClass';
  return request({
    verb: 'create',
    resource: resources[body.kind]!,
    ...(namespaced && { namespace: 'default' }),
    body,
  });
};

const publicTraffic: Maker = ({ random }): Act => ({
  type: 'traffic',
  source: {
    name: 'bots',
    url: `http://${pick(random, ['shop.example', 'x.shop.example', 'blog.example'])}${pick(random, ['/', '/api/x'])}`,
    rps: pick(random, [0, 1, 5]),
    from: pick(random, ['outside', 'inside']),
    labels: { app: pick(random, names) },
    timeoutMs: pick(random, [500, 2000]),
  },
});

const policyFault: Maker = ({ random }) => ({
  type: 'fault',
  fault: { fault: pick(random, ['policies-ignore', 'policies-enforce', 'policies-enforce'] as const) },
});

/** What may happen to policies, Ingresses and their controller, with its weight. */
export const networkingMakers: readonly (readonly [number, Maker])[] = [
  [4, createPolicy],
  [2, edit<NetworkPolicy>('networkpolicies.networking.k8s.io', policySpec)],
  [2, remove('networkpolicies.networking.k8s.io')],
  [4, createIngress],
  [1, edit<Ingress>('ingresses.networking.k8s.io', ingressSpec)],
  [1, remove('ingresses.networking.k8s.io')],
  [5, installController],
  [1, publicTraffic],
  [1, policyFault],
];
