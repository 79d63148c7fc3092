import { controllerOf, Unreachable, type KubeObject } from '../../kube/apimachinery/index.ts';
import type {
  DaemonSet,
  Deployment,
  Node,
  Pod,
  ReplicaSet,
  ReplicationController,
  StatefulSet,
} from '../../kube/apis/index.ts';
import { createClient } from '../../kube/client/index.ts';
import type { ResourceKey } from '../../kube/apis/index.ts';
import type { World } from '../../kube/cluster.ts';
import type { Fault } from '../../kube/inputs.ts';
import { goodImages, type PodTemplate } from './choose.ts';
import { machinesIn, table } from './stored.ts';
import { healJobs, jobUnrest } from './jobs.ts';
import { healedNode } from './nodes.ts';
import { healQuotas, quotaUnrest } from './quotas.ts';

/** Undoes every fault, stops traffic, uncordons machines, deletes what nobody owns, and gives every Deployment something that can run and has room. */
export function healEverything(world: World, step: () => void): void {
  const { kernel, api } = world;
  const { state, context: ctx } = kernel;
  const pass = (ms: number): void => {
    const until = state.now + ms;
    while (kernel.nextAt() <= until) step();
  };
  // The last act may be a fault that has not struck yet.
  pass(0);
  const faults: Fault[] = [];
  const { nodes, stopped } = machinesIn(state);
  for (const process of stopped) faults.push({ fault: 'process-start', process: process as 'kube-apiserver' });
  for (const machine of nodes.values()) {
    if (machine.cut) faults.push({ fault: 'node-reconnect', node: machine.name });
    if (!machine.up) faults.push({ fault: 'node-start', node: machine.name });
    else if (!table(state, 'nodes').has(machine.name)) {
      // A kubelet registers when it starts: a deleted Node comes back with its machine.
      faults.push({ fault: 'node-crash', node: machine.name }, { fault: 'node-start', node: machine.name });
    }
  }
  for (const image of goodImages) faults.push({ fault: 'image-heal', image });
  for (const pod of table<Pod>(state, 'pods').values())
    faults.push({ fault: 'container-heal', namespace: pod.metadata.namespace!, pod: pod.metadata.name! });
  for (const fault of faults) world.input(0, { type: 'fault', fault });
  for (const name of ['users', 'bots'])
    world.input(0, {
      type: 'traffic',
      source: { name, url: 'http://web', rps: 0, from: 'outside', timeoutMs: 1000 },
    });
  pass(0);
  ctx.cause = 0;
  ctx.cause = ctx.record({ by: 'you', code: 'input.kubectl', params: { line: 'heal' } });
  const client = createClient(api, 'you');
  for (const node of table<Node>(state, 'nodes').values()) {
    const healed = healedNode(node);
    if (healed) client.update(ctx, 'nodes', healed);
  }
  for (const set of table<ReplicaSet>(state, 'replicasets.apps').values())
    if (!controllerOf(set)) client.delete(ctx, 'replicasets.apps', set.metadata.name, set.metadata.namespace);
  for (const pod of table<Pod>(state, 'pods').values())
    if (pod.metadata.finalizers?.length)
      client.update(ctx, 'pods', { ...pod, metadata: { ...pod.metadata, finalizers: [] } });
  for (const pod of table<Pod>(state, 'pods').values())
    if (!controllerOf(pod)) client.delete(ctx, 'pods', pod.metadata.name, pod.metadata.namespace);
  // Those that cannot read their metrics would say so for ever.
  for (const { metadata } of table<KubeObject>(state, 'horizontalpodautoscalers.autoscaling').values())
    client.delete(ctx, 'horizontalpodautoscalers.autoscaling', metadata.name, metadata.namespace);
  healQuotas(state, {
    remove: (resource, { metadata }) => client.delete(ctx, resource, metadata.name, metadata.namespace),
    patch(resource, { metadata }, body) {
      const { name, namespace } = metadata;
      try {
        client.patch(ctx, resource as ResourceKey, name, namespace, { type: 'merge', body });
      } catch (error) {
        if (error instanceof Unreachable) throw error;
      }
    },
    wait: () => pass(50),
  });
  healWorkloads(state, (resource, object) => {
    try {
      client.update(ctx, resource, object as never);
    } catch (error) {
      if (error instanceof Unreachable) throw error;
    }
  });
  healJobs(state, (resource, name, namespace, spec) => {
    try {
      client.patch(ctx, resource, name, namespace, { type: 'merge', body: { spec } });
    } catch (error) {
      if (error instanceof Unreachable) throw error;
    }
  });
  // A StatefulSet waits for a pod that never becomes ready, also when its template is a better one since, and a
  // ReplicationController keeps the pods it has: once they know the better one, their pods are taken away.
  pass(1000);
  for (const pod of table<Pod>(state, 'pods').values())
    if (renewed.has(controllerOf(pod)?.kind ?? '') && !pod.metadata.deletionTimestamp)
      client.delete(ctx, 'pods', pod.metadata.name, pod.metadata.namespace);
  for (const deployment of table<Deployment>(state, 'deployments.apps').values()) {
    if (deployment.metadata.deletionTimestamp) continue;
    const spec = deployment.spec!;
    const template = healthy(spec.template);
    // Two ReplicaSets with pods, a new size and Recreate: Kubernetes itself takes every round for a scaling and never moves.
    const active = [...table<ReplicaSet>(state, 'replicasets.apps').values()].filter(
      (set) => controllerOf(set)?.uid === deployment.metadata.uid && set.spec?.replicas,
    );
    // One that was scaled behind its back to just the new size: the same.
    const size = Math.min(spec.replicas ?? 1, 3);
    const desired = active[0]?.metadata.annotations?.['deployment.kubernetes.io/desired-replicas'];
    const trapped = active[0]?.spec?.replicas === size && desired !== String(size);
    const replicas = trapped ? size + 1 : size;
    const strategy = active.length > 1 ? { type: 'RollingUpdate' } : spec.strategy;
    try {
      client.update(ctx, 'deployments.apps', {
        ...deployment,
        spec: { ...spec, paused: false, strategy, replicas, template },
      });
    } catch (error) {
      if (error instanceof Unreachable) throw error;
    }
  }
}

