import type { KubeObject } from '../../apimachinery/index.ts';
import type { AnyKind } from '../../apis/kind.ts';
import type { ObjectList } from '../../apiserver/request.ts';
import type { Invocation } from '../command.ts';
import { dryRunOf, printMade } from '../create.ts';
import { lastApplied } from '../last-applied.ts';
import { UsageError } from '../parse.ts';

/** Kinds of which `--prune` takes what is applied no more, unless `--prune-allowlist` names others. */
const pruned = 'v1/ConfigMap v1/Endpoints v1/PersistentVolumeClaim v1/Pod v1/ReplicationController v1/Secret v1/Service batch/v1/Job batch/v1/CronJob networking.k8s.io/v1/Ingress apps/v1/DaemonSet apps/v1/Deployment apps/v1/ReplicaSet apps/v1/StatefulSet v1/Namespace v1/PersistentVolume'.split(' '); // prettier-ignore

const deprecation = 'W0101 00:00:00.000000       1 prune.go:71] Deprecated: kubectl apply will no longer prune non-namespaced resources by default when used with the --namespace flag in a future release. To preserve the current behaviour, list the resources you want to target explicitly in the --prune-allowlist flag.\n'; // prettier-ignore

/** Refuses what `--prune` does not go together with. Kubernetes: kubectl/pkg/cmd/apply/apply.go Validate. */
export function checkPrune(run: Invocation): void {
  if (run.has('all') && run.flag('selector'))
    throw new UsageError('error: cannot set --all and --selector at the same time');
  if (!run.has('prune')) return;
  if (!run.has('all') && !run.flag('selector')) {
    throw new UsageError(
      'error: all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all flag. If you did not mean to prune all resources, specify a label selector',
    );
  }
  if (run.has('server-side')) {
    throw new UsageError(
      "error: --prune is in alpha and doesn't currently work on objects created by server-side apply",
    );
  }
}

/**
 * `kubectl apply --prune`: deletes what was applied before, is selected, and was not among what is applied now, in the
 * namespaces that were visited. Kubernetes: kubectl/pkg/cmd/apply/prune.go.
 */
export function prune(run: Invocation, applied: readonly KubeObject[]): void {
  const visited = new Set(applied.map(({ metadata }) => metadata.uid));
  const namespaces = new Set(applied.map(({ metadata }) => metadata.namespace ?? run.namespace));
  const kinds = kindsOf(run);
  for (const namespace of namespaces)
    for (const kind of kinds) if (kind.namespaced) pruneKind(run, kind, namespace, visited);
  for (const kind of kinds) if (!kind.namespaced) pruneKind(run, kind, undefined, visited);
}

function kindsOf(run: Invocation): AnyKind[] {
  const allowed = run.args.flags.get('prune-allowlist');
  if (!allowed) run.err(deprecation);
  return (allowed ?? pruned).map((name) => {
    const parts = name.split('/');
    if (allowed && parts.length !== 3)
      throw new UsageError(`error: invalid GroupVersionKind format: ${name}, please follow <group/version/kind>`);
    const version = parts
      .slice(0, -1)
      .join('/')
      .replace(/^core\//, '');
    const kind = run.kinds.for(version, parts.at(-1)!);
    if (!kind) throw new UsageError(`error: no matches for kind "${parts.at(-1)}" in version "${version}"`);
    return kind;
  });
}

function pruneKind(run: Invocation, kind: AnyKind, namespace: string | undefined, visited: ReadonlySet<string>): void {
  const dryRun = dryRunOf(run);
  const labelSelector = run.flag('selector');
  const list = run.request({ verb: 'list', resource: kind.key, namespace, options: { labelSelector } }) as ObjectList;
  for (const object of list.items) {
    const { annotations, uid, name } = object.metadata;
    if (annotations?.[lastApplied] === undefined || visited.has(uid)) continue;
    const options = { propagationPolicy: 'Background', ...(dryRun === 'server' && { dryRun: true }) } as const;
    if (dryRun !== 'client') run.request({ verb: 'delete', resource: kind.key, namespace, name, options });
    printMade(run, kind, object, 'pruned');
  }
}
