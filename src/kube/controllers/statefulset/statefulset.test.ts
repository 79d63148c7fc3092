import { describe, expect, test } from 'vitest';
import { controlPlane } from '../../../testing/world.ts';
import { timestamp } from '../../apimachinery/index.ts';
import { statefulSet } from '../../apis/apps/statefulset.ts';
import type { ControllerRevision, Pod, StatefulSet } from '../../apis/index.ts';
import { parentAndOrdinal } from './identity.ts';
import { planSet } from './plan.ts';

const now = 100_000;
const template = { metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'c', image: 'db' }] } };

function set(spec: object, status: object = {}): StatefulSet {
  const given = { selector: { matchLabels: { app: 'db' } }, serviceName: 'db', template, ...spec };
  const object = { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'db', namespace: 'default', uid: 'u' }, spec: given, status }; // prettier-ignore
  statefulSet.defaults(object as never);
  return object as unknown as StatefulSet;
}

const revision = (name: string): ControllerRevision =>
  ({ metadata: { name }, data: { spec: { template } }, revision: 1 }) as never;

/** `0 ready`, `1 unready`, `2 old going`, `3 failed`, `0 ready 4` (for 4 s), `db-0` of the revision `new` unless `old`. */
function pod(text: string): Pod {
  const [ordinal, ...words] = text.split(' ');
  const seconds = Number(words.find((word) => /^\d+$/.test(word)) ?? 60);
  const phase = words.includes('failed') ? 'Failed' : words.includes('pending') ? 'Pending' : 'Running';
  const name = `db-${ordinal}`;
  const conditions = [
    {
      type: 'Ready',
      status: words.includes('ready') ? 'True' : 'False',
      lastTransitionTime: timestamp(now - seconds * 1000),
    },
  ];
  const metadata = {
    name,
    namespace: 'default',
    labels: {
      app: 'db',
      'controller-revision-hash': words.includes('old') ? 'old' : 'new',
      'statefulset.kubernetes.io/pod-name': name,
    },
    ...(words.includes('going') && { deletionTimestamp: timestamp(now) }),
  };
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: {}, status: { phase, conditions } } as never;
}

const noClaims = { isStale: () => false, needWork: () => false };

/** `+0 new` a creation of a revision, `-1` a deletion, `? db-0 ready` a wait. */
function plan(object: StatefulSet, ...pods: string[]): string[] {
  const { steps, wait } = planSet(object, pods.map(pod), revision('old'), revision('new'), noClaims, now);
  const said = steps.map((step) => {
    if (step.do === 'create') return `+${step.ordinal} ${step.pod.metadata!.labels!['controller-revision-hash']}`;
    return `${step.do === 'delete' ? '-' : step.do}${parentAndOrdinal(step.pod.metadata.name).ordinal}`;
  });
  return wait ? [...said, `? ${wait.pod} ${wait.until}`] : said;
}

describe('in order', () => {
  test.each<[string, object, string[], string[]]>([
    ['the first pod comes alone', { replicas: 3 }, [], ['+0 new']],
    ['the second waits for the first', { replicas: 3 }, ['0 unready'], ['? db-0 ready']],
    ['and comes when it is ready', { replicas: 3 }, ['0 ready'], ['+1 new']],
    ['a gap is filled first', { replicas: 3 }, ['0 ready', '2 ready'], ['+1 new']],
    ['readiness has to last', { replicas: 2, minReadySeconds: 10 }, ['0 ready 4'], ['? db-0 available']],
    ['a pod that goes holds its name', { replicas: 2 }, ['0 ready going'], ['? db-0 gone']],
    ['a failed pod is replaced', { replicas: 2 }, ['0 failed', '1 ready'], ['-0']],
    ['the highest number goes first', { replicas: 1 }, ['0 ready', '1 ready', '2 ready'], ['-2']],
    ['one at a time', { replicas: 1 }, ['0 ready', '1 ready', '2 ready going'], ['? db-2 gone']],
    ['an unready top pod does not block', { replicas: 1 }, ['0 ready', '1 ready', '2 unready'], ['-2']],
    ['an unready lower one does', { replicas: 1 }, ['0 ready', '1 unready', '2 unready'], ['? db-1 ready']],
    ['numbers may begin later', { replicas: 2, ordinals: { start: 5 } }, [], ['+5 new']],
    ['and others then are surplus', { replicas: 1, ordinals: { start: 5 } }, ['0 ready', '5 ready'], ['-0']],
  ])('%s', (_, spec, pods, wanted) => {
    expect(plan(set(spec), ...pods)).toEqual(wanted);
  });
});

