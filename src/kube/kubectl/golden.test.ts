import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { replay, type Scenario } from '../../testing/scenario.ts';
import { controlPlane } from '../../testing/world.ts';
import type { CommandResult } from '../../protocol/index.ts';
import { createSession } from '../../session/index.ts';
import { kubectl } from './index.ts';

const folder = new URL('../../testing/golden/', import.meta.url);
const load = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));

const uid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Cells of a text: placeholders and ages have no width that could be compared. */
const cells = (text: string): string[][] =>
  text.split('\n').map((line) =>
    line
      .replaceAll('<ns>', 'default')
      .replaceAll('<driven-node>', 'driven')
      .replaceAll(uid, '<uid>')
      .replaceAll(/<hash\d+>/g, '<hash>')
      .replaceAll(/-<\d+>/g, '-<0>')
      .replaceAll(/<ip\d*>|<clusterIP>|\b\d+\.\d+\.\d+\.\d+\b/g, '<ip>')
      .replaceAll(/\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000/g, '<time>')
      .replaceAll(/<age>|(?<=\s)\d+[smh](\d+s)?(?=[\s)]|$)/g, '<age>')
      .trim()
      .split(/\s{2,}|\t/),
  );

/** Pods are the stand-in's work and chance: their rows and order are not compared. */
const withoutPods = (rows: string[][]): string[][] =>
  rows.map((row) => row.map((cell) => cell.replace(/(Created pod|Deleted pod): \S+/, '$1')));

/** Events of one second stand in an order that is chance: of a StatefulSet, which has many, all lines are sorted. */
const inOrder = (rows: string[][], line: string): string[][] =>
  line.startsWith('describe sts') ? rows.toSorted((a, b) => (a.join() < b.join() ? -1 : 1)) : rows;

/** Recordings at whose end workloads and Services are printed. */
const scenarios = [
  'cron-allow',
  'cron-failed-history',
  'cron-history',
  'cron-replace',
  'deploy-create-3',
  'deploy-created-paused',
  'deploy-nontemplate-change',
  'deploy-recreate',
  'ds-basic-update',
  'ds-node-added-tainted',
  'ds-surge',
  'endpoints-headless',
  'gated-4-pause-mid-rollout',
  'gated-4-rollover',
  'gated-4-undo-mid-rollout',
  'job-activedeadline',
  'job-backofflimit-0',
  'job-completions',
  'job-fail-then-succeed',
  'job-failurepolicy-ignore',
  'job-parallelism-change',
  'job-pod-deleted',
  'job-suspend-resume',
  'job-workqueue',
  'progress-deadline',
  'proportional-scaling',
  'revision-history-limit',
  'rollout-undo',
  'rollout-undo-to-revision',
  'rs-adopts-orphan',
  'rs-releases-pod',
  'pvc-static-binding',
  'sts-ondelete',
  'sts-parallel',
  'sts-partition',
  'sts-recovers-failed-pod',
  'sts-update-reverse',
];

test.each(scenarios)('%s: what kubectl prints at the end', (name) => {
  const scenario = load(`scenarios/${name}.json`) as Scenario;
  const played = replay(scenario, []);
  for (const { command, stdout = '', stderr = '', exitCode = 0 } of scenario.final.kubectl) {
    const line = command.replace(/^kubectl /, '');
    if (!/^(describe (deploy|rs|svc|ds|sts|pvc|pv)|rollout|get (controllerrev|pvc|pv))/.test(line)) continue;
    const mine = played.plane.kubectl(line);
    // Kubernetes says every 15 s what a claim waits for; here it is said once.
    const once = (text: string): string =>
      line.startsWith('describe pvc') ? text.replaceAll(/ \(x\d+ over [^)]+\)/g, '') : text;
    const rows = (text: string): string[][] => inOrder(withoutPods(cells(once(text))), line);
    expect([line, mine.exitCode, ...rows(played.plain(mine.stdout))]).toEqual([line, exitCode, ...rows(stdout)]);
    expect([line, played.plain(mine.stderr)]).toEqual([line, stderr]);
  }
});

interface Printed {
  readonly command: string;
  readonly files?: Readonly<Record<string, unknown>>;
  readonly heldOut?: boolean;
  readonly stdout?: string;
  readonly stderr?: string;
  readonly exitCode?: number;
}

const texts = (files: Readonly<Record<string, unknown>> = {}): Record<string, string> =>
  Object.fromEntries(
    Object.entries(files).map(([name, file]) => [name, typeof file === 'string' ? file : JSON.stringify(file)]),
  );

const namespaceOf = (name: string): ReturnType<typeof controlPlane> => {
  const plane = controlPlane({}, 0);
  kubectl(plane.ctx, plane.api, `create namespace ${name}`, {}, '');
  plane.run(500);
  return plane;
};

