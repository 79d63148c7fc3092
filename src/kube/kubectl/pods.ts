import type { V1Container } from '../../generated/types.ts';
import { matchesMap, matchesSelector, type KubeObject } from '../apimachinery/index.ts';
import type { Pod } from '../apis/index.ts';
import { podPrinted } from '../apis/core/podstatus.ts';
import type { Invocation } from './command.ts';
import { UsageError } from './parse.ts';
import { kindByWord } from './resources.ts';

/** Pods in the order in which logs and exec choose: those that run and are ready first, then the older. */
const byUsefulness = (a: Pod, b: Pod): number => {
  const rank = (p: Pod): number =>
    (p.spec?.nodeName ? 0 : 4) + (p.status?.phase === 'Running' ? 0 : 2) + (podPrinted(p as never).ready > 0 ? 0 : 1);
  return rank(a) - rank(b) || (a.metadata.name < b.metadata.name ? -1 : 1);
};

/**
 * The pods that a word means: a pod, or those of a workload or Service (`deploy/web`), the one to use first, or all that a
 * selector matches. Kubernetes: kubectl/pkg/polymorphichelpers.
 */
export function podsBehind(run: Invocation, word: string | undefined, selector?: string): readonly Pod[] {
  if (word === undefined)
    return run.client.list(run.ctx, 'pods', run.namespace, { labelSelector: selector }) as readonly Pod[];
  const [type, name] = word.includes('/') ? word.split('/') : ['pod', word];
  const kind = kindByWord(run, type!);
  const namespace = kind.namespaced ? run.namespace : undefined;
  const object = run.request({ verb: 'get', resource: kind.key, namespace, name: name! }) as KubeObject;
  if (kind.key === 'pods') return [object as unknown as Pod];
  const spec = object['spec'] as { selector?: Record<string, string> } | undefined;
  const matches = (pod: Pod): boolean =>
    kind.key === 'services'
      ? matchesMap(spec?.selector ?? {}, pod.metadata.labels)
      : matchesSelector(spec?.selector as never, pod.metadata.labels);
  if (!spec?.selector)
    throw new UsageError(`error: cannot get the logs from ${object.apiVersion}, Kind=${object.kind}`);
  const pods = (run.client.list(run.ctx, 'pods', namespace) as readonly Pod[]).filter(matches).sort(byUsefulness);
  if (pods.length === 0) throw new UsageError('error: timed out waiting for the condition');
  return pods;
}

/** The container that `-c` names, or the first one; then the others are told. */
export function containerOf(run: Invocation, pod: Pod, name: string | undefined): V1Container {
  const init = pod.spec?.initContainers ?? [];
  const extra = (pod.spec?.ephemeralContainers ?? []) as readonly V1Container[];
  const all = [...(pod.spec?.containers ?? []), ...init, ...extra];
  const names = all.map((c) =>
    init.includes(c) ? `${c.name} (init)` : extra.includes(c) ? `${c.name} (ephem)` : c.name,
  );
  if (name !== undefined) {
    const found = all.find((c) => c.name === name);
    if (!found)
      throw new UsageError(
        `error: container ${name} is not valid for pod ${pod.metadata.name} out of: ${names.join(', ')}`,
      );
    return found;
  }
  const preferred = pod.metadata.annotations?.['kubectl.kubernetes.io/default-container'];
  const first = all.find((c) => c.name === preferred) ?? all[0]!;
  if (all.length > 1 && !preferred) {
    run.err(`Defaulted container "${first.name}" out of: ${names.join(', ')}\n`);
  }
  return first;
}
