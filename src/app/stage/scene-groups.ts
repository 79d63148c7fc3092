/** Groups with their counts, their promise and their condition. Pure. */
import type { V1Deployment } from '../../generated/types.ts';
import { scaledValue } from '../../kube/apimachinery/index.ts';
import type { PodState } from './podlook.ts';
import { cronOf, jobOf, jobWord } from './scene-jobs.ts';
import { replicasOf, type OpenGroup } from './scene-owners.ts';
import type { SceneBudget, SceneColumn, SceneGroup, ScenePod, SceneScaler, Version } from './scene-types.ts';
import { versionNumber } from './versions.ts';

interface Counts {
  current: number;
  ready: number;
  available: number;
  /** With the terminating ones: what is drawn. */
  drawn: number;
}

/** What others have laid upon a group. */
export interface Duties {
  readonly scalerOf: (group: OpenGroup) => SceneScaler | null;
  readonly budgetsOf: (group: OpenGroup) => readonly SceneBudget[];
}

/** Groups with their pods counted, in the order in which they stand. */
export function finishGroups(
  groups: Map<string, OpenGroup>,
  pods: readonly ScenePod[],
  now: number,
  duties: Duties,
): SceneGroup[] {
  const counts = new Map<string, Counts>();
  const patience = new Map<string, number>();
  for (const group of groups.values()) {
    const spec = group.object?.['spec'] as { minReadySeconds?: number } | undefined;
    patience.set(group.uid, Number(spec?.minReadySeconds ?? 0) * 1000);
  }
  for (const pod of pods) {
    let c = counts.get(pod.column);
    if (!c) counts.set(pod.column, (c = { current: 0, ready: 0, available: 0, drawn: 0 }));
    c.drawn++;
    const { state } = pod.look;
    if (state === 'terminating' || state === 'succeeded' || state === 'failed') continue;
    c.current++;
    const since = pod.look.readySince;
    if (Number.isNaN(since)) continue;
    c.ready++;
    if (since + (patience.get(pod.group) ?? 0) <= now) c.available++;
  }
  return [...groups.values()]
    .map((group) => finishGroup(group, counts, now, duties))
    .sort((a, b) => rank(a) - rank(b) || a.createdAt - b.createdAt || (a.name < b.name ? -1 : 1));
}

/** Deployments and their like first, one-tile-per-row DaemonSets behind, pods nobody owns last. */
const rank = (group: SceneGroup): number =>
  (group.namespace === 'default' ? 0 : 10) + (group.kind === '' ? 3 : group.kind === 'DaemonSet' ? 2 : 1);

function finishGroup(group: OpenGroup, counts: ReadonlyMap<string, Counts>, now: number, duties: Duties): SceneGroup {
  const newest = Math.max(0, ...group.columns.map((c) => c.revision));
  const kept = group.columns
    .filter((c) => c.desired > 0 || counts.has(c.uid) || c.revision === newest)
    .sort((a, b) => a.revision - b.revision);
  const columns = kept.map(({ revision, object, ...column }): SceneColumn => {
    const c = counts.get(column.uid);
    return {
      ...column,
      current: c?.current ?? 0,
      ready: c?.ready ?? 0,
      old: revision !== newest,
      job: object?.kind === 'Job' ? jobOf(object) : null,
    };
  });
  const comes: Version = group.kind === 'CronJob' ? { text: 'Job', pattern: 0 } : versionNumber(1);
  if (columns.length === 0) columns.push(ghost(group.uid, comes, group.kind === 'CronJob' ? 'Job' : 'ReplicaSet'));
  const job = group.kind === 'Job' && group.object ? jobOf(group.object) : null;
  const availableBy = columns.map((c) => counts.get(c.uid)?.available ?? 0);
  const available = availableBy.reduce((a, b) => a + b, 0);
  const total = columns.reduce((a, c) => a + c.current, 0);
  const desired = group.kind === 'CronJob' ? total : group.object ? replicasOf(group.object) : total;
  return {
    uid: group.uid,
    ref: group.ref,
    kind: group.kind,
    name: group.name,
    namespace: group.namespace,
    ...promise(group, desired),
    condition: conditionOf(group, available, total, desired),
    desired,
    available,
    total,
    availableBy,
    columns,
    createdAt: group.createdAt,
    job,
    cron: group.kind === 'CronJob' && group.object ? cronOf(group.object, now) : null,
    scaler: duties.scalerOf(group),
    budgets: duties.budgetsOf(group),
  };
}