/** The template with images that run and without what it reads: that need not be there. */
function healthy(template: PodTemplate): PodTemplate {
  const { volumes: _, ...spec } = template.spec!;
  const containers = spec.containers.map(({ envFrom: __, volumeMounts: ___, ...c }) =>
    (goodImages as readonly string[]).includes(c.image!) ? c : { name: c.name, image: goodImages[0] },
  );
  return { ...template, spec: { ...spec, containers } };
}

const asksForNothing = (template: PodTemplate): PodTemplate => ({
  ...template,
  spec: { ...template.spec, containers: template.spec!.containers.map((c) => ({ ...c, resources: {} })) },
});

const renewed: ReadonlySet<string> = new Set(['StatefulSet', 'ReplicationController']);

/** Gives StatefulSets, DaemonSets and ReplicationControllers something that can run, has room and is rolled out. */
function healWorkloads(
  state: World['kernel']['state'],
  update: (resource: ResourceKey, object: KubeObject) => void,
): void {
  type Workload = StatefulSet | DaemonSet | ReplicationController;
  for (const resource of ['statefulsets.apps', 'daemonsets.apps', 'replicationcontrollers'] as const)
    for (const object of table<Workload>(state, resource).values()) {
      if (object.metadata.deletionTimestamp) continue;
      const { replicas, ...spec } = object.spec as NonNullable<StatefulSet['spec']>;
      // Without a partition Kubernetes makes pods of the current revision again, however bad it is.
      const rollingUpdate = resource === 'statefulsets.apps' ? { partition: 0 } : { maxUnavailable: 1 };
      const rolled = resource !== 'replicationcontrollers' && {
        updateStrategy: { type: 'RollingUpdate', rollingUpdate },
      };
      const size = replicas !== undefined && { replicas: Math.min(replicas, 2) };
      const template = healthy(spec.template);
      // A DaemonSet has to find room on each machine, however full the others have left it.
      const roomy = resource === 'daemonsets.apps' ? asksForNothing(template) : template;
      const next = { ...spec, ...rolled, ...size, template: roomy };
      update(resource, { ...object, spec: next } as never);
    }
}

