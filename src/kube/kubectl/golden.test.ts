import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { replay, type Scenario } from '../../testing/scenario.ts';
import { kubectl } from './index.ts';

const folder = new URL('../../testing/golden/', import.meta.url);
const load = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));

/** Cells of a text: placeholders and ages have no width that could be compared. */
const cells = (text: string): string[][] =>
  text.split('\n').map((line) =>
    line
      .replaceAll('<ns>', 'default')
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

/** Recordings at whose end Deployments, ReplicaSets and Services are printed. */
const scenarios = [
  'deploy-create-3',
  'deploy-created-paused',
  'deploy-nontemplate-change',
  'deploy-recreate',
  'endpoints-headless',
  'gated-4-pause-mid-rollout',
  'gated-4-rollover',
  'gated-4-undo-mid-rollout',
  'progress-deadline',
  'proportional-scaling',
  'revision-history-limit',
  'rollout-undo',
  'rollout-undo-to-revision',
  'rs-adopts-orphan',
  'rs-releases-pod',
];

test.each(scenarios)('%s: what kubectl prints at the end', (name) => {
  const scenario = load(`scenarios/${name}.json`) as Scenario;
  const played = replay(scenario, []);
  for (const { command, stdout = '', stderr = '', exitCode = 0 } of scenario.final.kubectl) {
    const line = command.replace(/^kubectl /, '');
    if (!/^(describe (deploy|rs|svc)|rollout)/.test(line)) continue;
    const mine = kubectl(played.plane.ctx, played.plane.api, line, {}, '');
    const got = withoutPods(cells(played.plain(mine.stdout)));
    expect([line, mine.exitCode, ...got]).toEqual([line, exitCode, ...withoutPods(cells(stdout))]);
    expect([line, played.plain(mine.stderr)]).toEqual([line, stderr]);
  }
});
