import { ApiError, controllerOf, isReason, millisOf } from '../../apimachinery/index.ts';
import type { Node, Pod } from '../../apis/index.ts';
import type { Command, Invocation, Waiting } from '../command.ts';
import { formatDuration, parseDuration } from '../durations.ts';
import { misuse, UsageError } from '../parse.ts';
import { targetsOf } from '../selection.ts';

/** A pod that is to go from the node that is being drained. */
interface Leaving {
  readonly name: string;
  readonly namespace: string;
  readonly uid: string;
  /** To be evicted, or evicted and not gone yet. */
  readonly stage: 'evict' | 'wait';
  /** When it is tried, or looked for, again. */
  readonly at: number;
}

/** What a drain remembers while pods go. */
interface Draining {
  /** Nodes of the line; the first is being drained. */
  readonly nodes: readonly string[];
  readonly leaving: readonly Leaving[];
  /** Of pods of the first node that could not be moved. */
  readonly errors: readonly string[];
  /** Nodes that could not be drained, and why. */
  readonly failed: readonly Failed[];
  /** When `--timeout` ends for the first node; null without. */
  readonly until: number | null;
}

interface Failed {
  readonly node: string;
  readonly errors: readonly string[];
}

/** A refused eviction is tried again after 5 s; a pod that goes is looked for every second. */
const retryMs = 5000;
const lookMs = 1000;

/**
 * `kubectl drain NODE`: cordons it, evicts its pods, and waits until they are gone; an eviction that a disruption budget
 * refuses is tried again every 5 s, without end or until `--timeout`. Kubernetes: kubectl/pkg/drain, kubectl/pkg/cmd/drain.
 */
export const drain: Command<Draining> = {
  name: 'drain',
  flags: {
    flags: {
      force: 'boolean',
      'ignore-daemonsets': 'boolean',
      'delete-emptydir-data': 'boolean',
      'grace-period': 'string',
      timeout: 'string',
      selector: 'string',
      'pod-selector': 'string',
      'disable-eviction': 'boolean',
      'skip-wait-for-delete-timeout': 'string',
      'dry-run': 'string',
    },
    short: { l: 'selector' },
  },
  run(run) {
    const words = run.args.positional;
    if (words.length === 0 && run.flag('selector') === undefined) throw misuse('drain', 'USAGE: drain NODE [flags]');
    const targets = targetsOf(run, words[0]?.includes('/') ? words : ['node', ...words]);
    const nodes: string[] = [];
    for (const { name } of targets) {
      try {
        cordon(run, name);
        nodes.push(name);
      } catch (error) {
        run.refuse(0, error, '');
      }
    }
    return nextNode(run, nodes, []);
  },
  resume: (run, state) => goOn(run, state),
};

/** Begins with the first of some nodes, or ends the line. */
function nextNode(run: Invocation, nodes: readonly string[], failed: readonly Failed[]): Waiting | void {
  const [node, ...rest] = nodes;
  if (node === undefined) {
    if (failed.length === 0) return;
    run.err(`There are pending nodes to be drained:\n${failed.map((f) => ` ${f.node}\n`).join('')}`);
    throw new UsageError(failed.flatMap(({ errors }) => errors).join('\n'));
  }
  const sorted = sortPods(run, node);
  const errors = objections(run, sorted);
  if (errors.length > 0) return giveUp(run, { node, errors }, rest, failed);
  const timeout = parseDuration(run.flag('timeout') ?? '0s', 'timeout');
  const dry = run.flag('dry-run');
  if (dry !== undefined) {
    for (const { metadata } of sorted.go)
      run.out(`evicting pod ${metadata.namespace}/${metadata.name} (${dry === 'server' ? 'server ' : ''}dry run)\n`);
    run.out(`node/${node} drained (${dry === 'server' ? 'server ' : ''}dry run)\n`);
    return nextNode(run, rest, failed);
  }
  return goOn(run, {
    nodes,
    leaving: sorted.go.map(({ metadata: { name, namespace, uid } }) => ({
      name,
      namespace: namespace!,
      uid,
      stage: 'evict',
      at: run.ctx.now,
    })),
    errors: [],
    failed,
    until: timeout > 0 ? run.ctx.now + timeout : null,
  });
}

