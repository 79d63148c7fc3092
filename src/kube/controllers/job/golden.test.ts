import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { recordedEvents, replay, type Scenario } from '../../../testing/scenario.ts';

const folder = new URL('../../../testing/golden/scenarios/', import.meta.url);
const load = (name: string): Scenario => JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as Scenario;

const components = ['job-controller', 'cronjob-controller'];

const scenarios = [
  'cron-allow',
  'cron-failed-history',
  'cron-history',
  'cron-replace',
  'job-activedeadline',
  'job-backofflimit-0',
  'job-completions',
  'job-fail-then-succeed',
  'job-failurepolicy-ignore',
  'job-indexed-backoff-per-index',
  'job-parallelism-change',
  'job-pod-deleted',
  'job-success-policy',
  'job-suspend-resume',
  'job-workqueue',
];

/** Pods are created and deleted side by side: the order of such events is chance. */
function inOrder(events: ReadonlyMap<string, readonly string[]>): Record<string, string[]> {
  const reason = (line: string): string => line.slice(0, line.indexOf(':'));
  const sorted = (lines: readonly string[]): string[] => {
    const runs: string[][] = [];
    for (const line of lines)
      if (runs.length > 0 && reason(runs.at(-1)![0]!) === reason(line)) runs.at(-1)!.push(line);
      else runs.push([line]);
    return runs.flatMap((run) => run.sort());
  };
  return Object.fromEntries([...events].map(([object, lines]) => [object, sorted(lines)]));
}

test.each(scenarios)('%s: events and every written status as recorded', (name) => {
  const scenario = load(name);
  const played = replay(scenario, components);
  expect(inOrder(played.events)).toEqual(inOrder(recordedEvents(scenario, components)));
  for (const [object, states] of Object.entries(scenario.sequences)) {
    if (!/^(Job|CronJob)\//.test(object)) continue;
    const wanted = states.filter((s) => !s['deleted']).map(({ step: _s, ms: _m, ...state }) => state);
    expect([object, ...(played.sequences.get(object) ?? [])]).toEqual([object, ...wanted]);
  }
});
