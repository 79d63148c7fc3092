import { ApiError, equal, splitKey, Unreachable } from '../../apimachinery/index.ts';
import { kinds, type HorizontalPodAutoscaler } from '../../apis/index.ts';
import { fullBehavior } from '../../apis/autoscaling/horizontalpodautoscaler.ts';
import type { AnyKind } from '../../apis/kind.ts';
import { cached, type Change } from '../../client/index.ts';
import type { Why } from '../../deeds.ts';
import { ownMemory, requeue, tell, type Control, type Controller } from '../controller.ts';
import { kindIn } from '../custom-kinds.ts';
import { isSettled, type Past } from './behavior.ts';
import { outcomeOf, usageOf, type Usage } from './metrics.ts';
import { plan, refused, tolerancesOf, withoutTarget, type Findings, type Plan, type Scale, type Told } from './plan.ts';
import { nextRegrouping } from './replicas.ts';
import {
  autoscalersOf,
  controllingAutoscalers,
  emptySelection,
  forget,
  podChanged,
  podsOf,
  use,
  type Selection,
} from './selection.ts';

/** Every autoscaler is looked at once in 15 s, for the first time 15 s after it was made. */
const syncMs = 15_000;
/** From an autoscaler's turn to its sync: one item of the work queue. */
const turnMs = 1;
const component = 'horizontal-pod-autoscaler';
const resource = 'horizontalpodautoscalers.autoscaling';

/** What the controller remembers about one autoscaler beside its object. */
interface Entry {
  /** Time of its first sync, modulo 15 s. */
  readonly phase: number;
  past: Past;
  /** The deed that its syncs follow from: the last change of its spec. */
  cause: number;
  /**
   * Set while it is left alone, because nothing that a sync looks at can change without the controller hearing of it: since when,
   * and what the metrics ask for. The syncs that are left out would have found the same.
   */
  resting: { readonly since: number; readonly wanted: number | undefined } | null;
}

interface Memory {
  readonly entries: Map<string, Entry>;
  readonly selection: Selection;
}

const nothing: Past = Object.freeze({ recommendations: [], ups: [], downs: [] });

/** Puts an autoscaler's next sync at its next turn. */
function schedule(c: Control, key: string, { phase }: Entry): void {
  const ahead = syncMs - ((((c.ctx.now - phase) % syncMs) + syncMs) % syncMs);
  requeue(c, key, ahead);
}

/** Ends a rest: the syncs that were left out are noted as far as a later one asks about them. */
function wakeUp(c: Control, key: string): void {
  const entry = ownMemory<Memory>(c).entries.get(key);
  if (!entry?.resting) return;
  const { since, wanted } = entry.resting;
  entry.resting = null;
  const passed = (c.ctx.now - since) % syncMs;
  // A turn that is just now has not been left out.
  const last = c.ctx.now - (passed === 0 ? syncMs : passed);
  if (wanted !== undefined && last > since) {
    const recommendations = Object.freeze([{ replicas: wanted, at: last + turnMs }]);
    entry.past = { ...entry.past, recommendations };
  }
  if (passed === 0) requeue(c, key);
  else schedule(c, key, entry);
}

/** An autoscaler came, changed or went. */
function autoscalerChanged(c: Control, { type, key, object, old }: Change): void {
  const { entries, selection } = ownMemory<Memory>(c);
  if (type === 'DELETED') {
    entries.delete(key);
    forget(selection, key);
    return;
  }
  const entry = entries.get(key);
  if (!entry) {
    const made: Entry = { phase: c.ctx.now % syncMs, past: nothing, cause: c.ctx.cause, resting: null };
    entries.set(key, made);
    requeue(c, key, syncMs);
  } else if (!old || !equal(old['spec'], object['spec'])) {
    entry.cause = c.ctx.cause;
    wakeUp(c, key);
  }
}

