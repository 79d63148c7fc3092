import { filterNames, filterOf, type Filter } from './filters.ts';
import type { Foreground, Streams } from './foreground.ts';
import type { LineHistory } from './history.ts';
import type { Host, Print } from './host.ts';
import type { Pipeline, Stage } from './parse.ts';

/** What a program of the shell can use. */
export interface Desk {
  readonly host: Host;
  readonly foreground: Foreground;
  readonly history: LineHistory;
  readonly note: Print;
  /** Prints what goes wrong. */
  readonly err: Print;
  clear(): void;
  /** Runs pipelines again and again, as `watch` does; resolves when it is interrupted. */
  watch(seconds: number, title: string, line: string): Promise<number>;
  /** What the last line ended with. */
  readonly status: number;
}

/** Words after the name, what comes in, and where it prints. */
type Program = (desk: Desk, stage: Stage, stdin: string | undefined, out: Print) => Promise<number> | number;

const fail = (desk: Desk, text: string, status = 1): number => {
  desk.err(`${text}\n`);
  return status;
};

/** The programs of the shell that are no filters. `clear`, `history` and the like are the shell's own. */
const programs: Readonly<Record<string, Program>> = {
  kubectl,
  k: kubectl,
  clear: (desk) => (desk.clear(), 0),
  echo(desk, { words }, _stdin, out) {
    const rest = words.slice(1).filter((word, i) => !(i === 0 && word === '-n'));
    out(`${rest.join(' ').replaceAll('$?', String(desk.status))}${words[1] === '-n' ? '' : '\n'}`);
    return 0;
  },
  exit: (desk) => (desk.host.leave(), 0),
  help: (desk) => (desk.note(desk.host.words.help), 0),
  history(desk, _stage, _stdin, out) {
    const { lines } = desk.history;
    out(lines.map((line, i) => `${String(i + 1).padStart(5)}  ${line}\n`).join(''));
    return 0;
  },
  ls(desk, _stage, _stdin, out) {
    out(
      Object.keys(desk.host.files())
        .map((name) => `${name}\n`)
        .join(''),
    );
    return 0;
  },
  pwd: (_desk, _stage, _stdin, out) => (out('/\n'), 0),
  watch(desk, { words, raw }) {
    const [, seconds] = /^watch\s+-n\s*(\d+(?:\.\d+)?)/.exec(raw) ?? [];
    const line = words.slice(1 + (seconds === undefined ? 0 : words[1] === '-n' ? 2 : 1)).join(' ');
    if (line === '') return fail(desk, 'Usage: watch [-n seconds] command');
    return desk.watch(Math.max(0.1, Number(seconds ?? 2)), line, line);
  },
};

/** Names that Tab offers at the beginning of a command. */
export const programNames: readonly string[] = [...Object.keys(programs), ...filterNames].sort();

/** Words after which files are named: then the working directory goes with the line into the journal. */
const namesFiles = /(^|\s)(-f|-[a-z]*f|--filename|--from-file|--from-env-file|--patch-file)\b/;

async function kubectl(desk: Desk, { words, raw }: Stage, stdin: string | undefined, out: Print): Promise<number> {
  const line = raw.slice(words[0]!.length).trim();
  const streams: Streams = { out, err: desk.err, note: desk.note };
  if (words[1] === 'edit') return edit(desk, line, streams);
  const files = namesFiles.test(line) ? desk.host.files() : undefined;
  const input = { type: 'kubectl', line, ...(files && { files }), ...(stdin !== undefined && { stdin }) } as const;
  return desk.foreground.run(input, streams);
}

/** What kubectl writes above the object. Kubernetes: kubectl/pkg/cmd/util/editor. */
const editHeader = `# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
`;

