// What the benches of the core share: a world, its load, CPU time, and the floor to compare with.
import { loadTs } from '../scripts/load-ts.mjs';

const { createWorld } = await loadTs('src/kube/cluster.ts');

/** CPU milliseconds (user and system) that `work` takes. */
export function cpuMs(work) {
  const before = process.cpuUsage();
  const result = work();
  const spent = process.cpuUsage(before);
  return { ms: Math.round((spent.user + spent.system) / 1000), result };
}

/** Manifest of a Deployment of nginx. */
export const deployment = (name, replicas) => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
  replicas: ${replicas}
  selector:
    matchLabels: {app: ${name}}
  template:
    metadata:
      labels: {app: ${name}}
    spec:
      containers:
        - name: web
          image: nginx:1.29
          ports: [{containerPort: 80}]
          resources: {requests: {cpu: 100m, memory: 64Mi}}
`;

/** A cluster with room: 64 CPUs, 256 GiB and 250 pods per node, booted and at rest. */
export function cluster(nodes, seed = 1) {
  const world = createWorld({ seed, nodes, podsPerNode: 250, cpuMilli: 64_000, memoryBytes: 256 * 1024 ** 3 });
  const { kernel } = world;
  const counts = { deeds: 0 };
  kernel.observer = { deed: () => counts.deeds++ };
  kernel.runUntil(10_000);
  const table = (resource) => kernel.state.parts.get('etcd').resources.get(resource) ?? new Map();
  return {
    kernel,
    api: world.api,
    counts,
    table,
    apply(manifest) {
      let outcome;
      const before = kernel.observer;
      kernel.observer = { ...before, observe: (o) => (outcome = o.type === 'result' ? o : outcome) };
      world.input(1, { type: 'kubectl', line: 'apply -f bench.yaml', files: { 'bench.yaml': manifest } });
      kernel.runUntil(kernel.state.now);
      kernel.observer = before;
      if (outcome.exitCode !== 0) throw new Error(outcome.stderr);
    },
    /** Lets time pass until the Deployments report so many ready pods. */
    untilReady(pods, everyMs = 1000, forMs = 1_800_000) {
      const end = kernel.state.now + forMs;
      for (;;) {
        kernel.runUntil(kernel.state.now + everyMs);
        let ready = 0;
        for (const d of table('deployments.apps').values()) ready += d.status?.readyReplicas ?? 0;
        if (ready === pods) return;
        if (kernel.state.now > end) throw new Error(`${ready} of ${pods} pods ready after ${forMs / 1000} s`);
      }
    },
  };
}

/**
 * The least it could cost: as many frozen objects (a pod with a metadata and a status of its own) written to a bare Map,
 * and as many events through a bare heap, as the run had.
 */
export function floorMs({ writes, events, pod }) {
  return cpuMs(() => {
    const map = new Map();
    for (let i = 0; i < writes; i++) {
      const metadata = Object.freeze({ ...pod.metadata, resourceVersion: String(i) });
      map.set(
        `default/pod-${i % 30_000}`,
        Object.freeze({ ...pod, metadata, status: Object.freeze({ ...pod.status }) }),
      );
    }
    const heap = [];
    const before = (a, b) => a.at < b.at || (a.at === b.at && a.seq < b.seq);
    for (let seq = 0; seq < events; seq++) {
      let i = heap.push(null) - 1;
      const item = { at: (seq * 7919) % 60_000, seq };
      for (; i > 0 && before(item, heap[(i - 1) >> 1]); i = (i - 1) >> 1) heap[i] = heap[(i - 1) >> 1];
      heap[i] = item;
      if (heap.length < 1000) continue;
      const last = heap.pop();
      let j = 0;
      for (let c = 1; c < heap.length; c = 2 * j + 1) {
        if (c + 1 < heap.length && before(heap[c + 1], heap[c])) c++;
        if (!before(heap[c], last)) break;
        heap[j] = heap[c];
        j = c;
      }
      heap[j] = last;
    }
    return map.size + heap.length;
  }).ms;
}
