import { lessonOf } from '../lessons/index.ts';
import type {
  ApiRequest,
  Fault,
  Input,
  JournalEntry,
  LessonRef,
  SavedRun,
  TrafficSource,
  WorldConfig,
} from '../protocol/index.ts';

/** Why a saved run cannot be opened, in a form the page can put into words. */
export class SavedRunError extends Error {
  override name = 'SavedRunError';
}

/** Bounds on what may be opened: beyond them a link or file is refused with a sentence, never a frozen tab. */
export const limits = {
  nodes: 1000,
  inputs: 10_000,
  seconds: 30 * 24 * 3600,
  beginsAtMs: 100 * 365 * 24 * 3_600_000,
  textLength: 2_000_000,
};

const record = (value: unknown, what: string): Record<string, unknown> => {
  if (value === null || typeof value !== 'object' || Array.isArray(value))
    throw new SavedRunError(`${what} is not an object`);
  return value as Record<string, unknown>;
};

const whole = (value: unknown, what: string, low: number, high: number): number => {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < low || value > high) {
    throw new SavedRunError(`${what} must be a whole number from ${low} to ${high}`);
  }
  return value;
};

const text = (value: unknown, what: string): string => {
  if (typeof value !== 'string') throw new SavedRunError(`${what} must be text`);
  if (value.length > limits.textLength)
    throw new SavedRunError(`${what} is longer than the ${limits.textLength} characters that are allowed`);
  return value;
};

/** Copies the own string entries of a record; keys such as `__proto__` are data like any other. */
const texts = (value: unknown, what: string): Record<string, string> =>
  Object.fromEntries(Object.entries(record(value, what)).map(([k, v]) => [k, text(v, `${what} ${k}`)]));

/**
 * Reads a saved run from parsed JSON that may be broken or hostile: every field is checked and copied,
 * nothing else gets through. Throws `SavedRunError` with what is wrong. `most` is for who reads what it has written itself.
 */
export function readSavedRun(
  value: unknown,
  most: Pick<typeof limits, 'nodes' | 'inputs' | 'seconds'> = limits,
): SavedRun {
  const run = record(value, 'the run');
  if (run['kubarium'] !== 1) throw new SavedRunError('this is not a Kubarium run of format 1');
  const journal = run['journal'];
  if (!Array.isArray(journal)) throw new SavedRunError('the journal is missing');
  if (journal.length > most.inputs)
    throw new SavedRunError(`the journal has ${journal.length} inputs, at most ${most.inputs} are allowed`);
  const world = readWorld(run['world'], most.nodes);
  let before = world.beginsAt ?? 0;
  const maxMs = before + most.seconds * 1000;
  const entries = journal.map((raw, i): JournalEntry => {
    const entry = record(raw, `input ${i}`);
    const at = whole(entry['at'], `time of input ${i}`, before, maxMs);
    before = at;
    const step =
      entry['step'] === undefined
        ? {}
        : { step: whole(entry['step'], `step of input ${i}`, 0, Number.MAX_SAFE_INTEGER) };
    return { at, ...step, input: readInput(entry['input'], i) };
  });
  return {
    kubarium: 1,
    engine: text(run['engine'], 'the engine version'),
    world,
    journal: entries,
    at: whole(run['at'], 'the position', 0, maxMs),
    ...(run['step'] !== undefined && {
      step: whole(run['step'], 'the step of the position', 0, Number.MAX_SAFE_INTEGER),
    }),
    ...(run['digest'] !== undefined && { digest: text(run['digest'], 'the digest') }),
    ...(run['editor'] !== undefined && { editor: text(run['editor'], 'the editor text') }),
    ...(run['lang'] !== undefined && { lang: text(run['lang'], 'the language') }),
    ...(run['lesson'] !== undefined && { lesson: readLesson(run['lesson']) }),
  };
}

function readLesson(value: unknown): LessonRef {
  const lesson = record(value, 'the lesson');
  const id = text(lesson['id'], 'the id of the lesson');
  const known = lessonOf(id);
  if (!known) throw new SavedRunError(`there is no lesson ${id}`);
  const { side } = lesson;
  if (side === undefined) return { id };
  if (!known.compare || (side !== 'a' && side !== 'b')) throw new SavedRunError(`lesson ${id} has no such side`);
  return { id, side };
}

