/** Clusters that the tests of the stage look at. */
import { timestamp, type KubeObject } from '../../kube/apimachinery/index.ts';
import { bench, suffix, type Bench, type PodPhase } from './fixtures.ts';

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
