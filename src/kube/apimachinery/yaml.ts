import {
  Composer,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  Parser,
  visit,
  type CST,
  type Document,
  type Node,
  type ScalarTag,
  type Tags,
  type YAMLError,
} from 'yaml';

/** A place in a text; lines and columns count from 1, as editors do. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** Something wrong with the text. `message` is what kubectl would print after `error converting YAML to JSON: `. */
export interface YamlProblem extends Place {
  readonly message: string;
  /** A longer explanation, where the parser has one. */
  readonly detail: string;
}

/** One document of a manifest. Lives only while a command or the editor looks at it: never part of the simulation's state. */
export interface Manifest {
  readonly object: unknown;
  /** Where the document begins and ends. */
  readonly place: Place;
  /** Duplicate keys: kubectl silently takes the last one. */
  readonly warnings: readonly YamlProblem[];
  /** Position of a field by its path (`spec.containers[0].image`); of the nearest parent when the field is not there. */
  locate(path: string): Place & { readonly exact: boolean };
}

/** A text of manifests, read. With an error `manifests` holds the documents before it. */
export interface Manifests {
  readonly manifests: readonly Manifest[];
  readonly errors: readonly YamlProblem[];
}

/**
 * Limits of one text, so that no paste freezes the simulation: parsing costs about 10 µs a line. The largest bundles that
 * people apply have some 20,000 lines; one object of a real cluster may have 1.5 MiB.
 */
export const maxManifestBytes = 1024 * 1024;
const maxManifestLines = 50_000;

/** Aliases resolved in one document. A few thousand nodes may hide behind nine lines of nested aliases ("billion laughs"). */
const maxAliases = 100;

const octal: ScalarTag = {
  identify: () => false,
  default: true,
  tag: 'tag:yaml.org,2002:int',
  format: 'OCT',
  test: /^[-+]?0o[0-7]+$/,
  resolve: (text) => Number.parseInt(text.replace('0o', ''), 8),
};
/** `08` and `09` are no octal numbers; Go reads them as decimal. */
const leadingZero: ScalarTag = {
  identify: () => false,
  default: true,
  tag: 'tag:yaml.org,2002:int',
  test: /^[-+]?0\d*[89]\d*$/,
  resolve: (text) => Number.parseInt(text, 10),
};

/** YAML 1.1 as Go's parser reads it: `yes` is true, `0644` is 420, but `12:30` and `2024-01-01` stay text. */
const goYaml = {
  version: '1.1',
  merge: true,
  uniqueKeys: false,
  customTags: (tags: Tags): Tags => [
    octal,
    leadingZero,
    ...tags.filter(
      (tag) =>
        typeof tag === 'string' || (tag.tag !== 'tag:yaml.org,2002:timestamp' && (tag as ScalarTag).format !== 'TIME'),
    ),
  ],
} as const;

/** Levels of nesting in one document: far beyond any kind, far below what would exhaust the stack. */
const maxDepth = 200;

/** Level by level, not by recursion: the parser's tokens are nested, and what follows recurses over them. */
function deeperThan(token: CST.Token, limit: number): boolean {
  let level: CST.Token[] = [token];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > limit) return true;
    level = level.flatMap((t) => {
      if (t.type === 'document') return t.value ? [t.value] : [];
      if (!('items' in t)) return [];
      return t.items.flatMap(({ key, value }) => [key, value].filter((inner): inner is CST.Token => !!inner));
    });
  }
  return false;
}

/**
 * True for a text that opens more than `limit` brackets, or puts more than `limit` dashes in front of one value. A guess
 * in one pass (brackets inside quotes count too), because the parser itself takes quadratic time for such a text.
 */
function looksTooDeep(text: string, limit: number): boolean {
  let open = 0;
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (c === '[' || c === '{') {
      if (++open > limit) return true;
    } else if ((c === ']' || c === '}') && open > 0) open--;
  }
  return new RegExp(`([-?]\\s+){${limit}}`).test(text);
}

function lengthProblem(text: string): YamlProblem | undefined {
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0 && lines <= maxManifestLines; at = text.indexOf('\n', at + 1)) lines++;
  const megabytes = (text.length / 1024 / 1024).toFixed(1);
  let message = '';
  if (text.length > maxManifestBytes) message = `the text is ${megabytes} MiB long; the limit is 1 MiB`;
  else if (lines > maxManifestLines) message = `the text has more than ${maxManifestLines} lines, which is the limit`;
  return message ? { line: 1, column: 1, endLine: 1, endColumn: 1, message, detail: message } : undefined;
}

/** Reads one or more documents separated by `---`. Never throws; empty documents are skipped. */
export function parseManifests(text: string): Manifests {
  const tooLong = lengthProblem(text);
  if (tooLong) return { manifests: [], errors: [tooLong] };
  const lines = new LineCounter();
  const manifests: Manifest[] = [];
  const tokens = looksTooDeep(text, maxDepth) ? undefined : [...new Parser(lines.addNewLine).parse(text)];
  if (!tokens || tokens.some((token) => deeperThan(token, maxDepth))) {
    const message = 'yaml: exceeded max depth';
    return { manifests, errors: [{ ...placeOf(lines, [0, 0]), message, detail: message }] };
  }
  const documents = [...new Composer(goYaml).compose(tokens)] as Document.Parsed[];
  for (const doc of documents) {
    if (doc.errors.length > 0) return { manifests, errors: doc.errors.map((e) => problemOf(e, lines)) };
    if (doc.contents === null || (isScalar(doc.contents) && doc.contents.value === null)) continue;
    const place = placeOf(lines, [doc.contents.range[0], doc.contents.range[1]]);
    let object: unknown;
    try {
      object = doc.toJS({ maxAliasCount: maxAliases });
    } catch (thrown) {
      const detail = (thrown as Error).message;
      const message = /alias count/i.test(detail) ? 'yaml: document contains excessive aliasing' : `yaml: ${detail}`;
      return { manifests, errors: [{ ...place, message, detail }] };
    }
    manifests.push({
      object,
      place,
      warnings: duplicates(doc, lines),
      locate: (path) => locate(doc.contents as Node, path, lines),
    });
  }
  return { manifests, errors: [] };
}

