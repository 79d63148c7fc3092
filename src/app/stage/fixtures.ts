/**
 * Small clusters made by hand, for tests and for looking at the stage without a simulation. Objects look as the
 * API server would store them, as far as the stage reads them.
 */
import { keyOf, timestamp, type KubeObject } from '../../kube/apimachinery/index.ts';
import type { Objects, StageView } from './contract.ts';
import { stageLabelsEn } from './labels-en.ts';

/** States a fixture pod can be put into. */
export type PodPhase =
  | 'ready'
  | 'notready'
  | 'creating'
  | 'pending'
  | 'bound'
  | 'crash'
  | 'imagepull'
  | 'oom'
  | 'failed'
  | 'succeeded'
  | 'terminating';

interface Meta {
  readonly name: string;
  readonly namespace?: string;
  readonly owner?: KubeObject;
  readonly at?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly generateName?: string;
}

/** Collects objects; `objects()` hands them out as the page's store would. */
export interface Bench {
  readonly now: number;
  readonly all: Map<string, Map<string, KubeObject>>;
  add(resource: string, object: KubeObject): KubeObject;
  node(
    name: string,
    more?: { ready?: string; taint?: string; cordoned?: boolean; zone?: string; heardAt?: number },
  ): KubeObject;
  deployment(name: string, replicas: number, more?: Record<string, unknown>, namespace?: string): KubeObject;
  replicaSet(deployment: KubeObject, revision: number, replicas: number): KubeObject;
  pod(
    owner: KubeObject | null,
    suffix: string,
    node: string,
    phase: PodPhase,
    more?: Record<string, unknown>,
  ): KubeObject;
  service(name: string, members: readonly KubeObject[], more?: Record<string, unknown>): KubeObject;
  /** Any other object in the default namespace. */
  other(resource: string, kind: string, name: string, body: Record<string, unknown>, owner?: KubeObject): KubeObject;
  view(more?: Partial<StageView>): StageView;
}

