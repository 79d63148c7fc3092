import type { KubeObject } from '../apimachinery/index.ts';
import type { Pod } from '../apis/index.ts';
import type { AnyKind } from '../apis/kind.ts';
import { commands } from './commands/index.ts';
import { globalFlags, type FlagSet } from './parse.ts';

/** What a completion may draw from. */
export interface Known {
  readonly kinds: readonly AnyKind[];
  /** The objects of a kind, in every namespace. */
  objects(kind: AnyKind): Iterable<KubeObject>;
  /** The context's namespace. */
  readonly namespace: string;
  /** The working directory. */
  readonly files: readonly string[];
}

/** What may stand in the place of what was begun: words in the order in which they are shown. */
export interface Completion {
  /** Index in the line at which the word begins that is completed. */
  readonly from: number;
  readonly words: readonly string[];
}

/**
 * What stands at a place of a command line: a kind; names of the kind before it, or of kinds that are given; a kind that may have
 * its name behind a slash; one of some words.
 */
type Slot = 'kind' | 'names' | { readonly names: string } | { readonly owners: readonly string[] } | readonly string[];

const kindAndNames: readonly Slot[] = ['kind', 'names'];
const podOrOwner: Slot = {
  owners: [
    'pods',
    'deployments.apps',
    'replicasets.apps',
    'statefulsets.apps',
    'daemonsets.apps',
    'jobs.batch',
    'services',
  ],
};