/** `kubectl edit`: the object is opened in the page's editor; Apply there sends the line with both texts. */
async function edit({ host, foreground, note }: Desk, line: string, streams: Streams): Promise<number> {
  const rest = line.replace(/^edit\s*/, '');
  const look = await host.look({ type: 'kubectl', line: `get ${rest} -o yaml` });
  if (!look || look.exitCode !== 0) {
    streams.err(look?.stderr ?? '');
    return 1;
  }
  const before = editHeader + look.stdout;
  let status = 0;
  note(host.words.editing(rest));
  const applied = await host.edit(rest, before, async (edited) => {
    const files = { [editedFiles.before]: before, [editedFiles.after]: edited };
    status = await foreground.run({ type: 'kubectl', line, files }, streams);
    return status === 0;
  });
  if (!applied) streams.err('Edit cancelled, no changes made.\n');
  return status;
}

/** Names under which the line gets what was edited, before and after. */
const editedFiles = { before: '/tmp/kubectl-edit-before.yaml', after: '/tmp/kubectl-edit.yaml' } as const;

/** Runs one pipeline; resolves with the status of its last program. */
export async function runPipeline(desk: Desk, pipeline: Pipeline, out: Print): Promise<number> {
  const { stages, stdinFile, both } = pipeline;
  let { stdin } = pipeline;
  if (stdinFile !== undefined) {
    const files = desk.host.files();
    if (!Object.hasOwn(files, stdinFile)) return fail(desk, `${stdinFile}: No such file or directory`);
    stdin = files[stdinFile];
  }
  let status = 0;
  for (let i = 0; i < stages.length;) {
    let end = i + 1;
    while (end < stages.length && filterNames.includes(stages[end]!.words[0]!)) end++;
    let collected = '';
    const sink: Print = end === stages.length ? out : (text) => void (collected += text);
    status = await runGroup(desk, stages.slice(i, end), stdin, sink, both);
    stdin = collected;
    i = end;
  }
  return status;
}

/** A program and the filters behind it, which pass on what they are given as it comes. */
async function runGroup(
  desk: Desk,
  stages: readonly Stage[],
  stdin: string | undefined,
  out: Print,
  both: boolean,
): Promise<number> {
  const [first, ...rest] = stages;
  const filters: Filter[] = [];
  for (const { words } of filterNames.includes(first!.words[0]!) ? stages : rest) {
    const built = filterOf(words);
    if ('error' in built) return fail(desk, built.error, 2);
    filters.push(built.filter);
  }
  const pass = (text: string): void => {
    let now = text;
    for (const filter of filters) now = filter.push(now);
    if (now) out(now);
    if (filters.some((filter) => filter.full)) desk.foreground.interrupt();
  };
  const status = await source(filters.length > 0 && both ? { ...desk, err: pass } : desk, first!, stdin, pass);
  let rested = '';
  for (const filter of filters) rested = filter.push(rested) + filter.end();
  if (rested) out(rested);
  return filters.at(-1)?.status ?? status;
}

/** What comes in at the head of a group: what a program prints, or the files that a filter names. */
function source(desk: Desk, stage: Stage, stdin: string | undefined, out: Print): Promise<number> | number {
  const [name = ''] = stage.words;
  if (filterNames.includes(name)) {
    const built = filterOf(stage.words);
    const files = desk.host.files();
    const wanted = 'files' in built ? built.files.filter((file) => file !== '-') : [];
    const missing = wanted.find((file) => !Object.hasOwn(files, file));
    if (missing !== undefined) return fail(desk, `${name}: ${missing}: No such file or directory`);
    out(
      wanted.length > 0
        ? wanted
            .map((file) => files[file]!)
            .map(withEnd)
            .join('')
        : (stdin ?? ''),
    );
    return 0;
  }
  if (Object.hasOwn(programs, name)) return programs[name]!(desk, stage, stdin, out);
  fail(desk, `${name}: command not found`);
  if (verbs.has(name)) desk.note(desk.host.words.verb(stage.raw));
  return 127;
}

/** Verbs that are sometimes typed without kubectl before them. */
const verbs = new Set('apply create delete describe edit expose get logs rollout run scale top'.split(' '));

const withEnd = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`);