/** Beside it the recording had made these Deployments by other means; two others had applied the second. */
const pd = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'pd' },
  spec: {
    selector: { matchLabels: { app: 'pd' } },
    template: {
      metadata: { labels: { app: 'pd' } },
      spec: { containers: ['a', 'b'].map((name) => ({ name, image: 'registry.example/web:1' })) },
    },
  },
};

const ssa = {
  ...pd,
  metadata: { name: 'ssa', labels: { own: 'a' } },
  spec: {
    replicas: 0,
    selector: { matchLabels: { app: 'ssa' } },
    template: {
      metadata: { labels: { app: 'ssa' } },
      spec: { containers: [{ name: 'app', image: 'registry.example/a:2' }] },
    },
  },
};

test('a recorded session of commands prints the same texts', () => {
  const plane = namespaceOf('misc');
  for (const manager of ['alice', 'bob']) {
    const line = `apply --server-side --field-manager=${manager} -n misc -f ssa`;
    kubectl(plane.ctx, plane.api, line, { ssa: JSON.stringify(ssa) }, '');
  }
  kubectl(plane.ctx, plane.api, 'create -n misc -f pd', { pd: JSON.stringify(pd) }, '');
  for (const { command, files, heldOut, stdout, stderr, exitCode } of load('kubectl.json') as Printed[]) {
    const line = command.replace(/^kubectl /, '').replace(/[{].*[}]/, (json) => `'${json}'`);
    const { failures: _, ...mine } = kubectl(plane.ctx, plane.api, line, texts(files), '');
    const sorted = (text = ''): string => text.split('\n').sort().join('\n');
    if (heldOut || line === 'get deploy -o name -n misc') continue;
    // Suggestions come in the order of the full list of verbs.
    expect({ line, ...mine, stderr: sorted(mine.stderr) }).toEqual({ line, stdout, stderr: sorted(stderr), exitCode });
  }
});

interface Refusal {
  readonly name: string;
  readonly setup?: readonly unknown[];
  readonly body: unknown;
  readonly kubectl: readonly Printed[];
}

/** The order of unknown fields is chance in the server; a pod's diff is cut in the recordings. */
const inexact = /^unknown-field-two|^pod-update-nodename/;

const refusals = (load('kubectl-refusals.json') as Refusal[]).filter(({ name }) => !inexact.test(name));

test.each(refusals.map((refusal) => [refusal.name, refusal] as const))(
  'refused with kubectl’s words: %s',
  (_, refusal) => {
    for (const { command, stdout = '', stderr = '', exitCode = 0 } of refusal.kubectl) {
      const plane = namespaceOf('inv');
      for (const object of refusal.setup ?? [])
        kubectl(plane.ctx, plane.api, 'apply -n inv -f s.json', texts({ 's.json': object }), '');
      const line = command.replace(/^kubectl /, '');
      const mine = kubectl(plane.ctx, plane.api, line, texts({ 'manifest.json': refusal.body }), '');
      const said = mine.stderr.replaceAll(uid, '<uid>');
      expect([line, mine.stdout, said, mine.exitCode]).toEqual([line, stdout, stderr, exitCode]);
    }
  },
);

/** Recordings of one pod that cannot run: the whole cluster plays them, and kubectl describes the pod. */
const pending = [
  'sched-insufficient-both',
  'sched-insufficient-extended',
  'sched-insufficient-memory',
  'sched-node-affinity',
  'sched-nodename-missing',
  'sched-other-scheduler',
  'sched-pvc-missing',
  'sched-spread-missing-key',
];

test.each(pending)('%s: what kubectl prints of the pod', (name) => {
  const scenario = load(`scenarios/${name}.json`) as Scenario;
  const size = { nodes: 3, cpuMilli: 1000, memoryBytes: 3840 * 1024 ** 2 };
  const session = createSession({ world: { seed: 1, ...size }, journal: [] });
  session.advance(5000);
  const type = (line: string, files: Record<string, string> = {}): CommandResult =>
    session.input({ type: 'kubectl', line, files })!;
  for (const { apply, settle } of scenario.steps) {
    if (apply) type('apply -f m.json', texts({ 'm.json': apply }));
    session.advance(session.now + (settle ?? 100));
  }
  for (const { command, stdout = '' } of scenario.final.kubectl) {
    const mine = type(command.replace(/^kubectl /, '')).stdout;
    const plain = (text: string): string => text.replaceAll(/kube-api-access-(<rand>|\w{5}\b)/g, 'kube-api-access');
    expect([command, ...cells(plain(mine))]).toEqual([command, ...cells(plain(stdout))]);
  }
});