function readWorld(value: unknown, mostNodes: number): WorldConfig {
  const world = record(value, 'the world');
  type Size = 'beginsAt' | 'cpuMilli' | 'memoryBytes' | 'podsPerNode';
  const optional = (name: Size, high: number): Partial<WorldConfig> =>
    world[name] === undefined ? {} : { [name]: whole(world[name], name, 1, high) };
  return {
    seed: whole(world['seed'], 'the seed', 0, 2 ** 32 - 1),
    nodes: whole(world['nodes'], 'the number of nodes', 0, mostNodes),
    ...optional('beginsAt', limits.beginsAtMs),
    ...optional('cpuMilli', 1_000_000),
    ...optional('memoryBytes', 2 ** 50),
    ...optional('podsPerNode', 100_000),
    ...(world['networkPolicies'] === false && { networkPolicies: false }),
    ...(world['metricsServer'] === false && { metricsServer: false }),
    ...(world['storageClass'] === false && { storageClass: false }),
  };
}

function readInput(value: unknown, i: number): Input {
  const input = record(value, `input ${i}`);
  switch (input['type']) {
    case 'kubectl':
      return {
        type: 'kubectl',
        line: text(input['line'], `line of input ${i}`),
        ...(input['files'] !== undefined && { files: texts(input['files'], `files of input ${i}`) }),
        ...(input['stdin'] !== undefined && { stdin: text(input['stdin'], `standard input of input ${i}`) }),
      };
    case 'request':
      return { type: 'request', request: readRequest(input['request'], i) };
    case 'interrupt':
      return { type: 'interrupt', line: whole(input['line'], `line of input ${i}`, 0, Number.MAX_SAFE_INTEGER) };
    case 'exec':
      return readExec(input, i);
    case 'stdin':
      return {
        type: 'stdin',
        exec: whole(input['exec'], `exec of input ${i}`, 0, Number.MAX_SAFE_INTEGER),
        text: text(input['text'], `text of input ${i}`),
        ...(input['end'] === true && { end: true }),
        ...(input['stays'] === true && { stays: true }),
      };
    case 'dial':
      return readDial(input, i);
    case 'fault':
      return { type: 'fault', fault: readFault(input['fault'], i) };
    case 'traffic':
      return { type: 'traffic', source: readSource(input['source'], i) };
    default:
      throw new SavedRunError(`input ${i} has an unknown type`);
  }
}

function readExec(input: Readonly<Record<string, unknown>>, i: number): Input {
  const { command } = input;
  if (command !== null && !Array.isArray(command)) throw new SavedRunError(`command of input ${i} is not a list`);
  return {
    type: 'exec',
    namespace: text(input['namespace'], `namespace of input ${i}`),
    pod: text(input['pod'], `pod of input ${i}`),
    container: text(input['container'], `container of input ${i}`),
    command: command && command.map((word) => text(word, `command of input ${i}`)),
    stdin: input['stdin'] === true,
    tty: input['tty'] === true,
  };
}

function readDial(input: Readonly<Record<string, unknown>>, i: number): Input {
  const { to: target, protocol } = input;
  if (protocol !== 'http' && protocol !== 'tcp') throw new SavedRunError(`input ${i} has an unknown protocol`);
  const optional = (name: 'method' | 'path' | 'body'): Record<string, string> =>
    input[name] === undefined ? {} : { [name]: text(input[name], `${name} of input ${i}`) };
  return {
    type: 'dial',
    to: typeof target === 'string' ? target : readTarget(record(target, `target of input ${i}`), i),
    port: whole(input['port'], `port of input ${i}`, 1, 65_535),
    protocol,
    ...optional('method'),
    ...optional('path'),
    ...optional('body'),
    ...(input['headers'] !== undefined && { headers: texts(input['headers'], `headers of input ${i}`) }),
  };
}

function readTarget(to: Readonly<Record<string, unknown>>, i: number): Extract<Input, { type: 'dial' }>['to'] {
  return to['line'] === undefined
    ? { namespace: text(to['namespace'], `namespace of input ${i}`), pod: text(to['pod'], `pod of input ${i}`) }
    : { line: whole(to['line'], `line of input ${i}`, 0, Number.MAX_SAFE_INTEGER) };
}

