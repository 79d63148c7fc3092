import { matchesLabels, parseSelector, type KubeObject } from '../kube/apimachinery/index.ts';
import type { Deployment, EndpointSlice, Node, Pod } from '../kube/apis/index.ts';
import type { Session } from '../session/index.ts';

/** All stored objects of a resource, as the API server holds them now. */
export function stored<T>(session: Session, resource: string): T[] {
  const etcd = session.world.kernel.state.parts.get('etcd') as { resources: Map<string, Map<string, KubeObject>> };
  return [...(etcd.resources.get(resource)?.values() ?? [])] as T[];
}

/** Pods of a label selector (`app=web,tier in (a)`); every pod for an empty one. */
export const podsOf = (session: Session, selector: string): Pod[] => {
  const requirements = parseSelector(selector);
  return stored<Pod>(session, 'pods').filter((pod) => matchesLabels(requirements, pod.metadata.labels));
};

/** True when the pod's Ready condition holds. */
export const isReady = (pod: Pod): boolean =>
  pod.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') === true;

/** Requests of a source that ended in [from, to), milliseconds. */
function requests(session: Session, source: string, wanted: boolean): number {
  return (session.history.traffic.get(source) ?? []).reduce((sum, s) => sum + (wanted ? s.ok : s.failed), 0);
}

/** What a transcript may measure: `ready(app=web)`, `failed(users)`. Counts at the present moment unless said otherwise. */
export const measures: Readonly<Record<string, (session: Session, argument: string) => number>> = {
  /** Ready pods that are not being deleted. */
  ready: (s, a) => podsOf(s, a).filter((p) => isReady(p) && !p.metadata.deletionTimestamp).length,
  /** Pods that are not being deleted. */
  pods: (s, a) => podsOf(s, a).filter((p) => !p.metadata.deletionTimestamp).length,
  terminating: (s, a) => podsOf(s, a).filter((p) => p.metadata.deletionTimestamp).length,
  restarts: (s, a) =>
    podsOf(s, a).reduce(
      (sum, p) => sum + (p.status?.containerStatuses ?? []).reduce((n, c) => n + c.restartCount, 0),
      0,
    ),
  /** Ready endpoints of a Service of namespace default (or `ns/name`). */
  endpoints: (s, a) =>
    stored<EndpointSlice>(s, 'endpointslices.discovery.k8s.io')
      .filter(
        (slice) =>
          `${slice.metadata.namespace}/${slice.metadata.labels?.['kubernetes.io/service-name']}` ===
          (a.includes('/') ? a : `default/${a}`),
      )
      .reduce((sum, slice) => sum + (slice.endpoints ?? []).filter((e) => e.conditions?.ready).length, 0),
  /** `skew(app=web by zone)`: how far the fullest domain of a topology key is ahead of the emptiest. */
  skew: (s, a) => {
    const [selector = '', key = ''] = a.split(' by ');
    const domains = new Map<string, number>();
    for (const node of stored<Node>(s, 'nodes')) {
      const value = node.metadata.labels?.[key];
      if (value !== undefined) domains.set(value, domains.get(value) ?? 0);
    }
    for (const pod of podsOf(s, selector)) {
      const node = stored<Node>(s, 'nodes').find((n) => n.metadata.name === pod.spec?.nodeName);
      const value = node?.metadata.labels?.[key];
      if (value !== undefined && !pod.metadata.deletionTimestamp) domains.set(value, domains.get(value)! + 1);
    }
    return domains.size === 0 ? 0 : Math.max(...domains.values()) - Math.min(...domains.values());
  },
  readyNodes: (s) =>
    stored<Node>(s, 'nodes').filter((n) => n.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True'))
      .length,
  /** Requests of a traffic source since the beginning. */
  ok: (s, a) => requests(s, a, true),
  failed: (s, a) => requests(s, a, false),
  /** 1 when the Deployment's rollout is complete as `kubectl rollout status` sees it. */
  rolledOut: (s, a) => {
    const d = stored<Deployment>(s, 'deployments.apps').find((o) => o.metadata.name === a);
    const { replicas = 0, updatedReplicas = 0, availableReplicas = 0, observedGeneration = 0 } = d?.status ?? {};
    const want = d?.spec?.replicas ?? 1;
    return d &&
      observedGeneration >= (d.metadata.generation ?? 0) &&
      updatedReplicas >= want &&
      replicas <= updatedReplicas &&
      availableReplicas >= updatedReplicas
      ? 1
      : 0;
  },
};

/** A condition such as `ready(app=web) >= 8`, parsed. */
export interface Condition {
  readonly text: string;
  holds(session: Session): boolean;
  value(session: Session): number;
}

const comparisons: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '>=': (a, b) => a >= b,
  '<=': (a, b) => a <= b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '>': (a, b) => a > b,
  '<': (a, b) => a < b,
};

/** Parses `measure(argument) op number`; throws with the text when it is none. */
export function parseCondition(text: string): Condition {
  const match = /^(\w+)(?:\(([^)]*(?:\([^)]*\))?[^)]*)\))?\s*(>=|<=|==|!=|>|<)\s*(-?[\d.]+)$/.exec(text.trim());
  const measure = match && Object.hasOwn(measures, match[1]!) ? measures[match[1]!] : undefined;
  if (!match || !measure) throw new Error(`not a condition: ${text}`);
  const argument = match[2] ?? '';
  const compare = comparisons[match[3]!]!;
  const bound = Number(match[4]);
  return {
    text: text.trim(),
    value: (session) => measure(session, argument),
    holds: (session) => compare(measure(session, argument), bound),
  };
}

/** Milliseconds of `30s`, `2m`, `500ms`, `1h`, `1m30s`. */
export function parseDuration(text: string): number {
  const units: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
  const parts = [...text.trim().matchAll(/([\d.]+)(ms|s|m|h)/g)];
  if (parts.length === 0 || parts.map((p) => p[0]).join('') !== text.trim()) throw new Error(`not a duration: ${text}`);
  return parts.reduce((sum, [, n, unit]) => sum + Number(n) * units[unit!]!, 0);
}
