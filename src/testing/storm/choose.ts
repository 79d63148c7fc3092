import type { Random } from '../../kernel/index.ts';
import type { KubeObject } from '../../kube/apimachinery/index.ts';
import type { Deployment } from '../../kube/apis/index.ts';
import type { ApiRequest } from '../../kube/apiserver/request.ts';
import type { Fault, TrafficSource } from '../../kube/inputs.ts';
import type { Machines } from '../../kube/machines.ts';

/** One thing that the storm does: a request as kubectl would send it, a fault, or traffic. Data, so that it can be printed. */
export type Act =
  | { readonly type: 'request'; readonly request: ApiRequest }
  | { readonly type: 'kubectl'; readonly line: string }
  | { readonly type: 'fault'; readonly fault: Fault }
  | { readonly type: 'traffic'; readonly source: TrafficSource };

/** What an act is chosen from: the world as it stands. */
export interface Scene {
  readonly random: Random;
  readonly machines: Machines;
  objects<T = KubeObject>(resource: string): readonly T[];
}

/** A pod template that a workload is made of. */
export type PodTemplate = NonNullable<NonNullable<Deployment['spec']>['template']>;
/** Makes an act, or undefined when there is nothing to do it to. */
export type Maker = (scene: Scene) => Act | undefined;

/** Images that serve on port 80, 8080 or not at all; the last ones never become ready. */
export const goodImages = ['nginx:1.27', 'nginx:1.28', 'nginx:1.29', 'httpd:2.4'] as const;
const badImages = ['nginx:1.161', 'busybox:1.37'] as const;

/** Where the storm works; the last two come and go. */
export const namespaces = ['default', 'shop', 'lab'] as const;
/** What its workloads and Services are called: few names, so that they meet. */
export const names = ['web', 'api', 'cart', 'blog', 'mail'] as const;

/** One of a list. */
export const pick = <T>(random: Random, list: readonly T[]): T => list[random.int(list.length)]!;
/** True in so many of 100 cases. */
export const chance = (random: Random, percent: number): boolean => random.int(100) < percent;

/** An object of a resource in a namespace that belongs to the storm, or undefined. */
export function some<T>(scene: Scene, resource: string, filter: (object: T & KubeObject) => boolean = () => true) {
  const list = scene
    .objects<T & KubeObject>(resource)
    .filter(
      ({ metadata: m }) => (namespaces as readonly string[]).includes(m.namespace ?? '') && m.name !== 'kubernetes',
    )
    .filter(filter);
  return list.length > 0 ? pick(scene.random, list) : undefined;
}

/** A request as an act. */
export const request = (request: ApiRequest): Act => ({ type: 'request', request });

/** Commands of busybox: it ends well, ends badly, works on, writes and reads. */
const scripts = [
  'sleep 5',
  'exit 3',
  'while true; do date; sleep 2; done',
  'echo $HOSTNAME > /tmp/x; sleep 1; cat /tmp/x; false',
  'for i in 1 2 3; do wget -q -O- http://web || echo failed; sleep 1; done; sleep 3600',
] as const;

/** Images that need no port, or answer on another one. */
const others = [
  { image: 'busybox:1.36', command: ['sh', '-c'] },
  { image: 'redis:7', port: 6379 },
  { image: 'postgres:16', env: [{ name: 'POSTGRES_PASSWORD', value: 'secret' }], port: 5432 },
  { image: 'mysql:8.0', port: 3306 },
  { image: 'registry.k8s.io/pause:3.10' },
  { image: 'gcr.io/google-samples/hello-app:1.0', port: 8080 },
] as const;

/** ConfigMap and Secret that some pods ask for. */
export const settings = 'settings';

/** What a pod may read from its namespace's settings: as variables or as files, needed or not. */
function reading(random: Random): { container: object; pod: object } {
  const optional = chance(random, 60);
  const from = pick(random, ['configMap', 'secret'] as const);
  if (chance(random, 50))
    return { container: { envFrom: [{ [`${from}Ref`]: { name: settings, optional } }] }, pod: {} };
  const source = from === 'secret' ? { secretName: settings } : { name: settings };
  return {
    container: { volumeMounts: [{ name: settings, mountPath: '/etc/settings' }] },
    pod: { volumes: [{ name: settings, [from]: { ...source, optional } }] },
  };
}

/** The spec of a pod: most serve on port 80, some are something else, some never come up. */
export function container(random: Random, app: string): PodTemplate['spec'] {
  const image = chance(random, 85) ? pick(random, goodImages) : pick(random, badImages);
  const probe = { httpGet: { path: '/', port: 80 }, periodSeconds: pick(random, [1, 5, 10]) };
  const grace = { terminationGracePeriodSeconds: pick(random, [0, 1, 5, 30]) };
  const requests = { cpu: `${random.between(1, 10) * 10}m`, memory: `${random.between(1, 8) * 16}Mi` };
  const limits = { memory: pick(random, ['128Mi', '256Mi']), cpu: pick(random, ['100m', '500m']) };
  const resources = { requests, ...(chance(random, 25) && { limits }) };
  if (chance(random, 20)) {
    const { port, ...other } = { port: undefined, ...pick(random, others) };
    const args = 'command' in other ? { args: [pick(random, scripts)] } : {};
    const tcp = port && chance(random, 50) && { readinessProbe: { tcpSocket: { port } } };
    const exec = chance(random, 20) && {
      livenessProbe: { exec: { command: ['sh', '-c', pick(random, ['true', 'test -e /tmp/y'])] } },
    };
    return { ...grace, containers: [{ name: app, ...other, ...args, resources, ...tcp, ...exec }] } as never;
  }
  const reads = chance(random, 12) ? reading(random) : { container: {}, pod: {} };
  return {
    ...grace,
    ...reads.pod,
    containers: [
      {
        name: app,
        image,
        ...reads.container,
        ports: [{ name: 'http', containerPort: 80 }],
        resources,
        ...(chance(random, 60) && { readinessProbe: probe }),
        ...(chance(random, 30) && { livenessProbe: { ...probe, initialDelaySeconds: random.int(10) } }),
        ...(chance(random, 15) && { startupProbe: { ...probe, failureThreshold: 10 } }),
        ...(chance(random, 25) && { lifecycle: { preStop: { sleep: { seconds: random.between(1, 8) } } } }),
      },
    ],
  };
}

/** Deletes an object of a resource, in one of the three ways. */
export const deleteSome =
  (resource: string): Maker =>
  (scene) => {
    const object = some<KubeObject>(scene, resource);
    return (
      object &&
      request({
        verb: 'delete',
        resource,
        namespace: object.metadata.namespace,
        name: object.metadata.name,
        options: { propagationPolicy: pick(scene.random, ['Background', 'Foreground', 'Orphan', 'Background']) },
      })
    );
  };
