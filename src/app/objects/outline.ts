import type { EndpointSlice, Ingress, Node, Service } from '../../kube/apis/index.ts';
import type { KubeObject } from '../../protocol/index.ts';
import type { Translate } from '../i18n/index.ts';
import { desiredWord, scalerOf } from '../stage/scene-duties.ts';
import { ownerKinds } from '../stage/scene-owners.ts';
import { byName, leafItem, refOf, systemNamespaces, type OutlineItem, type OutlineSource } from './outline-item.ts';
import { customItems, listedItems } from './outline-listed.ts';
import { asPod, podLooks, podState } from './pod-state.ts';

/** More pods than this and nodes start folded: nobody reads a thousand rows. */
const mostUnfolded = 120;

/** node-2 before node-10. */
const naturally = new Intl.Collator('en', { numeric: true });

/** The items of the last build by id: an item that says the same again stays the same object, so that its row is not drawn anew. */
let kept = new Map<string, OutlineItem>();

function settle(items: readonly OutlineItem[], next: Map<string, OutlineItem>): OutlineItem[] {
  return items.map((item) => {
    const children = item.icon in podLooks ? item.children : settle(item.children, next);
    const before = kept.get(item.id);
    const same =
      before !== undefined &&
      before.label === item.label &&
      before.word === item.word &&
      before.open === item.open &&
      before.icon === item.icon &&
      before.children.length === children.length &&
      before.children.every((child, i) => child === children[i]);
    const settled = same ? before : { ...item, children };
    next.set(item.id, settled);
    return settled;
  });
}

/** The word of a node as `kubectl get nodes` prints it. */
export function nodeWord(node: Node): string {
  const ready = node.status?.conditions?.find((c) => c.type === 'Ready')?.status;
  return `${ready === 'True' ? 'Ready' : 'NotReady'}${node.spec?.unschedulable ? ',SchedulingDisabled' : ''}`;
}

const podItems = new WeakMap<object, { t: Translate; item: OutlineItem }>();

function podItem(t: Translate, object: KubeObject, level: number): OutlineItem {
  const known = podItems.get(object);
  if (known?.t === t && known.item.level === level) return known.item;
  const pod = asPod(object);
  const state = podState(pod);
  const word = state.look === 'notready' ? `${state.word} ${state.ready}/${state.containers}` : state.word;
  const node = pod.spec?.nodeName;
  const item: OutlineItem = {
    id: pod.metadata.uid,
    level,
    label: t('outline.pod', { name: pod.metadata.name, node: node ?? t('outline.no-node'), word }),
    name: pod.metadata.name,
    word,
    icon: state.look,
    ref: refOf('pods', object),
    open: false,
    children: (pod.spec?.containers ?? []).map((container) => {
      const status = pod.status?.containerStatuses?.find((c) => c.name === container.name);
      const containerWord = status?.state?.running
        ? 'Running'
        : (status?.state?.waiting?.reason ?? status?.state?.terminated?.reason ?? 'Waiting');
      return {
        id: `${pod.metadata.uid}/${container.name}`,
        level: level + 1,
        label: t('outline.container', {
          name: container.name,
          image: container.image ?? '',
          word: containerWord,
          count: status?.restartCount ?? 0,
        }),
        name: container.name,
        word: containerWord,
        icon: 'container',
        ref: refOf('pods', object),
        children: [],
        open: false,
      };
    }),
  };
  podItems.set(object, { t, item });
  return item;
}

