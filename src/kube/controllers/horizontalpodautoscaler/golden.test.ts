import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { recordedEvents, replay, type Scenario } from '../../../testing/scenario.ts';
import { kubectl } from '../../kubectl/index.ts';

const folder = new URL('../../../testing/golden/scenarios/', import.meta.url);

const scenarios = [
  'hpa-ambiguous',
  'hpa-limits',
  'hpa-memory-average-value',
  'hpa-no-metrics-api',
  'hpa-no-metrics-below-min',
  'hpa-scale-down-stabilised',
  'hpa-scale-up-default',
  'hpa-scaled-to-zero',
  'hpa-scaledown-disabled',
  'hpa-tolerance',
  'hpa-unready-pods',
];

/** What a command printed, ages and times left out: the part whose columns do not depend on them as it stands, the rest by cells. */
function printed(text: string): readonly (string | readonly string[])[] {
  const [head = '', ...events] = text.split(/(?<=^Events:)/m);
  const plain = head.replaceAll('<ns>', 'default').replace(/^CreationTimestamp: .*$/m, '');
  if (head.startsWith('Name:')) return [plain, events.map(cells)].flat(2);
  return cells(text);
}

const age = /(?<=\s|^)(<age>|\d+[smh](\d+[smh])?)(?=\s|\)|$)/gm;
const cells = (text: string): string[] =>
  text
    .replaceAll('<ns>', 'default')
    .replaceAll(age, '<age>')
    .split('\n')
    .map((line) =>
      line
        .trim()
        .split(/\s{2,}/)
        .join(' | '),
    );

test.each(scenarios)('%s: events, statuses and conditions as recorded', (name) => {
  const scenario = JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as Scenario;
  const components = ['horizontal-pod-autoscaler'];
  const played = replay(scenario, components);
  expect(Object.fromEntries(played.events)).toEqual(Object.fromEntries(recordedEvents(scenario, components)));
  for (const [object, states] of Object.entries(scenario.sequences)) {
    if (!object.startsWith('HorizontalPodAutoscaler/')) continue;
    const wanted = states.map(({ step: _step, ms: _ms, ...state }) => state);
    expect(played.sequences.get(object)).toEqual(JSON.parse(JSON.stringify(wanted).replaceAll('<ns>', 'default')));
  }
  for (const { command, stdout = '' } of scenario.final.kubectl) {
    if (!command.includes('hpa')) continue;
    const { ctx, api } = played.plane;
    expect(printed(kubectl(ctx, api, command.replace(/^kubectl /, ''), {}, '').stdout)).toEqual(printed(stdout));
  }
});