/** What has not come to rest: incomplete Deployments, pods and namespaces that will not go, containers nobody knows of. */
export function unrest({ kernel: { state } }: World): string[] {
  const found: string[] = [];
  for (const [key, { metadata, spec, status = {} }] of table<Deployment>(state, 'deployments.apps')) {
    const want = spec?.replicas ?? 1;
    if (metadata.deletionTimestamp) found.push(`deployment ${key} is still being deleted`);
    else if (
      status.observedGeneration !== metadata.generation ||
      (status.updatedReplicas ?? 0) !== want ||
      (status.availableReplicas ?? 0) !== want ||
      (status.replicas ?? 0) !== want
    )
      found.push(
        `deployment ${key} wants ${want} and has ${JSON.stringify({ ...status, conditions: undefined })}, generation ${metadata.generation}`,
      );
  }
  found.push(...workloadUnrest(state), ...jobUnrest(state), ...quotaUnrest(state));
  for (const [key, set] of table<ReplicaSet>(state, 'replicasets.apps'))
    if ((set.status?.replicas ?? 0) !== (set.spec?.replicas ?? 1))
      found.push(`replicaset ${key} wants ${set.spec?.replicas} and has ${set.status?.replicas}`);
  for (const [key, pod] of table<Pod>(state, 'pods'))
    if (pod.metadata.deletionTimestamp) found.push(`pod ${key} is still terminating on ${pod.spec?.nodeName}`);
  for (const [key, namespace] of table<KubeObject>(state, 'namespaces'))
    if (namespace.metadata.deletionTimestamp) found.push(`namespace ${key} is still terminating`);
  for (const [key, node] of table<Node>(state, 'nodes')) {
    const ready = node.status?.conditions?.find((c) => c.type === 'Ready')?.status;
    if (ready !== 'True') found.push(`node ${key} is Ready=${ready}`);
    if (node.spec?.taints?.length) found.push(`node ${key} has taints ${JSON.stringify(node.spec.taints)}`);
  }
  found.push(...strayContainers(state), ...networkLeftovers(state));
  return found;
}

function workloadUnrest(state: World['kernel']['state']): string[] {
  const found: string[] = [];
  for (const [key, { metadata, spec, status }] of table<StatefulSet>(state, 'statefulsets.apps')) {
    const {
      replicas,
      readyReplicas = 0,
      updatedReplicas = 0,
      observedGeneration,
      currentRevision,
      updateRevision,
    } = status!;
    const counts = [replicas, readyReplicas, updatedReplicas];
    const whole = observedGeneration === metadata.generation && currentRevision === updateRevision;
    if (!whole || counts.some((count) => count !== spec?.replicas))
      found.push(`statefulset ${key} wants ${spec?.replicas} and has ${JSON.stringify(status)}`);
  }
  for (const [key, { metadata, status }] of table<DaemonSet>(state, 'daemonsets.apps')) {
    const { desiredNumberScheduled: desired, currentNumberScheduled, numberMisscheduled, ...more } = status!;
    const counts = [currentNumberScheduled, more.numberAvailable ?? 0, more.updatedNumberScheduled ?? 0];
    const whole = more.observedGeneration === metadata.generation && numberMisscheduled === 0;
    if (!whole || counts.some((count) => count !== desired))
      found.push(`daemonset ${key} has ${JSON.stringify(status)}, generation ${metadata.generation}`);
  }
  for (const [key, { spec, status }] of table<ReplicationController>(state, 'replicationcontrollers'))
    if (status?.replicas !== spec?.replicas)
      found.push(`replicationcontroller ${key} wants ${spec?.replicas} and has ${JSON.stringify(status)}`);
  return found;
}

interface RuntimeView {
  readonly sandboxes: ReadonlyMap<string, { readonly ip: string }>;
}

/** Sandboxes without a pod, and running pods without a sandbox. */
function strayContainers(state: World['kernel']['state']): string[] {
  const found: string[] = [];
  const pods = new Map([...table<Pod>(state, 'pods').values()].map((p) => [p.metadata.uid, p]));
  const seen = new Set<string>();
  for (const machine of machinesIn(state).nodes.values()) {
    const runtime = state.parts.get(`runtime/${machine.name}`) as RuntimeView | undefined;
    for (const [uid, { ip }] of runtime?.sandboxes ?? []) {
      seen.add(uid);
      const pod = pods.get(uid);
      if (pod?.spec?.nodeName !== machine.name)
        found.push(`${machine.name} runs a sandbox ${ip} of a pod that is gone`);
      else if (pod.status?.phase === 'Running' && pod.status.podIP !== ip)
        found.push(`pod ${pod.metadata.name} says ${pod.status.podIP}, its sandbox has ${ip}`);
    }
  }
  for (const [uid, pod] of pods)
    if (pod.status?.phase === 'Running' && !seen.has(uid))
      found.push(`pod ${pod.metadata.name} is Running without a sandbox`);
  return found;
}

/** Open connections and addresses of pods that are gone. */
function networkLeftovers(state: World['kernel']['state']): string[] {
  const network = state.parts.get('network') as {
    readonly open: ReadonlyMap<number, unknown>;
    readonly pods: ReadonlyMap<string, { readonly podUid: string; readonly ref: string }>;
  };
  const uids = new Set([...table<Pod>(state, 'pods').values()].map((p) => p.metadata.uid));
  const stale = [...network.pods].filter(([, pod]) => !uids.has(pod.podUid)).map(([ip, pod]) => `${ip} of ${pod.ref}`);
  return [
    ...(network.open.size > 50 ? [`${network.open.size} connections are open`] : []),
    ...stale.map((address) => `address ${address} outlives its pod`),
  ];
}