/** Builds the tree: cluster (nodes › pods › containers), workloads, services, what else there is, control plane. */
export function buildOutline(source: OutlineSource, t: Translate): OutlineItem[] {
  const pods = [...source.of('pods').values()].sort(byName);
  const nodes = [...source.of('nodes').values()].sort((a, b) => naturally.compare(a.metadata.name, b.metadata.name));
  const unfolded = pods.length <= mostUnfolded;
  const byNode = new Map<string, KubeObject[]>();
  for (const pod of pods) {
    const node = asPod(pod).spec?.nodeName ?? '';
    const list = byNode.get(node);
    if (list) list.push(pod);
    else byNode.set(node, [pod]);
  }
  const nodeItems = nodes.map((object): OutlineItem => {
    const node = object as unknown as Node;
    const mine = byNode.get(object.metadata.name) ?? [];
    const word = nodeWord(node);
    return {
      id: object.metadata.uid,
      level: 2,
      label: t('outline.node', { name: object.metadata.name, word, count: mine.length }),
      name: object.metadata.name,
      word,
      icon: 'node',
      ref: refOf('nodes', object),
      open: unfolded,
      children: mine.map((pod) => podItem(t, pod, 3)),
    };
  });
  const waiting = (byNode.get('') ?? []).map((pod) => podItem(t, pod, 3));
  if (waiting.length > 0)
    nodeItems.push({
      id: 'waiting',
      level: 2,
      label: t('outline.waiting', { count: waiting.length }),
      name: t('outline.waiting.name'),
      word: String(waiting.length),
      icon: 'group',
      ref: null,
      open: true,
      children: waiting,
    });
  const group = (id: string, name: string, children: OutlineItem[], open = true): OutlineItem => ({
    id,
    level: 1,
    label: t('outline.group', { name, count: children.length }),
    name,
    word: String(children.length),
    icon: 'group',
    ref: null,
    open,
    children,
  });
  const some = (id: string, name: string, children: OutlineItem[]): OutlineItem[] =>
    children.length > 0 ? [group(id, name, children)] : [];
  const next = new Map<string, OutlineItem>();
  const tree = settle(
    [
      group('cluster', t('outline.cluster'), nodeItems),
      group('workloads', t('outline.workloads'), workloadItems(source, t)),
      group('services', t('outline.services'), [...gateItems(source, t), ...serviceItems(source, t)]),
      ...some('rules', t('outline.rules'), ruleItems(source, t)),
      ...some('config', t('outline.config'), listedItems(source, t, 'config')),
      ...some('claims', t('outline.claims'), claimItems(source, t)),
      ...some('access', t('outline.access'), listedItems(source, t, 'access')),
      ...some('custom', t('outline.custom'), customItems(source, t)),
      group('plane', t('outline.plane'), processItems(source, t), false),
    ],
    next,
  );
  kept = next;
  return tree;
}

/** Owners of pods with the owners that they own: Deployments with ReplicaSets, CronJobs with Jobs, and all others. */
function workloadItems(source: OutlineSource, t: Translate): OutlineItem[] {
  const all = new Map<string, { resource: string; object: KubeObject }>();
  for (const { resource } of Object.values(ownerKinds))
    for (const object of [...source.of(resource).values()].sort(byName))
      if (!systemNamespaces.has(object.metadata.namespace ?? '')) all.set(object.metadata.uid, { resource, object });
  const owned = new Map<string, string[]>();
  const free: string[] = [];
  for (const [uid, { object }] of all) {
    const owner = object.metadata.ownerReferences?.find((o) => o.controller)?.uid;
    if (owner === undefined || !all.has(owner)) free.push(uid);
    else owned.set(owner, [...(owned.get(owner) ?? []), uid]);
  }
  const item = (uid: string, level: number): OutlineItem => {
    const { resource, object } = all.get(uid)!;
    const { word, label, icon } = workloadWords(object, t);
    return {
      id: uid,
      level,
      label,
      name: object.metadata.name,
      word,
      icon,
      ref: refOf(resource, object),
      children: (owned.get(uid) ?? []).map((child) => item(child, level + 1)),
      open: true,
    };
  };
  return free.map((uid) => item(uid, 2));
}

function workloadWords(object: KubeObject, t: Translate): Pick<OutlineItem, 'word' | 'label' | 'icon'> {
  const { kind } = object;
  const { name } = object.metadata;
  const spec = (object['spec'] ?? {}) as Record<string, unknown>;
  const status = (object['status'] ?? {}) as Record<string, unknown>;
  if (kind === 'CronJob') {
    const word = spec['suspend'] ? 'Suspended' : String(spec['schedule'] ?? '');
    return { word, label: t('outline.cronjob', { name, word }), icon: 'cronjob' };
  }
  if (kind === 'Job') {
    const done = Number(status['succeeded'] ?? 0);
    const of = Number(spec['completions'] ?? 1);
    return { word: `${done}/${of}`, label: t('outline.job', { name, done, of }), icon: 'job' };
  }
  const ready = Number(status['readyReplicas'] ?? status['numberReady'] ?? 0);
  const desired = Number(status['desiredNumberScheduled'] ?? spec['replicas'] ?? 0);
  return {
    word: `${ready}/${desired}`,
    label: t('outline.workload', { kind, name, ready, desired }),
    icon: kind === 'ReplicaSet' ? 'replicaset' : 'deployment',
  };
}

/** What watches over others: autoscalers, disruption budgets, network policies. */
const ruleKinds = [
  { resource: 'horizontalpodautoscalers.autoscaling', icon: 'scaler' },
  { resource: 'poddisruptionbudgets.policy', icon: 'budget' },
  { resource: 'networkpolicies.networking.k8s.io', icon: 'policy' },
] as const;

/** `2 → 4`; before the first metric nobody knows what it wants: `2 → ?`. */
function scalerWord(object: KubeObject): string {
  const scaler = scalerOf(object);
  return `${scaler.current} → ${desiredWord(scaler)}`;
}