const verbs = ['create', 'update', 'patch', 'delete', 'deletecollection'] as const;

/** A request as a client outside sent it. Its body is judged by the API server; here it is only some JSON. */
function readRequest(value: unknown, i: number): ApiRequest {
  const request = record(value, `request of input ${i}`);
  const verb = verbs.find((known) => known === request['verb']);
  if (!verb) throw new SavedRunError(`input ${i} has a request with an unknown verb`);
  const word = (name: 'namespace' | 'name' | 'subresource' | 'patchType'): Record<string, string> =>
    request[name] === undefined ? {} : { [name]: text(request[name], `${name} of input ${i}`) };
  return {
    verb,
    resource: text(request['resource'], `resource of input ${i}`),
    ...word('namespace'),
    ...word('name'),
    ...word('subresource'),
    ...word('patchType'),
    ...(request['body'] !== undefined && { body: request['body'] }),
    ...(request['options'] !== undefined && { options: record(request['options'], `options of input ${i}`) }),
    ...(request['user'] !== undefined && { user: readUser(record(request['user'], `user of input ${i}`), i) }),
  };
}

/** Who sent a request, where it was not the administrator: what roles refused then is refused again. */
function readUser({ name, groups }: Readonly<Record<string, unknown>>, i: number): NonNullable<ApiRequest['user']> {
  if (!Array.isArray(groups)) throw new SavedRunError(`groups of input ${i} is not a list`);
  return {
    name: text(name, `user of input ${i}`),
    groups: groups.map((group) => text(group, `groups of input ${i}`)),
  };
}

/** Fault → the text fields that it needs. */
const faultFields: Readonly<Record<Fault['fault'], readonly string[]>> = {
  'container-crash': ['namespace', 'pod'],
  'container-hang': ['namespace', 'pod'],
  'container-leak': ['namespace', 'pod'],
  'container-heal': ['namespace', 'pod'],
  'node-crash': ['node'],
  'node-start': ['node'],
  'node-cut': ['node'],
  'node-reconnect': ['node'],
  'node-add': ['node'],
  'image-slow': ['image'],
  'image-missing': ['image'],
  'image-heal': ['image'],
  'policies-ignore': [],
  'policies-enforce': [],
  'process-stop': ['process'],
  'process-start': ['process'],
};

function readFault(value: unknown, i: number): Fault {
  const fault = record(value, `fault of input ${i}`);
  const name = text(fault['fault'], `fault of input ${i}`);
  if (!Object.hasOwn(faultFields, name)) throw new SavedRunError(`input ${i} has an unknown fault`);
  const fields = faultFields[name as Fault['fault']];
  const copy: Record<string, unknown> = { fault: name };
  for (const field of fields) copy[field] = text(fault[field], `${field} of input ${i}`);
  if (fault['container'] !== undefined) copy['container'] = text(fault['container'], `container of input ${i}`);
  if (fault['labels'] !== undefined) copy['labels'] = texts(fault['labels'], `labels of input ${i}`);
  if (
    name.startsWith('process') &&
    !['kube-apiserver', 'kube-scheduler', 'kube-controller-manager', 'metrics-server'].includes(
      copy['process'] as string,
    )
  ) {
    throw new SavedRunError(`input ${i} names an unknown process`);
  }
  return copy as unknown as Fault;
}

function readSource(value: unknown, i: number): TrafficSource {
  const source = record(value, `traffic of input ${i}`);
  const rps = source['rps'];
  if (typeof rps !== 'number' || !(rps >= 0 && rps <= 10_000))
    throw new SavedRunError(`rate of input ${i} must be 0 to 10000`);
  const from = source['from'];
  if (from !== 'outside' && from !== 'inside') throw new SavedRunError(`traffic of input ${i} comes from nowhere`);
  return {
    name: text(source['name'], `traffic name of input ${i}`),
    url: text(source['url'], `url of input ${i}`),
    rps,
    from,
    ...(source['namespace'] !== undefined && { namespace: text(source['namespace'], `namespace of input ${i}`) }),
    ...(source['labels'] !== undefined && { labels: texts(source['labels'], `labels of input ${i}`) }),
    timeoutMs: whole(source['timeoutMs'], `timeout of input ${i}`, 1, 3_600_000),
  };
}