/** The node stays as it is; the command goes on with the next. */
function giveUp(
  run: Invocation,
  { node, errors }: Failed,
  rest: readonly string[],
  failed: readonly Failed[],
): Waiting | void {
  const list = errors.length === 1 ? errors[0] : `[${errors.join(', ')}]`;
  run.err(`error: unable to drain node "${node}" due to error: ${list}, continuing command...\n`);
  return nextNode(run, rest, [...failed, { node, errors }]);
}

/** Does what is due for each pod, and waits for the next moment at which something is. */
function goOn(run: Invocation, state: Draining): Waiting | void {
  const [node, ...rest] = state.nodes;
  const { now } = run.ctx;
  const errors = [...state.errors];
  const leaving: Leaving[] = [];
  for (const pod of state.leaving) {
    let left: Leaving | undefined = pod;
    try {
      if (pod.at <= now) left = pod.stage === 'evict' ? evict(run, pod, state.until) : lookFor(run, pod, state.until);
    } catch (error) {
      if (!(error instanceof UsageError) && !(error instanceof ApiError)) throw error;
      errors.push(error.message);
      left = undefined;
    }
    // What has just been evicted is looked for at once.
    if (left && left.at <= now) left = lookFor(run, left, state.until);
    if (left) leaving.push(left);
  }
  if (leaving.length > 0) {
    const at = Math.min(...leaving.map((pod) => pod.at));
    return { state: { ...state, leaving, errors }, afterMs: at - now };
  }
  if (errors.length === 0) {
    run.out(`node/${node} drained\n`);
    return nextNode(run, rest, state.failed);
  }
  const all = errors.length === 1 ? errors[0]! : `[${errors.join(', ')}]`;
  const pending = sortPods(run, node!).go;
  if (pending.length > 0) {
    run.err(`There are pending pods in node "${node}" when an error occurred: ${all}\n`);
    for (const { metadata } of pending) run.err(`pod/${metadata.name}\n`);
  }
  return giveUp(run, { node: node!, errors: [all] }, rest, state.failed);
}

/** One try at an eviction; undefined when the pod is gone already. */
function evict(run: Invocation, pod: Leaving, until: number | null): Leaving | undefined {
  const { name, namespace } = pod;
  const { now } = run.ctx;
  const deletes = run.has('disable-eviction');
  if (!deletes) run.out(`evicting pod ${namespace}/${name}\n`);
  const of = `pods/"${name}" -n "${namespace}"`;
  if (until !== null && now >= until)
    throw new UsageError(
      `error when evicting ${of}: global timeout reached: ${formatDuration(parseDuration(run.flag('timeout')!, 'timeout'))}`,
    );
  const seconds = Number(run.flag('grace-period') ?? -1);
  const deleteOptions = seconds < 0 ? {} : { gracePeriodSeconds: seconds };
  try {
    if (deletes) run.request({ verb: 'delete', resource: 'pods', namespace, name, options: deleteOptions });
    else {
      const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace }, deleteOptions };
      run.request({ verb: 'create', resource: 'pods', subresource: 'eviction', namespace, name, body });
    }
    return { ...pod, stage: 'wait', at: now };
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined;
    if (!(error instanceof ApiError)) throw error;
    if (!isReason(error, 'TooManyRequests')) throw new UsageError(`error when evicting ${of}: ${error.message}`);
    run.err(`error when evicting ${of} (will retry after 5s): ${error.message}\n`);
    return { ...pod, at: now + retryMs };
  }
}

/** Whether an evicted pod is gone; if not, it is looked for again. */
function lookFor(run: Invocation, pod: Leaving, until: number | null): Leaving | undefined {
  const { name, namespace, uid } = pod;
  const { now } = run.ctx;
  const gone = (): undefined => {
    run.out(`pod/${name} ${run.has('disable-eviction') ? 'deleted' : 'evicted'}\n`);
  };
  try {
    const live = run.client.get(run.ctx, 'pods', name, namespace);
    if (live.metadata.uid !== uid) return gone();
    const skip = Number(run.flag('skip-wait-for-delete-timeout') ?? 0);
    const deleted = live.metadata.deletionTimestamp;
    if (skip > 0 && deleted && now - millisOf(deleted) > skip * 1000) {
      run.out(`pod "${name}" has DeletionTimestamp older than ${skip} seconds, skipping\n`);
      return undefined;
    }
  } catch (error) {
    if (!isReason(error, 'NotFound')) throw error;
    return gone();
  }
  if (until !== null && now >= until)
    throw new UsageError(
      `error when waiting for pod "${name}" in namespace "${namespace}" to terminate: global timeout reached: ${formatDuration(parseDuration(run.flag('timeout')!, 'timeout'))}`,
    );
  return { ...pod, at: now + lookMs };
}

