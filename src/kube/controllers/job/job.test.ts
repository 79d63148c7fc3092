import { describe, expect, it } from 'vitest';
import type { DrivenPlan } from '../../../testing/driven.ts';
import { controlPlane, type ControlPlane } from '../../../testing/world.ts';
import type { Job, KubeEvent, Pod } from '../../apis/index.ts';

const plane = (driven: DrivenPlan): ControlPlane => controlPlane({ runMs: 40, driven });

const create = (p: ControlPlane, spec: object, metadata: object = {}): void => {
  const template = {
    spec: { restartPolicy: 'Never', nodeSelector: { driven: 'yes' }, containers: [{ name: 'app', image: 'app' }] },
  };
  p.client.create(p.ctx, 'jobs.batch', {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'work', namespace: 'default', ...metadata },
    spec: { template, ...spec },
  } as never);
};

const theJob = (p: ControlPlane): Job => p.all<Job>('jobs.batch', 'default')[0]!;
const pods = (p: ControlPlane): Pod[] => p.all<Pod>('pods', 'default');
const events = (p: ControlPlane): string[] =>
  p.all<KubeEvent>('events', 'default').map((e) => `${e.reason}: ${e.message}`.replaceAll(/-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, '-*')); // prettier-ignore
const conditions = (p: ControlPlane): string[] =>
  (theJob(p).status?.conditions ?? []).map((c) => `${c.type}: ${c.message}`.replaceAll(/-[bcdfghjklmnpqrstvwxz2456789]{5}\b/g, '-*')); // prettier-ignore

describe('an Indexed Job', () => {
  it('gives each pod its index in name, host name, label, annotation and environment', () => {
    const p = plane([{ startMs: 100 }]);
    create(p, { completionMode: 'Indexed', completions: 2, parallelism: 2 });
    p.run(1000);
    const [, second] = pods(p);
    const index = 'batch.kubernetes.io/job-completion-index';
    expect(second!.metadata.name).toMatch(/^work-1-.{5}$/);
    expect(second!.spec!.hostname).toBe('work-1');
    expect([second!.metadata.labels![index], second!.metadata.annotations![index]]).toEqual(['1', '1']);
    expect(second!.spec!.containers[0]!.env).toEqual([
      {
        name: 'JOB_COMPLETION_INDEX',
        valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: `metadata.labels['${index}']` } },
      },
    ]);
  });

  it('tries each index again for itself, and fails with those that failed too often', () => {
    const fails = { startMs: 100, after: 500, exit: 1 };
    const p = plane({ index0: { startMs: 100, after: 500 }, index1: fails, others: { startMs: 100, after: 500 } });
    create(p, { completionMode: 'Indexed', completions: 3, parallelism: 3, backoffLimitPerIndex: 1 });
    p.run(5000);
    expect(theJob(p).status).toMatchObject({ completedIndexes: '0,2', failedIndexes: '', succeeded: 2 });
    p.run(60_000);
    expect(theJob(p).status).toMatchObject({ completedIndexes: '0,2', failedIndexes: '1', succeeded: 2, failed: 2 });
    expect(conditions(p)).toEqual(['FailureTarget: Job has failed indexes', 'Failed: Job has failed indexes']);
    const counts = pods(p).map((pod) => pod.metadata.annotations!['batch.kubernetes.io/job-index-failure-count']);
    expect(counts.toSorted()).toEqual(['0', '0', '0', '1']);
    expect(pods(p).every((pod) => !pod.metadata.finalizers)).toBe(true);
  });

  it('stops at more failed indexes than it may have', () => {
    const p = plane({ others: { startMs: 100, after: 500, exit: 1 } });
    create(p, {
      completionMode: 'Indexed',
      completions: 9,
      parallelism: 3,
      backoffLimitPerIndex: 0,
      maxFailedIndexes: 1,
    });
    p.run(10_000);
    const why = 'Job has exceeded the specified maximal number of failed indexes';
    expect(conditions(p)).toEqual([`FailureTarget: ${why}`, `Failed: ${why}`]);
    expect(theJob(p).status).toMatchObject({ failedIndexes: '0-2', failed: 3 });
  });

  it('grows and shrinks with parallelism and completions together', () => {
    const p = plane([{ startMs: 100 }]);
    create(p, { completionMode: 'Indexed', completions: 2, parallelism: 2 });
    p.run(2000);
    const resize = (n: number): void => {
      p.client.patch(p.ctx, 'jobs.batch', 'work', 'default', {
        type: 'merge',
        body: { spec: { completions: n, parallelism: n } },
      });
      p.run(5000);
    };
    resize(4);
    expect(pods(p).length).toBe(4);
    resize(1);
    expect(pods(p).map((pod) => pod.spec!.hostname)).toEqual(['work-0']);
    expect(() => p.client.patch(p.ctx, 'jobs.batch', 'work', 'default', { type: 'merge', body: { spec: { completions: 3 } } })).toThrow('can only be modified in tandem with spec.parallelism'); // prettier-ignore
  });
});

describe('a failure policy', () => {
  it('fails the whole Job at once, and says which rule', () => {
    const p = plane([{ startMs: 100, after: 500, exit: 42 }, { startMs: 100 }]);
    const rules = [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [42] } }];
    create(p, { completions: 3, parallelism: 2, podFailurePolicy: { rules } });
    p.run(5000);
    const why = 'Container app for pod default/work-* failed with exit code 42 matching FailJob rule at index 0';
    expect(conditions(p)).toEqual([`FailureTarget: ${why}`, `Failed: ${why}`]);
    expect(theJob(p).status).toMatchObject({ failed: 2, terminating: 0 });
    expect(events(p)).toContain(`PodFailurePolicy: ${why}`);
    expect(theJob(p).spec!.podReplacementPolicy).toBe('Failed');
  });
});