/** An empty cluster at a moment (ms). */
export function bench(now = 94_000): Bench {
  const all = new Map<string, Map<string, KubeObject>>();
  let serial = 0;
  const add = (resource: string, object: KubeObject): KubeObject => {
    const map = all.get(resource) ?? new Map<string, KubeObject>();
    all.set(resource, map);
    map.set(keyOf(object), object);
    return object;
  };
  const make = (apiVersion: string, kind: string, meta: Meta, rest: Record<string, unknown>): KubeObject =>
    ({
      apiVersion,
      kind,
      metadata: {
        name: meta.name,
        namespace: meta.namespace,
        uid: `uid-${kind}-${meta.namespace ?? ''}-${meta.name}`,
        creationTimestamp: timestamp(meta.at ?? ++serial),
        labels: meta.labels,
        annotations: meta.annotations,
        generateName: meta.generateName,
        ownerReferences: meta.owner && [
          {
            apiVersion: meta.owner.apiVersion,
            kind: meta.owner.kind,
            name: meta.owner.metadata.name,
            uid: meta.owner.metadata.uid,
            controller: true,
          },
        ],
      },
      ...rest,
    }) as unknown as KubeObject;

  return {
    now,
    all,
    add,
    node(name, more = {}) {
      const ready = more.ready ?? 'True';
      add(
        'leases.coordination.k8s.io',
        make(
          'coordination.k8s.io/v1',
          'Lease',
          { name, namespace: 'kube-node-lease' },
          {
            spec: { renewTime: timestamp(more.heardAt ?? now - 4000) },
          },
        ),
      );
      return add(
        'nodes',
        make(
          'v1',
          'Node',
          { name, labels: more.zone ? { 'topology.kubernetes.io/zone': more.zone } : {} },
          {
            spec: {
              unschedulable: more.cordoned,
              taints: more.taint
                ? [
                    {
                      key: more.taint.split(':')[0],
                      effect: more.taint.split(':')[1],
                      timeAdded: timestamp(now - 150_000),
                    },
                  ]
                : undefined,
            },
            status: {
              allocatable: { cpu: '2', memory: '4Gi', pods: '110' },
              conditions: [{ type: 'Ready', status: ready }],
            },
          },
        ),
      );
    },
    deployment(name, replicas, more = {}, namespace = 'default') {
      return add(
        'deployments.apps',
        make(
          'apps/v1',
          'Deployment',
          { name, namespace },
          {
            spec: { replicas, strategy: { type: 'RollingUpdate' }, ...more },
            status: {
              updatedReplicas: replicas,
              conditions: [{ type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' }],
            },
          },
        ),
      );
    },
    replicaSet(deployment, revision, replicas) {
      const hash = ['', '5d8f7', '7c9bd', '6b4f9', '9fdc2'][revision] ?? `r${revision}`;
      return add(
        'replicasets.apps',
        make(
          'apps/v1',
          'ReplicaSet',
          {
            name: `${deployment.metadata.name}-${hash}`,
            namespace: deployment.metadata.namespace!,
            owner: deployment,
            annotations: { 'deployment.kubernetes.io/revision': String(revision) },
          },
          { spec: { replicas }, status: {} },
        ),
      );
    },
    pod(owner, suffix, node, phase, more = {}) {
      const name = owner ? `${owner.metadata.name}-${suffix}` : suffix;
      const namespace = owner?.metadata.namespace ?? 'default';
      const base = make(
        'v1',
        'Pod',
        { name, namespace, ...(owner && { owner, generateName: `${owner.metadata.name}-` }), at: 1000 + ++serial },
        podBody(phase, node, now),
      );
      const leaving = phase === 'terminating' && {
        metadata: { ...base.metadata, deletionTimestamp: timestamp(now + 18_000), deletionGracePeriodSeconds: 30 },
      };
      return add('pods', { ...base, ...leaving, ...more } as KubeObject);
    },
    service(name, members, more = {}) {
      const service = add(
        'services',
        make(
          'v1',
          'Service',
          { name, namespace: 'default' },
          {
            spec: {
              type: 'ClusterIP',
              clusterIP: `10.96.14.${serial % 250}`,
              selector: { app: name },
              ports: [{ port: 80, targetPort: 8080 }],
              ...more,
            },
          },
        ),
      );
      add(
        'endpointslices.discovery.k8s.io',
        make(
          'discovery.k8s.io/v1',
          'EndpointSlice',
          { name: `${name}-abcde`, namespace: 'default', labels: { 'kubernetes.io/service-name': name } },
          {
            endpoints: members.map((m) => ({
              addresses: ['10.244.0.1'],
              conditions: { ready: true },
              targetRef: { kind: 'Pod', uid: m.metadata.uid },
            })),
          },
        ),
      );
      return service;
    },
    other: (resource, kind, name, body, owner) =>
      add(resource, make('v1', kind, { name, namespace: 'default', ...(owner && { owner }) }, body)),
    view: (more = {}) => ({ ...stillView(all, now), ...more }),
  };
}

/** A view in which nothing moves. */
export function stillView(objects: Objects, now: number): StageView {
  return {
    objects,
    now,
    machines: [],
    stopped: [],
    sources: [],
    usage: new Map(),
    traffic: [],
    requests: [],
    activities: [],
    deeds: [],
    selection: null,
    highlights: new Map(),
    theme: 'light',
    lang: 'en',
    reducedMotion: false,
    speed: 1,
    playing: true,
    past: false,
    labels: stageLabelsEn,
  };
}

function podBody(phase: PodPhase, node: string, now: number): Record<string, unknown> {
  const container = { name: 'shop', image: 'shop:v1', resources: { requests: { cpu: '250m', memory: '256Mi' } } };
  const spec = { nodeName: node || undefined, containers: [container] };
  if (phase === 'pending') return { spec: { containers: [container] }, status: { phase: 'Pending' } };
  const started = timestamp(now - 60_000);
  const conditions = (feet: string): unknown[] =>
    ['PodScheduled', 'Initialized', 'ContainersReady', 'Ready'].map((type, i) => ({
      type,
      status: feet[i] === '1' ? 'True' : 'False',
      lastTransitionTime: started,
    }));
  const status = (phaseWord: string, feet: string, state: unknown, more: Record<string, unknown> = {}): unknown => ({
    phase: phaseWord,
    startTime: started,
    conditions: conditions(feet),
    containerStatuses: [
      { name: 'shop', image: 'shop:v1', imageID: '', ready: feet[3] === '1', restartCount: 0, state, ...more },
    ],
  });
  const running = { running: { startedAt: started } };
  switch (phase) {
    case 'bound':
      return { spec, status: { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'True' }] } };
    case 'creating':
      return { spec, status: status('Pending', '1000', { waiting: { reason: 'ContainerCreating' } }) };
    case 'notready':
      return { spec, status: status('Running', '1100', running) };
    case 'crash': {
      const waiting = {
        reason: 'CrashLoopBackOff',
        message: 'back-off 40s restarting failed container=shop pod=web_default(1)',
      };
      const last = { terminated: { exitCode: 1, reason: 'Error', finishedAt: timestamp(now - 3000) } };
      return { spec, status: status('Running', '1100', { waiting }, { restartCount: 3, lastState: last }) };
    }
    case 'imagepull':
      return { spec, status: status('Pending', '1000', { waiting: { reason: 'ImagePullBackOff' } }) };
    case 'oom':
      return {
        spec,
        status: status('Running', '1100', { terminated: { exitCode: 137, reason: 'OOMKilled' } }, { restartCount: 2 }),
      };
    case 'failed':
      return { spec, status: status('Failed', '1100', { terminated: { exitCode: 1, reason: 'Error' } }) };
    case 'succeeded':
      return { spec, status: status('Succeeded', '1100', { terminated: { exitCode: 0, reason: 'Completed' } }) };
    default:
      return { spec, status: status('Running', '1111', running) };
  }
}

const letters = 'bcdfghjklmnpqrstvwxz2456789';

/** Five letters as the API server would add; the same n gives the same letters. */
export function suffix(n: number): string {
  let x = (n + 1) * 2654435761;
  let out = '';
  for (let i = 0; i < 5; i++) {
    x = (Math.imul(x ^ (x >>> 15), 2246822519) + i) >>> 0;
    out += letters[x % letters.length];
  }
  return out;
}
