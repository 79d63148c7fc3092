import type { KubeObject } from '../../apimachinery/index.ts';
import type { Deployment } from '../../apis/index.ts';
import type { Invocation, News, Waiting } from '../command.ts';
import { parseDuration } from '../durations.ts';
import { UsageError } from '../parse.ts';
import { groupKind } from '../resources.ts';
import type { Target } from '../selection.ts';
import { daemonSetProgress, statefulSetProgress, type Progress } from './rollout-progress.ts';

/** What `rollout status` remembers: the objects still to be followed, and when its patience ends. */
export interface Watched {
  readonly targets: readonly { readonly key: string; readonly name: string; readonly namespace: string | undefined }[];
  /** Virtual time; null without `--timeout`. */
  readonly until: number | null;
  /** Version of the object that was told last: a watch begins with what is there, known or not. */
  readonly seen: string;
}

/** Resource key → how its rollout stands. Throws when it has failed. Kubernetes: kubectl/pkg/polymorphichelpers/rollout_status.go. */
const viewers: Readonly<Record<string, (object: KubeObject) => Progress>> = {
  'deployments.apps': (object) => deploymentProgress(object as unknown as Deployment),
  'daemonsets.apps': daemonSetProgress,
  'statefulsets.apps': statefulSetProgress,
};

/** `kubectl rollout status`: prints a line with every change until the rollout is complete. Kubernetes: kubectl/pkg/cmd/rollout. */
export function follow(run: Invocation, targets: readonly Target[]): Waiting | void {
  for (const { kind } of targets)
    if (!Object.hasOwn(viewers, kind.key))
      throw new UsageError(`error: no status viewer has been implemented for ${groupKind(kind)}`);
  const wanted = run.flag('revision') ?? '0';
  if (Number(wanted) < 0) throw new UsageError(`error: revision must be a positive integer: ${wanted}`);
  const timeout = parseDuration(run.flag('timeout') ?? '0s', 'timeout');
  return next(run, {
    targets: targets.map(({ kind, name, namespace }) => ({ key: kind.key, name, namespace })),
    until: timeout > 0 ? run.ctx.now + timeout : null,
    seen: '',
  });
}

/** Looks at the first object: what is complete already needs no watch. */
function next(run: Invocation, state: Watched): Waiting | void {
  const [target] = state.targets;
  if (!target) return;
  const { key, name, namespace } = target;
  const object = run.request({ verb: 'get', resource: key, namespace, name }) as KubeObject;
  if (tell(run, state, object)) return next(run, { ...state, targets: state.targets.slice(1) });
  return pause(run, { ...state, seen: object.metadata.resourceVersion });
}

/** Prints how a version of the object stands; true when that was the end of it. */
function tell(run: Invocation, { targets: [target] }: Watched, object: KubeObject): boolean {
  const { line, done } = viewers[target!.key]!(object);
  const running = object.metadata.annotations?.['deployment.kubernetes.io/revision'];
  const revision = run.flag('revision') ?? '0';
  if (Number(revision) > 0 && target!.key === 'deployments.apps' && running !== revision)
    throw new UsageError(
      `error: desired revision (${revision}) is different from the running revision (${running ?? '0'})`,
    );
  run.out(line);
  return done || run.flag('watch') === 'false';
}

function pause(run: Invocation, state: Watched): Waiting {
  const { key, namespace, name } = state.targets[0]!;
  return {
    state,
    afterMs: state.until === null ? undefined : state.until - run.ctx.now,
    watch: { resource: key, namespace, fieldSelector: `metadata.name=${name}` },
  };
}

/** Goes on with what the watch has brought. */
export function statusNews(run: Invocation, state: Watched, { entries }: News): Waiting | void {
  let { seen } = state;
  for (const { type, object } of entries) {
    if (type === 'DELETED') throw new UsageError('error: object has been deleted');
    if (!object || object.metadata.resourceVersion === seen) continue;
    if (tell(run, state, object)) return next(run, { ...state, targets: state.targets.slice(1) });
    seen = object.metadata.resourceVersion;
  }
  if (state.until !== null && run.ctx.now >= state.until)
    throw new UsageError('error: timed out waiting for the condition');
  return pause(run, { ...state, seen });
}

function deploymentProgress(deployment: Deployment): Progress {
  const { name, generation = 0 } = deployment.metadata;
  const {
    observedGeneration = 0,
    replicas = 0,
    updatedReplicas = 0,
    availableReplicas = 0,
    conditions,
  } = deployment.status ?? {};
  const waiting = (what: string): Progress => ({ line: `Waiting for deployment ${what}...\n`, done: false });
  if (generation > observedGeneration) return waiting('spec update to be observed');
  if (conditions?.some((c) => c.type === 'Progressing' && c.reason === 'ProgressDeadlineExceeded'))
    throw new UsageError(`error: deployment "${name}" exceeded its progress deadline`);
  const wanted = deployment.spec?.replicas;
  const rollout = `"${name}" rollout to finish:`;
  if (wanted !== undefined && updatedReplicas < wanted)
    return waiting(`${rollout} ${updatedReplicas} out of ${wanted} new replicas have been updated`);
  if (replicas > updatedReplicas)
    return waiting(`${rollout} ${replicas - updatedReplicas} old replicas are pending termination`);
  if (availableReplicas < updatedReplicas)
    return waiting(`${rollout} ${availableReplicas} of ${updatedReplicas} updated replicas are available`);
  return { line: `deployment "${name}" successfully rolled out\n`, done: true };
}