test('in parallel all come and go at once', () => {
  const parallel = (replicas: number) => set({ replicas, podManagementPolicy: 'Parallel' });
  expect(plan(parallel(3), '1 unready')).toEqual(['+0 new', '+2 new']);
  expect(plan(parallel(0), '0 ready', '1 unready', '2 ready going')).toEqual(['-1', '-0']);
});

describe('an update', () => {
  const three = ['0 ready old', '1 ready old', '2 ready old'];
  const rolling = (rollingUpdate: object, more: object = {}) => set({ replicas: 3, updateStrategy: { type: 'RollingUpdate', rollingUpdate }, ...more }); // prettier-ignore
  test.each<[string, StatefulSet, string[], string[]]>([
    ['begins at the highest number', set({ replicas: 3 }), three, ['-2']],
    ['goes on below', set({ replicas: 3 }), ['0 ready old', '1 ready old', '2 ready'], ['-1']],
    ['stops at the partition', rolling({ partition: 2 }), ['0 ready old', '1 ready old', '2 ready'], []],
    ['below it the old template comes back', rolling({ partition: 2 }), ['1 ready old', '2 ready'], ['+0 old']],
    ['leaves it to others: OnDelete', set({ replicas: 3, updateStrategy: { type: 'OnDelete' } }), three, []],
    [
      'does not replace a stuck pod',
      set({ replicas: 3 }),
      ['0 ready old', '1 ready old', '2 unready'],
      ['? db-2 ready'],
    ],
    ['may take several at a time', rolling({ maxUnavailable: 2 }), three, ['-2', '-1']],
    ['a percentage is rounded down', rolling({ maxUnavailable: '70%' }), three, ['-2', '-1']],
    ['but is at least 1', rolling({ maxUnavailable: '10%' }), three, ['-2']],
    ['counts who is missing', rolling({ maxUnavailable: 2 }, { podManagementPolicy: 'Parallel' }), ['0 unready', '1 ready old', '2 ready old'], ['-2']], // prettier-ignore
  ])('%s', (_, object, pods, wanted) => {
    expect(plan(object, ...pods)).toEqual(wanted);
  });
});

test('a pod that nobody may create is told of, and tried again; each wait is told once', () => {
  const plane = controlPlane({ runMs: 40 });
  const pods = { selector: { matchLabels: { app: 'db' } }, serviceName: 'db', template };
  const bad = {
    ...template,
    spec: { containers: [{ name: 'c', image: 'db', volumeMounts: [{ name: 'no', mountPath: '/x' }] }] },
  };
  const metadata = { name: 'db', namespace: 'default' };
  const create = (name: string, spec: object): void =>
    void plane.client.create(plane.ctx, 'statefulsets.apps', { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { ...metadata, name }, spec } as never); // prettier-ignore
  create('bad', { ...pods, template: bad });
  create('db', { ...pods, replicas: 2 });
  plane.run(5000);
  const told = plane
    .all<{ reason?: string; message?: string }>('events', 'default')
    .map((e) => `${e.reason} ${e.message}`);
  expect(told).toContain(
    'FailedCreate Create Pod bad-0 in StatefulSet bad failed error: Pod "bad-0" is invalid: spec.containers[0].volumeMounts[0].name: Not found: "no"',
  );
  expect(plane.all<Pod>('pods', 'default').map((p) => p.metadata.name)).toEqual(['db-0']);
  const waits = plane.deeds.filter((deed) => deed.code === 'statefulset.wait-ready');
  expect(waits).toMatchObject([{ ref: 'statefulsets.apps/default/db', params: { pod: 'db-0' } }]);
});

test('a set that goes in the foreground makes its revision again while its pods go, as in Kubernetes, and goes all the same', () => {
  const plane = controlPlane({ runMs: 40, readyMs: 10, stopMs: 500 });
  const metadata = { name: 'db', namespace: 'default' };
  const spec = { selector: { matchLabels: { app: 'db' } }, serviceName: 'db', template, replicas: 2 };
  plane.client.create(plane.ctx, 'statefulsets.apps', { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata, spec } as never); // prettier-ignore
  plane.run(3000);
  const made = (): number => plane.deeds.filter(({ code }) => code === 'statefulset.revision').length;
  expect(made()).toBe(1);
  plane.client.delete(plane.ctx, 'statefulsets.apps', 'db', 'default', {
    options: { propagationPolicy: 'Foreground' },
  });
  plane.run(5000);
  expect(made()).toBeGreaterThan(1);
  for (const resource of ['statefulsets.apps', 'controllerrevisions.apps', 'pods'] as const)
    expect(plane.all(resource, 'default')).toEqual([]);
});
