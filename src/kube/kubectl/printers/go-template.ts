import { decodeBase64 } from '../../apimachinery/base64.ts';

/** A template that cannot be read, or that asks for what is not there. */
export class TemplateError extends Error {
  override name = 'TemplateError';
}

type Node =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'value'; readonly pipeline: string }
  | {
      readonly is: 'block';
      readonly word: string;
      readonly pipeline: string;
      readonly body: Node[];
      readonly otherwise: Node[];
    };

/** Where a template stands: the dot, and the variables that are seen from here. */
interface Scope {
  readonly dot: unknown;
  readonly variables: Map<string, unknown>;
}

/**
 * Renders a Go template over plain data: fields, variables, pipelines, range, if, with, and the functions that are used with
 * kubectl. Go: text/template. Simplified: no definitions, no comparisons of other than numbers and texts.
 */
export function renderGoTemplate(template: string, data: unknown): string {
  const pieces = template
    .replaceAll(/\s*\{\{- /g, '{{')
    .replaceAll(/ -\}\}\s*/g, '}}')
    .split(/\{\{((?:"(?:\\.|[^"\\])*"|`[^`]*`|[^}]|\}(?!\}))*)\}\}/);
  const { nodes, at } = parse(pieces, 0);
  if (at < pieces.length) throw new TemplateError('unexpected {{end}}');
  return render(nodes, { dot: data, variables: new Map([['$', data]]) });
}

/** Reads nodes up to the end, an `end` or an `else`. Texts stand at even places of `pieces`, actions at odd ones. */
function parse(pieces: readonly string[], from: number): { nodes: Node[]; at: number; stop: string } {
  const nodes: Node[] = [];
  let at = from;
  while (at < pieces.length) {
    const piece = pieces[at]!;
    if (at % 2 === 0) {
      if (piece) nodes.push({ is: 'text', text: piece });
      at++;
      continue;
    }
    const action = piece.trim();
    const [, word = '', rest = ''] = /^(range|if|with|else|end)\b\s*(.*)$/s.exec(action) ?? [];
    at++;
    if (word === 'end' || word === 'else') return { nodes, at, stop: word === 'end' ? 'end' : `else ${rest}` };
    if (word === '') {
      if (!action.startsWith('/*')) nodes.push({ is: 'value', pipeline: action });
      continue;
    }
    const block = readBlock(pieces, at, word, rest);
    nodes.push(block.node);
    ({ at } = block);
  }
  return { nodes, at, stop: '' };
}

function readBlock(
  pieces: readonly string[],
  from: number,
  word: string,
  pipeline: string,
): { node: Node; at: number } {
  const body = parse(pieces, from);
  if (body.stop === '') throw new TemplateError('unexpected EOF');
  if (body.stop === 'end')
    return { node: { is: 'block', word, pipeline, body: body.nodes, otherwise: [] }, at: body.at };
  const [, next = '', rest = ''] = /^else\s*(if|with)?\s*(.*)$/s.exec(body.stop) ?? [];
  if (next) {
    const inner = readBlock(pieces, body.at, next, rest);
    return { node: { is: 'block', word, pipeline, body: body.nodes, otherwise: [inner.node] }, at: inner.at };
  }
  const otherwise = parse(pieces, body.at);
  return { node: { is: 'block', word, pipeline, body: body.nodes, otherwise: otherwise.nodes }, at: otherwise.at };
}

const render = (nodes: readonly Node[], scope: Scope): string => nodes.map((node) => renderNode(node, scope)).join('');

function renderNode(node: Node, scope: Scope): string {
  if (node.is === 'text') return node.text;
  if (node.is === 'value') {
    const [, name, pipeline] = /^(\$\w+)\s*:?=\s*(.*)$/s.exec(node.pipeline) ?? [];
    if (name === undefined) return printed(evaluate(node.pipeline, scope));
    scope.variables.set(name, evaluate(pipeline!, scope));
    return '';
  }
  const [, names, pipeline = node.pipeline] = /^(\$\w+(?:\s*,\s*\$\w+)?)\s*:=\s*(.*)$/s.exec(node.pipeline) ?? [];
  const variables = names?.split(',').map((name) => name.trim()) ?? [];
  const value = evaluate(pipeline, scope);
  if (node.word !== 'range') {
    if (!isTrue(value)) return render(node.otherwise, inner(scope, scope.dot));
    return render(
      node.body,
      inner(
        scope,
        node.word === 'with' ? value : scope.dot,
        variables.map((name) => [name, value]),
      ),
    );
  }
  const entries = Array.isArray(value)
    ? [...value.entries()]
    : isRecord(value)
      ? Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
      : [];
  if (entries.length === 0) return render(node.otherwise, inner(scope, scope.dot));
  return entries
    .map(([key, item]) => {
      const named = variables.length === 2 ? [key, item] : [item];
      return render(
        node.body,
        inner(
          scope,
          item,
          variables.map((name, i) => [name, named[i]]),
        ),
      );
    })
    .join('');
}

const inner = ({ variables }: Scope, dot: unknown, more: readonly [string, unknown][] = []): Scope => ({
  dot,
  variables: new Map([...variables, ...more]),
});

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

const isTrue = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : isRecord(value) ? Object.keys(value).length > 0 : Boolean(value);

/** How Go prints a value of decoded JSON: `<no value>`, `map[a:1]`, `[a b]`. */
function printed(value: unknown): string {
  if (value === undefined || value === null) return '<no value>';
  if (Array.isArray(value)) return `[${value.map(printed).join(' ')}]`;
  if (!isRecord(value)) return String(value as string);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${entries.map(([key, each]) => `${key}:${printed(each)}`).join(' ')}]`;
}

/** Words of a pipeline: texts, parentheses, bars and the rest. */
const tokens = /"(?:\\.|[^"\\])*"|`[^`]*`|[()|]|[^\s()|]+/g;

function evaluate(pipeline: string, scope: Scope): unknown {
  const words = pipeline.match(tokens) ?? [];
  const { value, at } = pipe(words, 0, scope);
  if (at < words.length) throw new TemplateError(`unexpected ${JSON.stringify(words[at])} in operand`);
  return value;
}

function pipe(words: readonly string[], from: number, scope: Scope): { value: unknown; at: number } {
  let at = from;
  let last: readonly unknown[] = [];
  for (;;) {
    const operands: unknown[] = [];
    let name: string | undefined;
    while (at < words.length && words[at] !== '|' && words[at] !== ')') {
      const word = words[at]!;
      if (word === '(') {
        const sub = pipe(words, at + 1, scope);
        if (words[sub.at] !== ')') throw new TemplateError('unclosed left paren');
        at = sub.at + 1;
        const path = words[at]?.startsWith('.') ? words[at++]! : '';
        operands.push(field(sub.value, path));
      } else {
        if (name === undefined && operands.length === 0 && Object.hasOwn(functions, word)) name = word;
        else operands.push(operand(word, scope));
        at++;
      }
    }
    const all = [...operands, ...last];
    const value = name === undefined ? all[0] : functions[name]!(...all);
    if (words[at] !== '|') return { value, at };
    last = [value];
    at++;
  }
}

function operand(word: string, { dot, variables }: Scope): unknown {
  if (word.startsWith('"')) return JSON.parse(word) as unknown;
  if (word.startsWith('`')) return word.slice(1, -1);
  if (/^-?\d/.test(word)) return Number(word);
  if (word === 'true' || word === 'false') return word === 'true';
  if (word === 'nil') return undefined;
  if (word === '.') return dot;
  if (word.startsWith('.')) return field(dot, word);
  const [, variable, path = ''] = /^(\$\w*)(\..*)?$/.exec(word) ?? [];
  if (variable === undefined) throw new TemplateError(`function ${JSON.stringify(word)} not defined`);
  if (!variables.has(variable)) throw new TemplateError(`undefined variable ${JSON.stringify(variable)}`);
  return field(variables.get(variable), path);
}

function field(value: unknown, path: string): unknown {
  let found = value;
  for (const name of path.split('.').filter(Boolean)) {
    if (found === undefined || found === null) return undefined;
    if (!isRecord(found)) throw new TemplateError(`can't evaluate field ${name} in type interface {}`);
    found = Object.hasOwn(found, name) ? found[name] : undefined;
  }
  return found;
}

const compare =
  (holds: (a: never, b: never) => boolean) =>
  (a: unknown, b: unknown): boolean =>
    holds(a as never, b as never);

const functions: Readonly<Record<string, (...args: readonly unknown[]) => unknown>> = {
  and: (...args) => args.find((each) => !isTrue(each)) ?? args.at(-1),
  or: (...args) => args.find(isTrue) ?? args.at(-1),
  not: (value) => !isTrue(value),
  eq: (a, ...others) => others.includes(a),
  ne: (a, b) => a !== b,
  lt: compare((a, b) => a < b),
  le: compare((a, b) => a <= b),
  gt: compare((a, b) => a > b),
  ge: compare((a, b) => a >= b),
  len: (value) =>
    typeof value === 'string' || Array.isArray(value) ? value.length : isRecord(value) ? Object.keys(value).length : 0,
  index: (value, ...keys) =>
    keys.reduce<unknown>(
      (found, key) =>
        Array.isArray(found) ? (found[key as number] as unknown) : isRecord(found) ? found[key as string] : undefined,
      value,
    ),
  print: (...args) => args.map(printed).join(''),
  println: (...args) => `${args.map(printed).join(' ')}\n`,
  printf: (format, ...args) => formatted(String(format), args),
  base64decode: (value) => decodeBase64(String(value)),
  html: (value) => printed(value),
  exists: (value, ...keys) => functions['index']!(value, ...keys) !== undefined,
};

/** `%s`, `%v`, `%d`, `%q`, with a width: `%-10s`. */
function formatted(format: string, args: readonly unknown[]): string {
  let next = 0;
  return format.replaceAll(/%(-?)(\d*)([svdq%])/g, (_all, left: string, width: string, verb: string) => {
    if (verb === '%') return '%';
    const value = printed(args[next++]);
    const text = verb === 'q' ? JSON.stringify(value) : value;
    return left ? text.padEnd(Number(width)) : text.padStart(Number(width || 0));
  });
}
