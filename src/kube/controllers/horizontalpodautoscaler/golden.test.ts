import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { recordedEvents, replay, type Scenario } from '../../../testing/scenario.ts';

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
});
