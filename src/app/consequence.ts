import type { KubeObject, Preview } from '../protocol/index.ts';
import type { Deployment, NetworkPolicy, Node } from '../kube/apis/index.ts';
import type { Translate } from './i18n/index.ts';
import { policyWords } from './policy-words.ts';
import { safeValues } from './Rich.tsx';

/** Pods between two lines: `25%` of 10 is ⌈2.5⌉ = 3 for surge, ⌊2.5⌋ = 2 for unavailable. Kubernetes: ResolveFenceposts. */
export function rolloutBounds(deployment: Deployment): { most: number; fewest: number } | null {
  const replicas = deployment.spec?.replicas ?? 1;
  const { type = 'RollingUpdate', rollingUpdate } = deployment.spec?.strategy ?? {};
  if (type !== 'RollingUpdate') return null;
  const part = (value: string | number | undefined, round: (n: number) => number): number => {
    const given = value ?? '25%';
    return typeof given === 'number' ? given : round((replicas * Number.parseFloat(given)) / 100);
  };
  const surge = part(rollingUpdate?.maxSurge as string | number | undefined, Math.ceil);
  let unavailable = part(rollingUpdate?.maxUnavailable as string | number | undefined, Math.floor);
  if (surge === 0 && unavailable === 0) unavailable = 1;
  return { most: replicas + surge, fewest: Math.max(0, replicas - unavailable) };
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const asDeployment = (object: KubeObject): Deployment => object as unknown as Deployment;

/** Pods that all nodes together can hold, by what they say. */
export const podRoomOf = (nodes: Iterable<KubeObject>): number => {
  let room = 0;
  for (const node of nodes) room += Number((node as unknown as Node).status?.allocatable?.['pods'] ?? 0);
  return room;
};

/**
 * What an apply would set off, most important first: one to three sentences, and one about fields that have no effect.
 * `podRoom`: pods that the nodes can hold; more replicas than that are worth a warning.
 */
export function consequence(t: Translate, preview: Preview, podRoom = Infinity): string {
  const lines: string[] = [];
  const created: string[] = [];
  let unchanged = 0;
  for (const doc of preview.documents) {
    if (doc.action === 'create') created.push(doc.ref);
    else if (doc.action === 'nothing') unchanged++;
    else if (doc.action === 'change' && doc.live && doc.next) lines.push(changeOf(t, doc.ref, doc.live, doc.next));
  }
  if (created.length > 0)
    lines.push(t('will.create', safeValues({ count: created.length, what: created.slice(0, 3).join(', ') })));
  for (const { action, next } of preview.documents) {
    if (next?.kind === 'NetworkPolicy' && action !== 'nothing')
      lines.push(policyWords(t, next as unknown as NetworkPolicy));
  }
  if (lines.length === 0) return unchanged > 0 ? t('will.nothing') : '';
  const stored = storedOnly(preview);
  const note = stored.length > 0 ? [t('will.stored', safeValues({ fields: stored.slice(0, 3).join(', ') }))] : [];
  const wanted = preview.documents.reduce(
    (sum, { action, next }) => sum + (action === 'nothing' ? 0 : replicasOf(next)),
    0,
  );
  const crowd = wanted > podRoom ? [t('will.crowd', { wanted, room: podRoom })] : [];
  return [...crowd, ...lines.slice(0, 3), ...note].join(' ');
}

const replicasOf = (object: KubeObject | undefined): number =>
  Number((object?.['spec'] as { replicas?: number } | undefined)?.replicas ?? 0);

/** Fields that the simulation will keep and not act on, of what is created or changed. */
const storedOnly = (preview: Preview): readonly string[] => [
  ...new Set(
    preview.documents.flatMap((doc) => (doc.action === 'create' || doc.action === 'change' ? doc.storedOnly : [])),
  ),
];

function changeOf(t: Translate, ref: string, live: KubeObject, next: KubeObject): string {
  if (live.kind === 'Deployment') {
    const before = asDeployment(live);
    const after = asDeployment(next);
    const [from, to] = [before.spec?.replicas ?? 1, after.spec?.replicas ?? 1];
    if (!same(before.spec?.template, after.spec?.template)) {
      const bounds = rolloutBounds(after);
      return bounds
        ? t('will.rollout', { most: bounds.most, fewest: bounds.fewest })
        : t('will.recreate', { replicas: to });
    }
    if (from !== to) return t('will.scale', safeValues({ ref, from, to }));
  }
  if (live.kind === 'Service' && !same(live['spec'], next['spec'])) return t('will.service', safeValues({ ref }));
  return t('will.change', safeValues({ ref }));
}