/** Wakes the autoscalers of a target whose number of replicas or selector may have changed. */
function targetChanged(c: Control, kind: string, { type, key, object, old }: Change): void {
  const { entries } = ownMemory<Memory>(c);
  if (entries.size === 0) return;
  if (type === 'MODIFIED' && equal(old!['spec'], object['spec'])) return;
  for (const [name, { resting }] of entries) {
    if (!resting) continue;
    const target = cached(c.memory.caches, resource, name)?.spec.scaleTargetRef;
    if (target?.kind === kind && `${splitKey(name).namespace}/${target.name}` === key) wakeUp(c, name);
  }
}

const targets = (kinds as unknown as readonly AnyKind[]).filter(({ scale }) => scale);

/** The kind that an autoscaler names as its target. */
function kindOfTarget(c: Control, apiVersion: string | undefined, kind: string): AnyKind | string {
  const parts = (apiVersion ?? '').split('/');
  const group = parts.length > 1 ? parts[0]! : '';
  const found =
    (kinds as unknown as readonly AnyKind[]).find((k) => k.kind === kind && k.group === group) ??
    kindIn(c.memory.caches, apiVersion ?? '', kind);
  return found ?? `no matches for kind ${JSON.stringify(kind)} in group ${JSON.stringify(group)}`;
}

/** The horizontal pod autoscaler controller. Kubernetes: pkg/controller/podautoscaler. */
export const horizontalPodAutoscalerController: Controller = {
  name: 'horizontalpodautoscaler',
  memory: (): Memory => ({ entries: new Map(), selection: emptySelection() }),
  watches: [
    {
      resource,
      keys(c, change) {
        autoscalerChanged(c, change);
        return [];
      },
    },
    {
      resource: 'pods',
      keys(c, change) {
        for (const key of podChanged(ownMemory<Memory>(c).selection, change)) wakeUp(c, key);
        return [];
      },
    },
    ...targets.map(({ key, kind }) => ({
      resource: key as typeof resource,
      keys(c: Control, change: Change) {
        targetChanged(c, kind, change);
        return [];
      },
    })),
  ],
  usageChanged(c, pod) {
    const { entries, selection } = ownMemory<Memory>(c);
    const object = pod === undefined ? undefined : cached(c.memory.caches, 'pods', pod);
    const concerned = pod === undefined ? entries.keys() : object ? autoscalersOf(selection, object) : [];
    for (const key of concerned) wakeUp(c, key);
  },
  reconcile(c, key) {
    const autoscaler = cached(c.memory.caches, resource, key);
    const entry = ownMemory<Memory>(c).entries.get(key);
    if (!autoscaler || !entry || autoscaler.metadata.deletionTimestamp) return;
    c.ctx.cause = entry.cause;
    try {
      if (sync(c, key, autoscaler, entry)) return;
    } catch (error) {
      // As in reality, what fails comes again at the next turn, not sooner.
      if (!(error instanceof ApiError) && !(error instanceof Unreachable)) throw error;
    }
    schedule(c, key, entry);
  },
};

