import { controllerOf, type KubeObject } from '../kube/apimachinery/index.ts';
import type { KubeEvent } from '../kube/apis/index.ts';
import { createWorld, type World } from '../kube/cluster.ts';
import type { Input } from '../kube/inputs.ts';
import type { CommandOutput, CommandResult, Observation } from '../kube/observations.ts';
import type { Printed, RecordedEvent, Scenario } from './scenario.ts';

/** Virtual time that stands for "until nothing more was observed". */
const settleMs = 20_000;
/** Between two steps, in which a recorded kubectl started. */
const betweenMs = 100;
/** Longest that a kubectl line may take. */
const lineMs = 60_000;

/** What a recording's steps have led to on a whole cluster, with its names made plain. */
export interface ClusterReplay {
  /** What the kubectl steps printed, by number of the step, lines in order of the alphabet: drain's depend on names of pods. */
  readonly printed: ReadonlyMap<number, string[]>;
  /** `component type reason kind/name: message`, each once, in order of the alphabet. */
  readonly events: readonly string[];
  /** What a further line prints. */
  kubectl(line: string): string[];
}

/** Hashes and numbers of pods are chance: `web-<hash1>-<2>` and `web-<hash>-<n>` say the same. */
export const plainRecorded = (text: string): string =>
  text
    .replaceAll(/<hash\d+>/g, '<hash>')
    .replaceAll(/-<\d+>/g, '-<n>')
    .replaceAll('<ns>', 'default');

/** Lines of a text, cells split at two or more blanks, without ages and addresses, in order of the alphabet. */
export const linesOf = ({ stdout = '', stderr = '' }: Partial<Printed>): string[] =>
  `${stdout}${stderr}`
    .split('\n')
    .map((line) =>
      line
        .trim()
        .replaceAll(/\s{2,}/g, ' | ')
        .replaceAll(/\| (\d+[dhms])+(?= \||$)/g, '| <age>')
        .replaceAll(/<ip\d+>|\b10\.\d+\.\d+\.\d+\b/g, '<ip>'),
    )
    .filter((line) => line !== '')
    .sort();

/** Events of some components in the form of `ClusterReplay.events`. */
export const eventLines = (events: readonly RecordedEvent[], components: readonly string[]): string[] => {
  const lines = events
    .filter(({ component }) => components.includes(component))
    .map((e) => `${e.component} ${e.type} ${e.reason} ${e.kind}/${e.name}: ${e.message}`);
  return [...new Set(lines)].sort();
};

/** Names of pods and ReplicaSets that hold chance → the same without. */
function watchNames(world: World, heard: (told: CommandOutput | CommandResult) => void): (text: string) => string {
  const names = new Map<string, string>();
  const note = ({ kind, metadata }: KubeObject): void => {
    const owner = controllerOf({ metadata } as KubeObject);
    if (kind === 'ReplicaSet' && owner) names.set(metadata.name, `${owner.name}-<hash>`);
    if (kind === 'Pod' && owner) names.set(metadata.name, `${names.get(owner.name) ?? owner.name}-<n>`);
  };
  world.kernel.observer = {
    observe(told) {
      const observation = told as Observation;
      if (observation.type === 'result' || observation.type === 'output') heard(observation);
      if (observation.type === 'write' && observation.next) note(observation.next as KubeObject);
    },
  };
  return (text) => {
    const longest = [...names.keys()].sort((a, b) => b.length - a.length);
    return longest.reduce((plain, name) => plain.replaceAll(name, names.get(name)!), text);
  };
}

/**
 * Plays a recording on a whole cluster of three machines like those recorded, and further ones that it names; `beside` happens
 * before it and after steps, in place of what else ran on those machines.
 */
export function replayOnCluster(
  scenario: Scenario,
  components: readonly string[],
  beside: Readonly<Record<number, readonly Input[]>> = {},
): ClusterReplay {
  const memoryBytes = 3840 * 1024 ** 2;
  const world = createWorld({ seed: 1, nodes: 3, cpuMilli: 1000, memoryBytes, podsPerNode: 110, storageClass: false });
  const { kernel } = world;
  let id = 0;
  let ended = false;
  let answer = { stdout: '', stderr: '' };
  const plain = watchNames(world, (told) => {
    if (told.id !== id) return;
    answer = { stdout: answer.stdout + told.stdout, stderr: answer.stderr + told.stderr };
    ended = told.type === 'result';
  });
  const run = (ms: number): void => kernel.runUntil(kernel.state.now + ms);
  const type = (line: string, object?: KubeObject): Partial<Printed> => {
    id++;
    ended = false;
    answer = { stdout: '', stderr: '' };
    const files = object && { files: { 'manifest.json': JSON.stringify(object) } };
    world.input(id, { type: 'kubectl', line, ...files });
    const end = kernel.state.now + lineMs;
    while (!ended && kernel.nextAt() <= end) kernel.step();
    if (!ended) throw new Error(`${line} has not ended within a minute`);
    return answer;
  };
  const meanwhile = (step: number): void => {
    for (const input of beside[step] ?? []) world.input(0, input);
    if (beside[step]) run(settleMs);
  };
  const plainLines = (result: Partial<Printed>): string[] =>
    linesOf({ stdout: plain(result.stdout ?? ''), stderr: plain(result.stderr ?? '') });
  run(settleMs);
  meanwhile(-1);
  const printed = new Map<number, string[]>();
  for (const step of scenario.steps) {
    if (step.apply) type('apply -f manifest.json', step.apply);
    else if (typeof step.kubectl === 'string') printed.set(step.i, plainLines(type(step.kubectl)));
    else if (step.settle) run(settleMs);
    else throw new Error(`a step that is not played here: ${JSON.stringify(step)}`);
    meanwhile(step.i);
    run(betweenMs);
  }
  const etcd = kernel.state.parts.get('etcd') as { resources: Map<string, Map<string, KubeEvent>> };
  const told = [...(etcd.resources.get('events')?.values() ?? [])]
    .filter(({ metadata }) => metadata.namespace === 'default')
    .map((e) => ({
      component: e.reportingComponent!,
      type: e.type!,
      reason: e.reason!,
      kind: e.involvedObject.kind!,
      name: plain(e.involvedObject.name!),
      message: plain(e.message!),
      count: 1,
    }));
  return { printed, events: eventLines(told, components), kubectl: (line) => plainLines(type(line)) };
}