/** The tray of a ReplicaSet that does not exist yet. */
export const ghost = (group: string, version: Version, kind = 'ReplicaSet'): SceneColumn => ({
  uid: `${group}/ghost`,
  ref: null,
  kind,
  name: '',
  version,
  desired: 0,
  current: 0,
  ready: 0,
  job: null,
  ghost: true,
  old: false,
});

/** maxSurge and maxUnavailable in numbers: 10 replicas at 25 % are ⌈2.5⌉ = 3 more and ⌊2.5⌋ = 2 fewer, so 8 … 13. */
function promise(
  group: OpenGroup,
  desired: number,
): Pick<SceneGroup, 'strategy' | 'min' | 'max' | 'surge' | 'unavailable'> {
  const none = { min: undefined, max: undefined, surge: '', unavailable: '' };
  if (group.kind !== 'Deployment') return { strategy: '', ...none };
  const strategy = (group.object as unknown as V1Deployment).spec?.strategy;
  if (strategy?.type === 'Recreate') return { strategy: 'Recreate', ...none };
  const surge = strategy?.rollingUpdate?.maxSurge ?? '25%';
  const unavailable = strategy?.rollingUpdate?.maxUnavailable ?? '25%';
  const up = scaledValue(surge as number | string, desired, 'up');
  let down = scaledValue(unavailable as number | string, desired, 'down');
  if (up === 0 && down === 0) down = 1;
  return {
    strategy: 'RollingUpdate',
    min: Math.max(0, desired - down),
    max: desired + up,
    surge: String(surge),
    unavailable: String(unavailable),
  };
}

function conditionOf(group: OpenGroup, available: number, total: number, desired: number): SceneGroup['condition'] {
  const say = (state: PodState, word: string, partial = false): SceneGroup['condition'] => ({ state, word, partial });
  const status = group.object?.['status'] as
    | { conditions?: readonly { type: string; status: string; reason?: string }[]; updatedReplicas?: number }
    | undefined;
  const find = (type: string): { status: string; reason?: string } | undefined =>
    status?.conditions?.find((c) => c.type === type);
  if (find('ReplicaFailure')?.status === 'True') return say('failed', 'ReplicaFailure');
  if (find('Progressing')?.status === 'False')
    return say('failed', find('Progressing')?.reason ?? 'Progressing: False');
  if ((group.object?.['spec'] as { paused?: boolean } | undefined)?.paused) return say('pending', 'Paused');
  if (group.kind === 'Job' && group.object) {
    const word = jobWord(group.object);
    const looks: Readonly<Record<string, PodState>> = { Complete: 'succeeded', Failed: 'failed', Suspended: 'pending' };
    return say(looks[word] ?? 'creating', word);
  }
  if (group.kind === 'CronJob') {
    if ((group.object?.['spec'] as { suspend?: boolean } | undefined)?.suspend) return say('pending', 'Suspended');
    const active = (group.object?.['status'] as { active?: readonly unknown[] } | undefined)?.active?.length ?? 0;
    return active > 0 ? say('creating', 'Active') : say('ready', 'Scheduled');
  }
  if (group.kind === 'Deployment') {
    const updated = Number(status?.updatedReplicas ?? 0);
    if (available >= desired && total === desired && updated === desired) return say('ready', 'Available');
    if (find('Progressing')?.reason === 'NewReplicaSetAvailable' && total <= desired && updated >= total)
      return say('notready', 'Progressing', true);
    return say('notready', 'Progressing');
  }
  return available >= desired ? say('ready', 'Ready') : say('notready', 'NotReady', true);
}