/** One sync; true when the autoscaler may be left alone until something changes. */
function sync(c: Control, key: string, autoscaler: HorizontalPodAutoscaler, entry: Entry): boolean {
  const { ctx, client, memory } = c;
  const { selection } = ownMemory<Memory>(c);
  const { namespace } = autoscaler.metadata;
  const { apiVersion, kind, name } = autoscaler.spec.scaleTargetRef;
  const target = kindOfTarget(c, apiVersion, kind);
  const address = {
    resource: typeof target === 'string' ? '' : target.key,
    namespace,
    name,
    subresource: 'scale',
  } as const;
  let scale: Scale;
  try {
    if (typeof target === 'string') throw target;
    scale = client.request(ctx, { verb: 'get', ...address }) as Scale;
  } catch (error) {
    if (error instanceof Unreachable) throw error;
    const message = error instanceof ApiError ? (error.status.message ?? '') : String(error);
    say(c, autoscaler, [{ type: 'Warning', reason: 'FailedGetScale', message }]);
    write(c, autoscaler, withoutTarget(autoscaler, message, ctx.now), { code: 'hpa.no-target', params: { message } });
    return false;
  }
  let usage: Usage | undefined;
  const findings: Findings = {
    controlledBy(selector) {
      use(selection, memory.caches, key, namespace!, selector);
      return controllingAutoscalers(selection, podsOf(selection, memory.caches, key), key);
    },
    measure(metric) {
      const pods = podsOf(selection, memory.caches, key);
      usage ??= usageOf(ctx, client, pods, namespace!);
      const tolerances = tolerancesOf(autoscaler.spec);
      const currentReplicas = scale.spec?.replicas ?? 0;
      return outcomeOf(metric, usage, namespace!, { pods, currentReplicas, tolerances, now: ctx.now });
    },
  };
  const planned = plan(autoscaler, scale, entry.past, findings, ctx.now);
  // Why more are wanted is told by whose load it is; why fewer are, by nobody's.
  if (planned.scale && planned.scale.to > (scale.spec?.replicas ?? 0) && usage && 'cause' in usage && usage.cause > 0)
    ctx.cause = usage.cause;
  if (planned.scale) return rescale(c, autoscaler, entry, planned, { ...address, scale });
  entry.past = planned.past;
  say(c, autoscaler, planned.told);
  const written = write(c, autoscaler, planned.status, planned.why);
  return !written && rest(c, key, autoscaler, entry, planned, usage);
}

function rescale(
  c: Control,
  autoscaler: HorizontalPodAutoscaler,
  entry: Entry,
  planned: Plan,
  {
    scale,
    ...address
  }: { scale: Scale; resource: string; namespace: string | undefined; name: string; subresource: 'scale' },
): boolean {
  const { to, why } = planned.scale!;
  try {
    const body = { ...scale, spec: { ...scale.spec, replicas: to } };
    c.client.request(c.ctx, { verb: 'update', ...address, body, why });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { status, told } = refused(planned, error.status.message ?? '', c.ctx.now);
    entry.past = { ...entry.past, recommendations: planned.past.recommendations };
    say(c, autoscaler, [told]);
    write(c, autoscaler, status, planned.why);
    return false;
  }
  entry.past = planned.past;
  say(c, autoscaler, planned.told);
  write(c, autoscaler, planned.status, planned.why);
  return false;
}

function say(c: Control, autoscaler: HorizontalPodAutoscaler, told: readonly Told[]): void {
  for (const { type, reason, message } of told) tell(c, component, autoscaler, type, reason, message);
}

/** Writes the status if it differs; true when it did. */
function write(
  c: Control,
  autoscaler: HorizontalPodAutoscaler,
  status: HorizontalPodAutoscaler['status'],
  why: Why,
): boolean {
  if (equal(status, autoscaler.status)) return false;
  c.client.updateStatus(c.ctx, resource, { ...autoscaler, status }, { why });
  return true;
}

/** Leaves an autoscaler alone if every further sync would find what this one found. */
function rest(
  c: Control,
  key: string,
  { spec }: HorizontalPodAutoscaler,
  entry: Entry,
  planned: Plan,
  usage: Usage | undefined,
): boolean {
  const { now } = c.ctx;
  if (planned.told.length > 0) return false;
  if (usage !== undefined) {
    if ('error' in usage || !usage.steady || planned.wanted === undefined) return false;
    const behavior = spec.behavior && fullBehavior(spec.behavior);
    if (!isSettled(entry.past, behavior, planned.wanted, now)) return false;
    if (nextRegrouping(podsOf(ownMemory<Memory>(c).selection, c.memory.caches, key), now) < Infinity) return false;
  }
  const since = now - ((((now - entry.phase) % syncMs) + syncMs) % syncMs);
  entry.resting = { since, wanted: planned.wanted };
  return true;
}