function cordon(run: Invocation, name: string): void {
  const node = run.client.get(run.ctx, 'nodes', name) as Node;
  const dry = run.flag('dry-run') ? ` (${run.flag('dry-run') === 'server' ? 'server ' : ''}dry run)` : '';
  if (node.spec?.unschedulable) run.out(`node/${name} already cordoned${dry}\n`);
  else {
    if (!dry)
      run.request({
        verb: 'patch',
        resource: 'nodes',
        name,
        patchType: 'strategic',
        body: { spec: { unschedulable: true } },
      });
    run.out(`node/${name} cordoned${dry}\n`);
  }
}

/** What stands against the eviction of some pods, in kubectl's order. */
interface Sorted {
  readonly daemons: string[];
  /** Of DaemonSets that are no more, by what the server says of them. */
  readonly left: Map<string, string[]>;
  readonly alone: string[];
  readonly local: string[];
  readonly go: Pod[];
}

function sortPods(run: Invocation, node: string): Sorted {
  const options = { fieldSelector: `spec.nodeName=${node}`, labelSelector: run.flag('pod-selector') };
  const sorted: Sorted = { daemons: [], left: new Map(), alone: [], local: [], go: [] };
  for (const pod of run.client.list(run.ctx, 'pods', undefined, options) as readonly Pod[]) {
    const name = `${pod.metadata.namespace}/${pod.metadata.name}`;
    const ended = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
    const owner = controllerOf(pod);
    if (owner?.kind === 'DaemonSet' && !ended) {
      const missing = missingDaemonSet(run, pod, owner.name);
      if (missing === undefined) sorted.daemons.push(name);
      else sorted.left.set(missing, [...(sorted.left.get(missing) ?? []), name]);
      if (missing === undefined || !run.has('force')) continue;
    }
    const local = !ended && pod.spec?.volumes?.some((volume) => volume.emptyDir) === true;
    // Who is held back by one thing is not asked about the next.
    if (local && !run.has('delete-emptydir-data')) sorted.local.push(name);
    else if (!owner && !ended) sorted.alone.push(name);
    sorted.go.push(pod);
  }
  return sorted;
}

/** What the server says when a pod's DaemonSet no longer exists; undefined when it does. */
function missingDaemonSet(run: Invocation, { metadata }: Pod, name: string): string | undefined {
  try {
    run.client.get(run.ctx, 'daemonsets.apps', name, metadata.namespace);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

/** Why a node must not be drained as the flags stand; warns of what they allow. */
function objections(run: Invocation, { daemons, left, alone, local }: Sorted): string[] {
  const errors: string[] = [];
  const warnings: string[] = [];
  if (daemons.length > 0) {
    if (run.has('ignore-daemonsets')) warnings.push(`ignoring DaemonSet-managed Pods: ${daemons.join(', ')}`);
    else errors.push(`cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): ${daemons.join(', ')}`);
  }
  // With --force the next filters find nothing against them, and the warning is lost. Kubernetes: kubectl/pkg/drain filterPods.
  if (!run.has('force'))
    for (const [message, pods] of left) errors.push(`cannot delete ${message}: ${pods.join(', ')}`);
  if (alone.length > 0) {
    if (run.has('force')) warnings.unshift(`deleting Pods that declare no controller: ${alone.join(', ')}`);
    else errors.push(`cannot delete Pods that declare no controller (use --force to override): ${alone.join(', ')}`);
  }
  if (local.length > 0)
    errors.push(`cannot delete Pods with local storage (use --delete-emptydir-data to override): ${local.join(', ')}`);
  if (errors.length === 0 && warnings.length > 0) run.err(`Warning: ${warnings.join('; ')}\n`);
  return errors;
}