function ruleItems(source: OutlineSource, t: Translate): OutlineItem[] {
  return ruleKinds.flatMap(({ resource, icon }) =>
    [...source.of(resource).values()].sort(byName).map((object): OutlineItem => {
      const status = (object['status'] ?? {}) as Record<string, unknown>;
      const word =
        icon === 'scaler'
          ? scalerWord(object)
          : icon === 'budget'
            ? String(Number(status['disruptionsAllowed'] ?? 0))
            : '';
      const label = t('outline.rule', { kind: object.kind, name: object.metadata.name, word });
      return leafItem(resource, object, { level: 2, label, word, icon });
    }),
  );
}

function claimItems(source: OutlineSource, t: Translate): OutlineItem[] {
  return [...source.of('persistentvolumeclaims').values()].sort(byName).map((object): OutlineItem => {
    const { name } = object.metadata;
    const word = String((object['status'] as { phase?: string } | undefined)?.phase ?? '');
    return {
      id: object.metadata.uid,
      level: 2,
      label: t('outline.rule', { kind: 'PersistentVolumeClaim', name, word }),
      name,
      word,
      icon: 'claim',
      ref: refOf('persistentvolumeclaims', object),
      children: [],
      open: false,
    };
  });
}

function gateItems(source: OutlineSource, t: Translate): OutlineItem[] {
  return [...source.of('ingresses.networking.k8s.io').values()].sort(byName).map((object): OutlineItem => {
    const ingress = object as unknown as Ingress;
    const { name } = object.metadata;
    const hosts = (ingress.spec?.rules ?? []).map((r) => r.host ?? '*').join(', ');
    return {
      id: object.metadata.uid,
      level: 2,
      label: t('outline.rule', { kind: 'Ingress', name, word: hosts }),
      name,
      word: hosts,
      icon: 'gate',
      ref: refOf('ingresses.networking.k8s.io', object),
      children: [],
      open: false,
    };
  });
}

function serviceItems(source: OutlineSource, t: Translate): OutlineItem[] {
  const ready = new Map<string, number>();
  for (const object of source.of('endpointslices.discovery.k8s.io').values()) {
    const slice = object as unknown as EndpointSlice;
    const service = `${object.metadata.namespace}/${object.metadata.labels?.['kubernetes.io/service-name'] ?? ''}`;
    const count = slice.endpoints?.filter((e) => e.conditions?.ready !== false).length ?? 0;
    ready.set(service, (ready.get(service) ?? 0) + count);
  }
  return [...source.of('services').values()]
    .filter((s) => !systemNamespaces.has(s.metadata.namespace ?? '') && !isApiService(s))
    .sort(byName)
    .map((object): OutlineItem => {
      const service = object as unknown as Service;
      const count = ready.get(`${object.metadata.namespace}/${object.metadata.name}`) ?? 0;
      return {
        id: object.metadata.uid,
        level: 2,
        label: t('outline.service', { name: object.metadata.name, address: service.spec?.clusterIP ?? '', count }),
        name: object.metadata.name,
        word: String(count),
        icon: 'service',
        ref: refOf('services', object),
        children: [],
        open: false,
      };
    });
}

/** The `kubernetes` service that every cluster has of itself. */
const isApiService = (s: KubeObject): boolean => s.metadata.namespace === 'default' && s.metadata.name === 'kubernetes';

const processes = ['kube-apiserver', 'kube-scheduler', 'kube-controller-manager'] as const;

function processItems(source: OutlineSource, t: Translate): OutlineItem[] {
  return processes.map((name) => {
    const stopped = source.stopped.includes(name);
    const word = t(stopped ? 'outline.stopped' : 'outline.running');
    return {
      id: `process:${name}`,
      level: 2,
      label: `${name}, ${word}`,
      name,
      word,
      icon: 'process',
      ref: { resource: 'processes', key: name, uid: `process/${name}` },
      children: [],
      open: false,
    };
  });
}

/** The rows that are visible with these folds: id → unfolded, where it differs from the item's own wish. */
export function visibleRows(
  items: readonly OutlineItem[],
  folds: ReadonlyMap<string, boolean>,
): { item: OutlineItem; parent: string | null; position: number; siblings: number }[] {
  const rows: { item: OutlineItem; parent: string | null; position: number; siblings: number }[] = [];
  const walk = (list: readonly OutlineItem[], parent: string | null): void => {
    list.forEach((item, i) => {
      rows.push({ item, parent, position: i + 1, siblings: list.length });
      if (item.children.length > 0 && (folds.get(item.id) ?? item.open)) walk(item.children, item.id);
    });
  };
  walk(items, null);
  return rows;
}
