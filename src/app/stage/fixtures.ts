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

/** The middle of a rolling update of ten, as in the design's main picture. */
export function rollingBench(): Bench {
  const b = bench();
  for (const n of ['node-1', 'node-2', 'node-3']) b.node(n);
  const web = b.deployment('web', 10);
  (web['status'] as { conditions: unknown[] }).conditions = [
    { type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated' },
  ];
  const v1 = b.replicaSet(web, 1, 5);
  const v2 = b.replicaSet(web, 2, 8);
  const members = [
    b.pod(v1, 'b7k2x', 'node-1', 'ready'),
    b.pod(v1, 'n4qzd', 'node-1', 'ready'),
    b.pod(v2, 'q8s2k', 'node-1', 'ready'),
    b.pod(v1, 'x2dlp', 'node-2', 'ready'),
    b.pod(v2, 'h6fnj', 'node-2', 'ready'),
    b.pod(v1, 't9gsh', 'node-3', 'ready'),
    b.pod(v1, 'j5xvc', 'node-3', 'ready'),
    b.pod(v2, 'd2kwp', 'node-3', 'ready'),
  ];
  b.pod(v2, 'c5tvw', 'node-1', 'notready');
  b.pod(v2, 'k9m3r', 'node-1', 'crash');
  b.pod(v1, 'm4w9t', 'node-2', 'terminating');
  b.pod(v2, 'z3rqg', 'node-2', 'creating');
  b.pod(v2, 'w7bzn', 'node-3', 'notready');
  b.pod(v2, 'x2p4d', 'node-3', 'bound');
  b.service('web', members);
  return b;
}

const names = [
  'web',
  'api',
  'checkout',
  'search',
  'payments',
  'catalog',
  'session-cache',
  'mailer',
  'images',
  'recommender',
  'audit',
  'frontend-admin',
];

/** Several Deployments of `replicas` each on three nodes, every one behind a Service. */
export function manyBench(count: number, replicas = 3, nodes = 3): Bench {
  const b = bench();
  for (let i = 1; i <= nodes; i++) b.node(`node-${i}`);
  let n = 0;
  for (let i = 0; i < count; i++) {
    const name = names[i] ?? `app-${i}`;
    const deployment = b.deployment(name, replicas);
    const rolling = i === 2;
    const rs = b.replicaSet(deployment, 1, rolling ? replicas - 1 : replicas);
    const members: KubeObject[] = [];
    for (let r = 0; r < (rolling ? replicas - 1 : replicas); r++) {
      const phase = i === 3 && r === 1 ? 'crash' : 'ready';
      const pod = b.pod(rs, suffix(++n), `node-${((i + r) % nodes) + 1}`, phase);
      if (phase === 'ready') members.push(pod);
    }
    if (rolling) {
      const next = b.replicaSet(deployment, 2, 2);
      members.push(b.pod(next, suffix(++n), 'node-1', 'ready'));
      b.pod(next, suffix(++n), 'node-2', 'creating');
    }
    b.service(name, members);
  }
  return b;
}

/** A Deployment of four with an autoscaler that a step limit holds back, and a budget that lets one go. */
export function scaledBench(): Bench {
  const b = bench();
  for (const n of ['node-1', 'node-2', 'node-3']) b.node(n);
  const labels = { app: 'web' };
  const web = b.deployment('web', 4, { template: { metadata: { labels } } });
  const rs = b.replicaSet(web, 1, 4);
  b.service(
    'web',
    [0, 1, 2, 3].map((i) => b.pod(rs, suffix(i), `node-${(i % 3) + 1}`, 'ready')),
  );
  const cpu = (field: string, value: Record<string, unknown>): unknown[] => [
    { type: 'Resource', resource: { name: 'cpu', [field]: value } },
  ];
  b.other('horizontalpodautoscalers.autoscaling', 'HorizontalPodAutoscaler', 'web', {
    spec: {
      minReplicas: 2,
      maxReplicas: 10,
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      metrics: cpu('target', { type: 'Utilization', averageUtilization: 50 }),
    },
    status: {
      currentReplicas: 2,
      desiredReplicas: 4,
      currentMetrics: cpu('current', { averageUtilization: 150 }),
      conditions: [
        { type: 'AbleToScale', status: 'True', reason: 'SucceededRescale' },
        { type: 'ScalingActive', status: 'True', reason: 'ValidMetricFound' },
        { type: 'ScalingLimited', status: 'True', reason: 'ScaleUpLimit' },
      ],
    },
  });
  b.other('poddisruptionbudgets.policy', 'PodDisruptionBudget', 'web', {
    spec: { minAvailable: 3, selector: { matchLabels: labels } },
    status: { currentHealthy: 4, desiredHealthy: 3, disruptionsAllowed: 1 },
  });
  return b;
}

/** A StatefulSet, a DaemonSet, a Job in its middle, and a CronJob with two runs. */
export function jobsBench(): Bench {
  const b = bench();
  const nodes = ['node-1', 'node-2', 'node-3'];
  for (const n of nodes) b.node(n);
  const db = b.other('statefulsets.apps', 'StatefulSet', 'db', { spec: { replicas: 3 } });
  nodes.forEach((node, i) => {
    const pod = b.pod(db, String(i), node, i === 2 ? 'creating' : 'ready');
    (pod['spec'] as { volumes?: unknown }).volumes = [
      { name: 'data', persistentVolumeClaim: { claimName: `data-db-${i}` } },
    ];
    b.other('persistentvolumeclaims', 'PersistentVolumeClaim', `data-db-${i}`, {
      spec: {
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: '1Gi' } },
        ...(i < 2 && { volumeName: `pv-${i}` }),
      },
      status: { phase: i < 2 ? 'Bound' : 'Pending' },
    });
  });
  const agent = b.other('daemonsets.apps', 'DaemonSet', 'agent', { status: { desiredNumberScheduled: 3 } });
  nodes.forEach((node, i) => b.pod(agent, suffix(i), node, 'ready'));
  const pi = b.other('jobs.batch', 'Job', 'pi', {
    spec: { completions: 6, parallelism: 2, backoffLimit: 4 },
    status: { succeeded: 2, active: 1, failed: 1 },
  });
  (['succeeded', 'succeeded', 'ready', 'failed'] as const).forEach((phase, i) =>
    b.pod(pi, suffix(10 + i), nodes[i % 3]!, phase),
  );
  const hello = b.other('cronjobs.batch', 'CronJob', 'hello', {
    spec: { schedule: '*/5 * * * *' },
    status: { lastScheduleTime: timestamp(0), active: [{ name: 'hello-2' }] },
  });
  (['succeeded', 'ready'] as const).forEach((phase, i) => {
    const conditions = i === 0 ? [{ type: 'Complete', status: 'True' }] : [];
    const run = b.other(
      'jobs.batch',
      'Job',
      `hello-${i + 1}`,
      { spec: { completions: 1 }, status: { succeeded: 1 - i, conditions } },
      hello,
    );
    b.pod(run, suffix(20 + i), nodes[i]!, phase);
  });
  return b;
}