/** What follows each verb; the last place repeats. Kubernetes: the ValidArgsFunction of each command. */
const slots: Readonly<Record<string, readonly Slot[]>> = {
  annotate: kindAndNames,
  attach: [podOrOwner],
  auth: [['can-i', 'whoami', 'reconcile'], ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'], 'kind'],
  autoscale: kindAndNames,
  config: [
    ['current-context', 'get-clusters', 'get-contexts', 'get-users', 'set-context', 'use-context', 'view'],
    ['kubarium'],
  ],
  cordon: [{ names: 'nodes' }],
  create: [
    // prettier-ignore
    ['clusterrole', 'clusterrolebinding', 'configmap', 'cronjob', 'deployment', 'ingress', 'job', 'namespace', 'poddisruptionbudget', 'priorityclass', 'quota', 'role', 'rolebinding', 'secret', 'service', 'serviceaccount', 'token'],
  ],
  debug: [{ owners: ['pods', 'nodes'] }],
  delete: kindAndNames,
  describe: kindAndNames,
  drain: [{ names: 'nodes' }],
  edit: kindAndNames,
  exec: [podOrOwner],
  explain: ['kind'],
  expose: kindAndNames,
  get: kindAndNames,
  label: kindAndNames,
  logs: [podOrOwner, []],
  patch: kindAndNames,
  'port-forward': [podOrOwner, []],
  rollout: [
    ['history', 'pause', 'restart', 'resume', 'status', 'undo'],
    ['daemonset', 'deployment', 'statefulset'],
    'names',
  ],
  scale: kindAndNames,
  set: [['env', 'image', 'resources', 'selector', 'serviceaccount', 'subject'], 'kind', 'names'],
  taint: [['nodes'], 'names'],
  top: [['node', 'pod'], 'names'],
  uncordon: [{ names: 'nodes' }],
  wait: kindAndNames,
};

/** Values of flags that are known beforehand. */
const flagValues: Readonly<Record<string, readonly string[]>> = {
  output: ['json', 'yaml', 'name', 'wide', 'jsonpath=', 'custom-columns=', 'go-template='],
  'dry-run': ['none', 'server', 'client'],
  cascade: ['background', 'orphan', 'foreground'],
  for: ['condition=', 'delete', 'jsonpath=', 'create'],
  type: ['json', 'merge', 'strategic'],
  restart: ['Always', 'OnFailure', 'Never'],
};

/** Words of a line with their places. A word may be begun in quotes: then nothing is completed. */
function wordsOf(typed: string): { text: string; from: number }[] {
  const words = [...typed.matchAll(/\S+/g)].map((match) => ({ text: match[0], from: match.index }));
  if (typed === '' || /\s$/.test(typed)) words.push({ text: '', from: typed.length });
  return words;
}

/** What kubectl's own completion would offer at the end of a line that has been begun (without the word `kubectl`). Pure. */
export function complete(typed: string, known: Known): Completion {
  const words = wordsOf(typed);
  const last = words.at(-1)!;
  const offer = (from: number, all: Iterable<string>): Completion => {
    const begun = typed.slice(from);
    return { from, words: [...new Set(all)].filter((word) => word.startsWith(begun) && word !== '').sort() };
  };
  const [verb] = words.find(({ text }) => !text.startsWith('-'))?.text ? words : [last];
  if (words.length === 1 || !verb)
    return offer(
      last.from,
      commands.map(({ name }) => name),
    );
  const command = commands.find(({ name }) => name === verb.text);
  const flags = allFlags(command?.flags);
  const line = readLine(
    words.slice(1, -1).map(({ text }) => text),
    flags,
  );
  const space = line.everywhere ? undefined : (line.namespace ?? known.namespace);
  const ofFlag = (name: string): readonly string[] => valuesOf(name, known, line.positional, space);

  if (line.rest) return { from: last.from, words: [] };
  if (line.pending) return offer(last.from, ofFlag(line.pending));
  if (last.text.startsWith('-')) {
    const [, name, value] = /^--([\w-]+)=(.*)$/.exec(last.text) ?? [];
    if (name !== undefined) return offer(typed.length - value!.length, ofFlag(name));
    return offer(
      last.from,
      Object.keys(flags.flags).map((flag) => `--${flag}`),
    );
  }
  return positional(
    last,
    Object.hasOwn(slots, verb.text) ? slots[verb.text]! : [],
    line.positional,
    known,
    space,
    offer,
  );
}

const allFlags = (own: FlagSet = { flags: {} }): Required<FlagSet> => ({
  flags: { ...globalFlags.flags, ...own.flags },
  short: { ...globalFlags.short, ...own.short },
});

/** What the words before the last one say. */
interface Reading {
  readonly positional: readonly string[];
  readonly namespace: string | undefined;
  readonly everywhere: boolean;
  /** The flag whose value comes next. */
  readonly pending: string | undefined;
  /** Behind `--`: what runs in a container is not ours. */
  readonly rest: boolean;
}

function readLine(words: readonly string[], { flags, short }: Required<FlagSet>): Reading {
  const positional: string[] = [];
  let [namespace, everywhere, pending]: [string | undefined, boolean, string | undefined] = [
    undefined,
    false,
    undefined,
  ];
  for (const word of words) {
    if (word === '--') return { positional, namespace, everywhere, pending, rest: true };
    if (pending !== undefined) {
      if (pending === 'namespace') namespace = word;
      pending = undefined;
      continue;
    }
    const [, long, value] = /^--([\w-]+)(?:=(.*))?$/.exec(word) ?? [];
    const letter = /^-(\w)$/.exec(word)?.[1];
    const name = long ?? (letter === undefined ? undefined : short[letter]);
    if (name === undefined) {
      if (!word.startsWith('-')) positional.push(word);
    } else if (name === 'all-namespaces') everywhere = value !== 'false';
    else if (value !== undefined) namespace = name === 'namespace' ? value : namespace;
    else if (Object.hasOwn(flags, name) && flags[name] !== 'boolean') pending = name;
  }
  return { positional, namespace, everywhere, pending, rest: false };
}

function valuesOf(
  flag: string,
  known: Known,
  positional: readonly string[],
  space: string | undefined,
): readonly string[] {
  if (flag === 'namespace') return namesOf('namespaces', known, undefined);
  if (flag === 'filename') return known.files;
  if (flag !== 'container') return Object.hasOwn(flagValues, flag) ? flagValues[flag]! : [];
  const name = positional[0]?.replace(/^(pods?|po)\//, '');
  for (const pod of objectsIn('pods', known, space)) {
    if (pod.metadata.name !== name) continue;
    const { containers = [], initContainers = [] } = (pod as unknown as Pod).spec ?? {};
    return [...containers, ...initContainers].map((container) => container.name);
  }
  return [];
}

function positional(
  { text, from }: { readonly text: string; readonly from: number },
  places: readonly Slot[],
  before: readonly string[],
  known: Known,
  space: string | undefined,
  offer: (from: number, all: Iterable<string>) => Completion,
): Completion {
  const slash = text.indexOf('/');
  const slot = places[Math.min(before.length, places.length - 1)];
  const names = (kind: AnyKind | undefined): string[] =>
    kind ? namesOf(kind.key, known, space).filter((name) => !before.includes(name)) : [];
  if (slot === undefined) return { from, words: [] };
  const owner = slash < 0 ? undefined : kindBy(text.slice(0, slash), known);
  if (owner) return offer(from + slash + 1, names(owner));
  if (slot === 'kind' || (slot === 'names' && before.at(-1)?.includes('/'))) return offer(from, kindWords(text, known));
  if (slot === 'names') {
    const kind = before.map((word) => kindBy(word, known)).find((found) => found !== undefined);
    return offer(from, kind ? names(kind) : []);
  }
  if ('names' in slot) return offer(from, names(known.kinds.find(({ key }) => key === slot.names)));
  if (!('owners' in slot)) return offer(from, slot);
  const owners = known.kinds.filter(({ key }) => slot.owners.includes(key));
  const others = owners.slice(1).map(({ singular }) => `${singular}/`);
  return offer(from, [...names(owners.find(({ key }) => key === slot.owners[0])), ...(text === '' ? [] : others)]);
}

/** Plurals; a short name only where no plural begins like it. */
function kindWords(begun: string, known: Known): readonly string[] {
  const comma = begun.lastIndexOf(',') + 1;
  const [given, part] = [begun.slice(0, comma), begun.slice(comma)];
  const plurals = known.kinds.map(({ resource }) => resource);
  const words = plurals.some((plural) => plural.startsWith(part))
    ? plurals
    : known.kinds.flatMap(({ shortNames, singular }) => [...shortNames, singular]);
  return words.map((word) => given + word);
}

const kindBy = (word: string, { kinds }: Known): AnyKind | undefined => {
  const lower = word.toLowerCase();
  return kinds.find(
    ({ key, resource, singular, shortNames }) =>
      key === lower || resource === lower || singular === lower || shortNames.includes(lower),
  );
};

function* objectsIn(key: string, known: Known, space: string | undefined): Generator<KubeObject> {
  const kind = known.kinds.find((k) => k.key === key);
  if (!kind) return;
  for (const object of known.objects(kind))
    if (!kind.namespaced || space === undefined || object.metadata.namespace === space) yield object;
}

const namesOf = (key: string, known: Known, space: string | undefined): string[] =>
  [...objectsIn(key, known, space)].map(({ metadata }) => metadata.name);
