import { controllerOf } from '../../apimachinery/index.ts';
import type { Node, Pod } from '../../apis/index.ts';
import type { Command, Invocation } from '../command.ts';
import { UsageError } from '../parse.ts';
import { targetsOf } from '../selection.ts';

/**
 * `kubectl drain NODE`: cordons it and evicts its pods. Kubernetes: kubectl/pkg/drain.
 * Simplified: it does not wait until the pods are gone.
 */
export const drain: Command = {
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
      'dry-run': 'string',
    },
    short: { l: 'selector' },
  },
  run(run) {
    const words = run.args.positional;
    if (words.length === 0 && run.flag('selector') === undefined)
      throw new UsageError(`error: USAGE: drain NODE [flags]`);
    const targets = targetsOf(run, words[0]?.includes('/') ? words : ['node', ...words]);
    const failed: { node: string; errors: readonly string[] }[] = [];
    for (const { name } of targets) {
      try {
        cordon(run, name);
        const errors = drainNode(run, name);
        if (errors.length > 0) failed.push({ node: name, errors });
      } catch (error) {
        run.refuse(0, error, '');
      }
    }
    for (const { node, errors } of failed) {
      const list = errors.length === 1 ? errors[0] : `[${errors.join(', ')}]`;
      run.refuse(
        0,
        new UsageError(`error: unable to drain node "${node}" due to error: ${list}, continuing command...`),
        '',
      );
    }
    if (failed.length > 0) {
      run.err(`There are pending nodes to be drained:\n${failed.map(({ node }) => ` ${node}\n`).join('')}`);
      run.err(`${failed.flatMap(({ errors }) => errors).join('\n')}\n`);
    }
  },
};

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
  readonly alone: string[];
  readonly local: string[];
  readonly go: Pod[];
}

function sortPods(run: Invocation, node: string): Sorted {
  const options = { fieldSelector: `spec.nodeName=${node}`, labelSelector: run.flag('pod-selector') };
  const sorted: Sorted = { daemons: [], alone: [], local: [], go: [] };
  for (const pod of run.client.list(run.ctx, 'pods', undefined, options) as readonly Pod[]) {
    const name = `${pod.metadata.namespace}/${pod.metadata.name}`;
    const ended = pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
    const owner = controllerOf(pod);
    if (owner?.kind === 'DaemonSet') {
      sorted.daemons.push(name);
      continue;
    }
    if (!owner && !ended) sorted.alone.push(name);
    if (!ended && pod.spec?.volumes?.some((volume) => volume.emptyDir)) sorted.local.push(name);
    sorted.go.push(pod);
  }
  return sorted;
}

/** Evicts the pods of a node, or says why it must not. */
function drainNode(run: Invocation, node: string): string[] {
  const { daemons, alone, local, go } = sortPods(run, node);
  const errors: string[] = [];
  const warnings: string[] = [];
  if (daemons.length > 0) {
    if (run.has('ignore-daemonsets')) warnings.push(`ignoring DaemonSet-managed Pods: ${daemons.join(', ')}`);
    else errors.push(`cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): ${daemons.join(', ')}`);
  }
  if (alone.length > 0) {
    if (run.has('force')) warnings.unshift(`deleting Pods that declare no controller: ${alone.join(', ')}`);
    else errors.push(`cannot delete Pods that declare no controller (use --force to override): ${alone.join(', ')}`);
  }
  if (local.length > 0 && !run.has('delete-emptydir-data'))
    errors.push(`cannot delete Pods with local storage (use --delete-emptydir-data to override): ${local.join(', ')}`);
  if (errors.length > 0) return errors;
  if (warnings.length > 0) run.err(`Warning: ${warnings.join('; ')}\n`);
  const dry = run.flag('dry-run') !== undefined;
  for (const { metadata } of go)
    run.out(`evicting pod ${metadata.namespace}/${metadata.name}${dry ? ' (dry run)' : ''}\n`);
  const grace = run.flag('grace-period');
  for (const { metadata } of dry ? [] : go) {
    const { name, namespace } = metadata;
    const deleteOptions = grace === undefined || Number(grace) < 0 ? undefined : { gracePeriodSeconds: Number(grace) };
    const body = {
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: { name, namespace },
      ...(deleteOptions && { deleteOptions }),
    };
    run.request({ verb: 'create', resource: 'pods', subresource: 'eviction', namespace, name, body });
    run.out(`pod/${name} evicted\n`);
  }
  run.out(`node/${node} drained${dry ? ' (dry run)' : ''}\n`);
  return [];
}