function placeOf(lines: LineCounter, [from, to]: readonly [number, number]): Place {
  const start = lines.lineStarts.length > 0 ? lines.linePos(from) : { line: 1, col: 1 };
  const end = lines.lineStarts.length > 0 ? lines.linePos(to) : { line: 1, col: 1 };
  return { line: start.line, column: start.col, endLine: end.line, endColumn: Math.max(end.col, 1) };
}

/** Go's words for the parser's error codes. */
const goWords: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'found character that cannot start any token',
  BAD_INDENT: 'did not find expected key',
  BLOCK_AS_IMPLICIT_KEY: 'mapping values are not allowed in this context',
  MULTILINE_IMPLICIT_KEY: "could not find expected ':'",
  MISSING_CHAR: "could not find expected ':'",
  BAD_ALIAS: 'did not find expected alphabetic or numeric character',
  BAD_SCALAR_START: 'found character that cannot start any token',
  BAD_DQ_ESCAPE: 'found unknown escape character',
  BLOCK_IN_FLOW: "did not find expected ',' or '}'",
  UNEXPECTED_TOKEN: 'did not find expected key',
};

/** What Go's parser complains of, not its scanner: it counts lines from 0 there, and names none when that is the first. */
const countedFromZero = new Set(['BAD_INDENT', 'BLOCK_IN_FLOW', 'UNEXPECTED_TOKEN']);

function problemOf(error: YAMLError, lines: LineCounter): YamlProblem {
  const place = placeOf(lines, error.pos);
  const line = countedFromZero.has(error.code) ? place.line - 1 : place.line;
  const words = goWords[error.code] ?? error.message.split(' at line ')[0]!;
  return {
    ...place,
    message: `yaml: ${line > 0 ? `line ${line}: ` : ''}${words}`,
    detail: error.message.split(' at line ')[0]!,
  };
}

function duplicates(doc: Document.Parsed, lines: LineCounter): YamlProblem[] {
  const found: YamlProblem[] = [];
  visit(doc, {
    Map(_, map) {
      const seen = new Set<unknown>();
      for (const { key } of map.items) {
        if (!isScalar(key) || key.value === '<<' || !key.range) continue;
        if (seen.has(key.value)) {
          const message = `key ${JSON.stringify(key.value)} is given twice; the last one counts`;
          found.push({ ...placeOf(lines, [key.range[0], key.range[1]]), message, detail: message });
        }
        seen.add(key.value);
      }
    },
  });
  return found;
}

function locate(root: Node, path: string, lines: LineCounter): Place & { exact: boolean } {
  let node: Node | null | undefined = root;
  let rest = path;
  let range: readonly [number, number] = rangeOf(root);
  while (rest !== '') {
    const step = stepInto(node, rest);
    if (!step) return { ...placeOf(lines, range), exact: false };
    node = step.node;
    range = step.range;
    rest = step.rest;
  }
  return { ...placeOf(lines, range), exact: true };
}

const rangeOf = (node: Node | null | undefined): readonly [number, number] => {
  const range = node?.range;
  return range ? [range[0], range[1]] : [0, 0];
};

/** One step down. Keys may hold dots (`metadata.labels.app.kubernetes.io/name`): the longest key that fits is taken. */
function stepInto(
  node: Node | null | undefined,
  path: string,
): { node: Node | null | undefined; range: readonly [number, number]; rest: string } | undefined {
  const bracket = /^\[([^\]]*)\]\.?/.exec(path);
  if (isSeq(node)) {
    const item =
      bracket && /^\d+$/.test(bracket[1]!) ? (node.items[Number(bracket[1])] as Node | undefined) : undefined;
    return item && { node: item, range: rangeOf(item), rest: path.slice(bracket![0].length) };
  }
  if (!isMap(node)) return undefined;
  let best: { node: Node | null | undefined; range: readonly [number, number]; rest: string } | undefined;
  for (const pair of node.items) {
    if (!isPair(pair) || !isScalar(pair.key) || isAlias(pair.value)) continue;
    const key = String(pair.key.value);
    let rest: string | undefined;
    if (bracket && bracket[1] === key) rest = path.slice(bracket[0].length);
    else if (path === key) rest = '';
    else if (path.startsWith(key) && (path[key.length] === '.' || path[key.length] === '['))
      rest = path.slice(key.length).replace(/^\./, '');
    if (rest === undefined || (best && best.rest.length <= rest.length)) continue;
    const value = pair.value as Node | null;
    const range = rest === '' && isScalar(value) && value.range ? rangeOf(value) : rangeOf(pair.key);
    best = { node: value, range, rest };
  }
  return best;
}