/** A gate whose controller stands on node-1, in front of a Deployment on node-2 and node-3. */
export function gateBench(): Bench {
  const b = bench();
  for (const n of ['node-1', 'node-2', 'node-3']) b.node(n);
  const one = (name: string, ...nodes: string[]): KubeObject[] => {
    const rs = b.replicaSet(b.deployment(name, nodes.length), 1, nodes.length);
    return nodes.map((node, i) => b.pod(rs, suffix(name.length + i), node, 'ready'));
  };
  b.service('shop', one('shop', 'node-2', 'node-3'));
  const address = { loadBalancer: { ingress: [{ ip: '203.0.113.1' }] } };
  const entry = b.service('nginx', one('nginx', 'node-1'), { type: 'LoadBalancer' });
  b.add('services', { ...entry, status: address } as unknown as KubeObject);
  const path = { path: '/', backend: { service: { name: 'shop', port: { number: 80 } } } };
  b.other('ingresses.networking.k8s.io', 'Ingress', 'shop', {
    spec: { ingressClassName: 'nginx', rules: [{ host: 'shop.example', http: { paths: [path] } }] },
    status: address,
  });
  return b;
}

/** A node not heard for 190 s beside two healthy ones. */
export function lostBench(): Bench {
  const b = bench(200_000);
  b.node('node-1');
  b.node('node-2', { ready: 'Unknown', taint: 'node.kubernetes.io/unreachable:NoExecute', heardAt: 10_000 });
  b.node('node-3', { cordoned: true });
  const web = b.deployment('web', 6);
  const rs = b.replicaSet(web, 1, 6);
  const tolerations = [
    { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 },
  ];
  const members = [];
  for (const [i, node] of ['node-1', 'node-1', 'node-3', 'node-3'].entries())
    members.push(b.pod(rs, suffix(i), node, 'ready'));
  for (let i = 4; i < 6; i++) {
    const pod = b.pod(rs, suffix(i), 'node-2', 'notready');
    (pod['spec'] as { tolerations?: unknown }).tolerations = tolerations;
  }
  b.service('web', members);
  return b;
}

/** A hundred nodes (or `nodes`) with `perNode` pods each, in the middle of a rolling update through three zones. */
export function bigBench(nodes = 100, perNode = 10): Bench {
  const b = bench();
  const web = b.deployment('web', nodes * perNode);
  const v1 = b.replicaSet(web, 1, 100);
  const v2 = b.replicaSet(web, 2, 100);
  const members: KubeObject[] = [];
  let n = 0;
  for (let i = 1; i <= nodes; i++) {
    const zone = i <= nodes * 0.34 ? 'a' : i <= nodes * 0.67 ? 'b' : 'c';
    b.node(`node-${i}`, { zone, ...(i === 74 && { ready: 'Unknown', heardAt: 10_000 }) });
    const progress = zone === 'a' ? 92 : zone === 'b' ? 48 : 6;
    for (let k = 0; k < perNode; k++) {
      const dice = (++n * 7919) % 100;
      const odd = (n * 104_729) % 100;
      const young = dice < progress;
      const phase: PodPhase =
        zone !== 'b'
          ? 'ready'
          : odd < 12 && young
            ? 'creating'
            : odd < 18 && young
              ? 'notready'
              : odd === 50
                ? 'crash'
                : odd > 96 && !young
                  ? 'terminating'
                  : 'ready';
      const pod = b.pod(young ? v2 : v1, suffix(n), `node-${i}`, phase);
      if (phase === 'ready') members.push(pod);
    }
  }
  b.service('web', members);
  return b;
}
