import type { Context, KernelEvent } from '../../kernel/index.ts';
import type { Pod } from '../apis/index.ts';
import { createClient, emptyEvents, isWatchEvent, openCache, updateCaches, type Client } from '../client/index.ts';
import { machineName } from '../machines.ts';
import type { Net } from '../network/index.ts';
import type { Api, Process } from '../process.ts';
import type { BehaviourChanged, ContainerExited, ContainerInfo, Cri, ImagePulled } from '../runtime/cri.ts';
import { answered } from './answers.ts';
import { recordOf, type Kubelet, type KubeletMemory } from './memory.ts';
import { reportImages } from './node-images.ts';
import { keepLease, register, reportReturn } from './node.ts';
import { addPod, containerExited, deadline, finishStep, removePod, sync, updatePod } from './podworker.ts';
import { imagePulled } from './pulls.ts';
import { runProbe, wakeProbes } from './probes.ts';
import { removeObject } from './removal.ts';
import { flush } from './status-writer.ts';
import { sourceEvent } from './source-watch.ts';
import { refresh } from './volume-refresh.ts';

/**
 * The kubelet of one machine, at `kubelet/<node>`: registers the node, watches the pods bound to it, and runs one
 * worker per pod against the container runtime.
 *
 * Kubernetes: pkg/kubelet.
 */
export function kubelet(api: Api, cri: Cri, net: Net): Process<KubeletMemory> {
  const clients = new Map<string, Client>(); // clients hold no state
  const open = (ctx: Context, address: string, memory: KubeletMemory): Kubelet => {
    let client = clients.get(address);
    if (!client) clients.set(address, (client = createClient(api, address)));
    return { ctx, node: machineName(address), address, memory, client, api, cri, net };
  };
  return {
    name: 'kubelet',
    start(ctx, address) {
      const memory: KubeletMemory = {
        caches: new Map(),
        workers: new Map(),
        reserved: { cpuMilli: 0, memoryBytes: 0, pods: 0 },
        pulls: [],
        pullBackoff: new Map(),
        events: emptyEvents(),
        sources: new Map(),
        known: new Map(),
        services: new Map(),
        newImages: new Map(),
        waiting: new Map(),
        serial: 0,
        connected: false,
      };
      const k = open(ctx, address, memory);
      if (!register(k)) ctx.after(registerRetryMs, address, 'register');
      openCache(ctx, api, address, memory.caches, {
        resource: 'pods',
        fieldSelector: `spec.nodeName=${k.node}`,
      });
      return memory;
    },
    handle: (ctx, event, memory) => handle(open(ctx, event.to, memory), event),
  };
}

/** Between tries to register. Kubernetes: registerWithAPIServer starts at 100 ms and doubles up to 7 s. */
const registerRetryMs = 7000;

interface PodEvent {
  readonly uid: string;
  readonly at: number;
  readonly serial: number;
  readonly container: string;
  readonly type: 'readiness' | 'liveness' | 'startup';
}

function handle(k: Kubelet, event: KernelEvent): void {
  const { ctx, memory } = k;
  if (isWatchEvent(event)) {
    watched(k, event);
    return;
  }
  const payload = event.payload as PodEvent;
  const w = memory.workers.get(payload?.uid ?? '');
  switch (event.type) {
    case 'sync':
      if (w?.syncAt !== payload.at) return;
      w.syncAt = 0;
      sync(k, w);
      return;
    case 'step':
      if (w) finishStep(k, w, payload.serial);
      return;
    case 'status':
      if (w) flush(k, w);
      return;
    case 'probe': {
      const record = w && recordOf(w, payload.container);
      if (record) runProbe(k, w, record, payload.type, payload.at);
      return;
    }
    case 'refresh':
      if (w) refresh(k, w);
      return;
    case 'deadline':
      if (w) deadline(k, w);
      return;
    case 'image-pulled':
      imagePulled(k, event.payload as ImagePulled);
      return;
    case 'container-exited': {
      const exit = event.payload as ContainerExited;
      const owner = memory.workers.get(exit.podUid);
      if (owner) containerExited(k, owner, exit);
      return;
    }
    case 'behaviour-changed': {
      const change = event.payload as BehaviourChanged;
      const owner = memory.workers.get(change.podUid);
      const record = owner && recordOf(owner, change.container);
      if (record) wakeProbes(k, owner, record);
      return;
    }
    case 'exec-done':
    case 'response':
    case 'slept':
      answered(k, event);
      return;
    case 'source-retry':
      sourceEvent(k, event.type, event.payload as { key: string });
      return;
    case 'images':
      reportImages(k);
      return;
    case 'register':
      if (!register(k)) ctx.after(registerRetryMs, k.address, 'register');
      return;
    case 'renew-lease':
      keepLease(k);
      return;
    case 'reconnected':
      returned(k);
  }
}

/** Pods of this node have changed, or a mounted ConfigMap or Secret. */
function watched(k: Kubelet, event: KernelEvent): void {
  const { ctx, memory, api, address } = k;
  const payload = event.payload as { resource: string; stream: number };
  if (payload.resource !== 'pods') {
    sourceEvent(k, event.type, payload);
    return;
  }
  const cache = memory.caches.get('pods')!;
  const before = cache.synced && cache.seen === null;
  let containers: Map<string, ContainerInfo[]> | null = null;
  const running = (uid: string): readonly ContainerInfo[] => {
    if (!containers) {
      containers = new Map();
      for (const info of k.cri.list(ctx, k.node)) {
        const list = containers.get(info.podUid);
        if (list) list.push(info);
        else containers.set(info.podUid, [info]);
      }
    }
    return containers.get(uid) ?? none;
  };
  updateCaches(ctx, api, address, memory.caches, event, (change) => {
    const pod = change.object as unknown as Pod;
    const w = memory.workers.get(pod.metadata.uid);
    if (change.type === 'DELETED') {
      if (w) {
        w.pod = pod;
        removePod(k, w);
      }
    } else if (w) updatePod(k, w, pod);
    else addPod(k, pod, pod.status?.startTime ? running(pod.metadata.uid) : none);
  });
  if (!before && cache.synced && cache.seen === null) {
    if (memory.connected) returned(k);
    else endOrphans(k);
    memory.connected = true;
  }
}
const none: readonly ContainerInfo[] = [];

/** Containers of pods that were deleted while this kubelet was down are killed. */
function endOrphans(k: Kubelet): void {
  const uids = new Set<string>();
  for (const info of k.cri.list(k.ctx, k.node)) if (!k.memory.workers.has(info.podUid)) uids.add(info.podUid);
  for (const uid of uids) k.cri.removeSandbox(k.ctx, k.node, uid);
}

/** The API server is in reach again: lease, node status, and all that could not be sent. */
function returned(k: Kubelet): void {
  reportReturn(k);
  for (const w of k.memory.workers.values()) {
    if (!w.unsent) continue;
    flush(k, w);
    if (w.finished && w.pod.metadata.deletionTimestamp) removeObject(k, w);
  }
}