describe('the end of a Job', () => {
  it('is followed by its removal, pods first, when it has a time to live', () => {
    const p = plane([{ startMs: 100, after: 500 }]);
    create(p, { ttlSecondsAfterFinished: 10 });
    p.run(9000);
    expect(theJob(p).status).toMatchObject({ succeeded: 1 });
    p.run(8000);
    expect([p.all('jobs.batch', 'default'), pods(p)]).toEqual([[], []]);
    expect(p.deeds.some((deed) => deed.code === 'ttlafterfinished.delete')).toBe(true);
  });

  it('comes through the API without its pods, unless the client says so', () => {
    const p = plane([{ startMs: 100 }]);
    create(p, { completions: 2, parallelism: 2 });
    p.run(2000);
    p.client.delete(p.ctx, 'jobs.batch', 'work', 'default');
    p.run(3000);
    expect(p.all('jobs.batch', 'default')).toEqual([]);
    expect(pods(p).map(({ metadata: m }) => [m.ownerReferences, m.finalizers, m.deletionTimestamp])).toEqual([
      [undefined, undefined, undefined],
      [undefined, undefined, undefined],
    ]);
  });

  it('takes its pods along with kubectl delete', () => {
    const p = plane([{ startMs: 100 }]);
    create(p, { completions: 2, parallelism: 2 });
    p.run(2000);
    expect(p.kubectl('delete job work').stdout).toBe('job.batch "work" deleted from default namespace\n');
    p.run(3000);
    expect(pods(p)).toEqual([]);
  });

  it('waits with podReplacementPolicy Failed until a deleted pod has ended', () => {
    const p = plane([{ startMs: 100 }]);
    create(p, { podReplacementPolicy: 'Failed' });
    p.run(3000);
    p.client.delete(p.ctx, 'pods', pods(p)[0]!.metadata.name, 'default');
    p.run(200);
    expect(theJob(p).status).toMatchObject({ active: 1 });
    p.run(2000);
    expect(theJob(p).status).toMatchObject({ failed: 1, terminating: 0 });
    p.run(12_000);
    expect(theJob(p).status).toMatchObject({ active: 1, failed: 1 });
  });
});

it('adopts pods that its own selector finds, and lets go of those that it no longer finds', () => {
  const p = plane([{ startMs: 100 }]);
  const labels = { app: 'mine' };
  const containers = [{ name: 'app', image: 'app' }];
  const spec = { restartPolicy: 'Never', nodeSelector: { driven: 'yes' }, containers };
  p.client.create(p.ctx, 'pods', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'orphan', namespace: 'default', labels }, spec } as never); // prettier-ignore
  p.run(500);
  create(p, { manualSelector: true, selector: { matchLabels: labels }, template: { metadata: { labels }, spec } });
  p.run(2000);
  const orphan = (): Pod => pods(p).find((pod) => pod.metadata.name === 'orphan')!;
  expect(pods(p).length).toBe(1);
  expect(orphan().metadata).toMatchObject({ ownerReferences: [{ name: 'work' }], finalizers: ['batch.kubernetes.io/job-tracking'] }); // prettier-ignore
  p.client.patch(p.ctx, 'pods', 'orphan', 'default', {
    type: 'merge',
    body: { metadata: { labels: { app: 'free' } } },
  });
  p.run(2000);
  expect(orphan().metadata.ownerReferences ?? []).toEqual([]);
  expect(orphan().metadata.finalizers ?? []).toEqual([]);
  expect(pods(p).length).toBe(2);
});

it('lets the rules where pods go and what they ask for be changed only while it is suspended and no pod is left', () => {
  const p = plane([{ startMs: 100 }]);
  create(p, { suspend: true });
  p.run(2000);
  const patch = (body: object): void =>
    void p.client.patch(p.ctx, 'jobs.batch', 'work', 'default', { type: 'strategic', body });
  const moved = { spec: { template: { metadata: { labels: { a: 'b' } }, spec: { nodeSelector: { zone: 'a' } } } } };
  patch(moved);
  expect(theJob(p).spec!.template.spec!.nodeSelector).toEqual({ driven: 'yes', zone: 'a' });
  expect(() => patch({ spec: { template: { spec: { hostname: 'x' } } } })).toThrow('field is immutable');
  patch({ spec: { suspend: false } });
  p.run(2000);
  const again = { spec: { template: { spec: { nodeSelector: { zone: 'b' } } } } };
  expect(() => patch(again)).toThrow('field is immutable');
  patch({ spec: { suspend: true } });
  expect(() => patch(again), 'its pods are still there').toThrow('field is immutable');
  p.run(5000);
  patch(again);
  const [container] = theJob(p).spec!.template.spec!.containers;
  const asked = { requests: { cpu: '2' } };
  patch({ spec: { template: { spec: { containers: [{ name: container!.name, resources: asked }] } } } });
  patch({ spec: { suspend: false } });
  p.run(2000);
  const [pod] = pods(p).filter((each) => each.metadata.deletionTimestamp === undefined);
  expect(pod!.spec!.nodeSelector).toEqual({ driven: 'yes', zone: 'b' });
  expect(pod!.spec!.containers[0]!.resources).toEqual(asked);
});
