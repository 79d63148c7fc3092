import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { recordedEvents, replay, type Scenario } from '../../testing/scenario.ts';

const folder = new URL('../../testing/golden/scenarios/', import.meta.url);
const load = (name: string): Scenario => JSON.parse(readFileSync(new URL(`${name}.json`, folder), 'utf8')) as Scenario;

const components = [
  'deployment-controller',
  'replicaset-controller',
  'replication-controller',
  'daemonset-controller',
  'statefulset-controller',
];

/**
 * Recordings of workloads. Left out are those whose steps depend on races: several pods that become ready at the same time.
 */
const scenarios = [
  'apply-prune-fields',
  'deploy-create-3',
  'deploy-created-paused',
  'deploy-nontemplate-change',
  'deploy-recreate',
  'deploy-scale-down-deletion-cost',
  'deploy-scale-down-unready-first',
  'deploy-strategy-switch',
  'deploy-two-same-selector',
  'ds-basic-update',
  'ds-node-added-tainted',
  'ds-surge',
  'gated-1-default',
  'gated-2-default',
  'gated-3-default',
  'gated-3-surge0-unavail1',
  'gated-4-default',
  'gated-4-pause-mid-rollout',
  'gated-4-rollover',
  'gated-4-surge100-unavail0',
  'gated-4-undo-mid-rollout',
  'gated-10-default',
  'pod-deleted-replaced',
  'progress-deadline',
  'proportional-scaling',
  'rc-basic',
  'revision-history-limit',
  'rolling-1-default',
  'rolling-2-default',
  'rolling-3-surge1-unavail0',
  'rolling-4-surge0-unavail100',
  'rolling-gated-step-by-step',
  'rolling-min-ready-seconds',
  'rollout-undo',
  'rollout-undo-to-revision',
  'rs-adopts-orphan',
  'rs-releases-pod',
  'sts-ondelete',
  'sts-parallel',
  'sts-partition',
  'sts-pvc',
  'sts-recovers-failed-pod',
  'sts-update-reverse',
];

/** The parts of a state that do not depend on how many changes a controller sees at once, equal neighbours collapsed. */
function outline(states: readonly Record<string, unknown>[]): string[] {
  const lines: string[] = [];
  for (const { revision, desired, max, specReplicas, conditions, status } of states) {
    const { desiredNumberScheduled, numberMisscheduled } = (status ?? {}) as Record<string, number>;
    const nodes = [desiredNumberScheduled, numberMisscheduled];
    const line = JSON.stringify([revision, desired, max, specReplicas, nodes, conditions ?? []]);
    if (lines.at(-1) !== line) lines.push(line);
  }
  return lines;
}

const statusText = ({ generation, specReplicas, status }: Record<string, unknown>): string =>
  JSON.stringify([generation, specReplicas, Object.entries(status as object).sort()]);

test.each(scenarios)('%s: events and states as recorded', (name) => {
  const scenario = load(name);
  const played = replay(scenario, components);
  // What is done in parallel comes in an order that is chance; once two controllers wrote to one claim at the same time.
  const raced = (line: string): boolean =>
    name === 'sts-pvc' && / Pod dd-0 in StatefulSet dd (successful|failed)/.test(line);
  const told = (events: ReadonlyMap<string, readonly string[]>): Record<string, readonly string[]> =>
    Object.fromEntries(
      [...events]
        .map(([key, list]) => [key, list.filter((line) => !raced(line))] as const)
        .map(([key, list]) => [key, name === 'sts-parallel' ? list.toSorted() : list]),
    );
  expect(told(played.events)).toEqual(told(recordedEvents(scenario, components)));
  for (const [object, states] of Object.entries(scenario.sequences)) {
    if (!/^(Deployment|ReplicaSet|ReplicationController|DaemonSet|StatefulSet|ControllerRevision)\//.test(object))
      continue;
    const kept = states.filter((state) => !state['deleted']);
    const mine = played.sequences.get(object) ?? [];
    expect([object, ...outline(mine)]).toEqual([object, ...outline(kept)]);
    // One pod after the other: every state in between is decided.
    if (object.startsWith('StatefulSet/') && name !== 'sts-parallel')
      expect([object, ...mine.map(statusText)]).toEqual([object, ...kept.map(statusText)]);
    if (kept.length === states.length)
      expect([object, mine.at(-1)?.['status']]).toEqual([object, states.at(-1)!['status']]);
  }
});

/** A deletion by its time in the recording. */
const deletions = (scenario: Scenario): string[] =>
  Object.entries(scenario.sequences)
    .filter(([object, states]) => /^(Deployment|ReplicaSet|ConfigMap)/.test(object) && states.at(-1)!['deleted'])
    .map(([object, states]) => ({ object, at: Number(states.at(-1)!['step']) * 1e6 + Number(states.at(-1)!['ms']) }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ object }) => object);

test.each(['gc-background', 'gc-foreground', 'gc-owner-chain'])('%s: objects go in the recorded order', (name) => {
  const scenario = load(name);
  const played = replay(scenario, components);
  expect(played.gone).toEqual(deletions(scenario));
  expect(Object.fromEntries(played.events)).toEqual(Object.fromEntries(recordedEvents(scenario, components)));
  expect(played.plane.all('pods')).toEqual([]);
});

test.each(['endpoints-headless', 'endpoints-readiness', 'endpoints-terminating'])('%s: slices as recorded', (name) => {
  const scenario = load(name);
  const played = replay(scenario, components);
  for (const [object, states] of Object.entries(scenario.sequences)) {
    if (!object.startsWith('EndpointSlice/')) continue;
    const wanted = states.map(({ ports, labels, endpoints }) => ({
      ports,
      labels,
      endpoints: (endpoints as Record<string, unknown>[]).map(({ addresses: _a, node: _n, ...rest }) => rest),
    }));
    expect(played.sequences.get(object.replace(/-<\d+>$/, ''))).toEqual(wanted);
  }
});
