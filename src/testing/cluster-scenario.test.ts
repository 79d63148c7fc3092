import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Input } from '../kube/inputs.ts';
import { eventLines, linesOf, plainRecorded, replayOnCluster } from './cluster-scenario.ts';
import type { Scenario } from './scenario.ts';

const image = 'nginx:1.27';

const folder = new URL('./golden/scenarios/', import.meta.url);
const load = (name: string): Scenario =>
  // The hollow kubelets ran whatever they were given; here an image has to be somewhere.
  JSON.parse(
    plainRecorded(readFileSync(new URL(`${name}.json`, folder), 'utf8')).replaceAll(
      /registry\.example\/\w+:1\.0/g,
      image,
    ),
  ) as Scenario;

const components = [
  'default-scheduler',
  'deployment-controller',
  'replicaset-controller',
  'daemonset-controller',
  'persistentvolume-controller',
  'controllermanager',
];

/** What ran beside a recording: a pod on each machine that leaves no room, in a namespace of its own; two of them end. */
const filler = (n: number): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: `filler-${n}`, namespace: 'kube-public' },
  spec: {
    nodeName: `node-${n}`,
    terminationGracePeriodSeconds: 0,
    containers: [{ name: 'app', image, resources: { requests: { cpu: '700m' } } }],
  },
});
const fill = (n: number): Input => ({
  type: 'kubectl',
  line: 'apply -f manifest.json',
  files: { 'manifest.json': JSON.stringify(filler(n)) },
});
const beside: Record<string, Record<number, Input[]>> = {
  'preemption-deployment-pdb': {
    // The youngest victim is preferred, and that was the one on node-3.
    [-1]: [fill(1), fill(2)],
    0: [fill(3)],
    7: [{ type: 'kubectl', line: 'delete pod filler-1 filler-2 filler-3 -n kube-public --ignore-not-found' }],
  },
  'cordon-drain': { [-1]: [{ type: 'fault', fault: { fault: 'node-add', node: 'node-d' } }] },
};

/** Recordings in which scheduler, controllers, kubelets and kubectl act upon each other. */
const scenarios = ['cordon-drain', 'preemption-deployment-pdb', 'pvc-wait-for-first-consumer'];

test.each(scenarios)('%s: what is told and printed is as recorded', (name) => {
  const scenario = load(name);
  const replay = replayOnCluster(scenario, components, beside[name]);
  // Whether a pod is tried between the two halves of an uncordon depends on a race.
  const settled = (lines: readonly string[]): string[] =>
    lines.filter((line) => !line.includes('untolerated taint(s)'));
  expect(settled(replay.events)).toEqual(settled(eventLines(scenario.events, components)));
  for (const { i, kubectl, ...recorded } of scenario.steps as (Scenario['steps'][number] & { stdout?: string })[])
    if (kubectl) expect([kubectl, ...replay.printed.get(i)!]).toEqual([kubectl, ...linesOf(recorded)]);
  for (const { command, ...recorded } of scenario.final.kubectl)
    if (command.startsWith('kubectl get'))
      expect([command, ...replay.kubectl(command.slice('kubectl '.length))]).toEqual([command, ...linesOf(recorded)]);
});
