import type { Environment } from '@marcbachmann/cel-js';

/** The first thing that is wrong with an expression, as the library tells it. */
interface Wrong {
  readonly name: string;
  readonly code: string;
  readonly summary: string;
  readonly range?: { readonly start: number; readonly end: number };
  readonly node?: { readonly op?: string; readonly args?: unknown };
}

/** What an expression gives, or why it cannot be compiled. */
export type Checked =
  | { readonly type: string; readonly issue?: undefined }
  | { readonly type?: undefined; readonly issue: string };

/** Compiles an expression against the types of its variables. */
export function checkExpression(env: Environment, expression: string): Checked {
  const { valid, type, error } = env.check(expression);
  if (valid) return { type: type ?? 'dyn' };
  return { issue: issueOf(error as unknown as Wrong, expression) };
}

/** In the words, and with the marks, of Google's compiler. Kubernetes: github.com/google/cel-go/common/errors.go. */
function issueOf(wrong: Wrong, expression: string): string {
  const { at, sentence } = placed(wrong, expression);
  const before = expression.slice(0, at).split('\n');
  const line = expression.split('\n')[before.length - 1] ?? '';
  const column = before.at(-1)!.length;
  return `ERROR: <input>:${before.length}:${column + 1}: ${sentence}\n | ${line}\n | ${'.'.repeat(column)}^`;
}

function placed({ name, code, summary, range, node }: Wrong, expression: string): { at: number; sentence: string } {
  const at = range?.start ?? 0;
  const word = /: ?([^:]+)$/.exec(summary)?.[1] ?? '';
  if (name === 'ParseError') {
    const end = summary.includes('EOF');
    const found = end ? '<EOF>' : expression.slice(at, range?.end);
    return { at: end ? expression.length : at, sentence: `Syntax error: mismatched input '${found}'` };
  }
  if (code === 'no_such_key') return { at: Math.max(0, at - 1), sentence: `undefined field '${word}'` };
  if (code === 'unknown_variable') return { at, sentence: `undeclared reference to '${word}' (in container '')` };
  const operator = /^no such overload: (.+) (\S+) (.+)$/.exec(summary);
  if (operator) {
    const [, left, sign, right] = operator;
    return {
      at: operatorAt(node, expression, at),
      sentence: `found no matching overload for '${named(sign!)}' applied to '(${left}, ${right})'`,
    };
  }
  const method = /^found no matching overload for '(.+)\.(\w+)\((.*)\)'$/.exec(summary);
  if (method) {
    const [, receiver, called, args] = method;
    return { at: expression.indexOf('(', at), sentence: callSentence(called!, `${receiver}.(${args})`) };
  }
  const call = /^found no matching overload for '(\w+)\((.*)\)'$/.exec(summary);
  if (call) return { at: expression.indexOf('(', at), sentence: callSentence(call[1]!, `(${call[2]})`) };
  return { at, sentence: summary };
}

/** Functions that are there, with other arguments; a name that nobody knows is an undeclared reference. */
const functions: ReadonlySet<string> = new Set(
  'size startsWith endsWith contains matches lowerAscii upperAscii trim indexOf lastIndexOf substring split join replace charAt format find findAll sum min max isSorted all exists exists_one map filter string int double bool bytes duration timestamp quantity isQuantity compareTo isGreaterThan isLessThan add orValue or value hasValue'.split(
    ' ',
  ),
);

const callSentence = (name: string, applied: string): string =>
  functions.has(name)
    ? `found no matching overload for '${name}' applied to '${applied}'`
    : `undeclared reference to '${name}' (in container '')`;

const named = (sign: string): string => (sign === 'in' ? '@in' : `_${sign}_`);

/** Where the sign of a binary operator stands. */
function operatorAt(node: Wrong['node'], expression: string, at: number): number {
  const [left] = (Array.isArray(node?.args) ? node.args : []) as { range?: { end: number } }[];
  const end = left?.range?.end;
  if (end === undefined) return at;
  return end + (/^[\s)]*/.exec(expression.slice(end))?.[0].length ?? 0);
}
