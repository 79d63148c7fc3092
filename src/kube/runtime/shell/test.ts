import { isDirectory, readFile, resolvePath } from '../files.ts';
import { reckon } from './arithmetic.ts';
import { expandPattern, expandText, namesOf, setVariable, variable, arrayMark, type Shell } from './expand.ts';
import { patternToRegExp, regExp } from './pattern.ts';
import type { Word } from './syntax.ts';
import { plainText } from './words.ts';

/** An operand or operator of a test. `word` is there in `[[ ]]`, where patterns need it. */
interface Term {
  readonly text: string;
  readonly word?: Word;
}

interface Reading {
  readonly shell: Shell;
  readonly terms: readonly Term[];
  at: number;
  /** `[[ ]]`. */
  readonly double: boolean;
}

/** A test that cannot be read: `[: too many arguments`. Exit code 2. */
export class TestError extends Error {
  override name = 'TestError';
}

/** `[ … ]` and `test …` over their arguments. */
export function testArguments(shell: Shell, args: readonly string[]): boolean {
  if (args.length === 0) return false;
  return evaluate({ shell, terms: args.map((text) => ({ text })), at: 0, double: false });
}

/** `[[ … ]]` over its words. */
export function testCondition(shell: Shell, words: readonly Word[]): boolean {
  const terms = words.map((word) => ({ text: plainText(word) ?? expandText(shell, word), word }));
  return evaluate({ shell, terms, at: 0, double: true });
}

function evaluate(r: Reading): boolean {
  const value = either(r);
  if (r.at < r.terms.length) throw new TestError(`${r.terms[r.at]!.text}: unknown operand`);
  return value;
}

function either(r: Reading): boolean {
  let value = both(r);
  while (['-o', '||'].includes(r.terms[r.at]?.text ?? '')) {
    r.at++;
    const right = both(r);
    value ||= right;
  }
  return value;
}

function both(r: Reading): boolean {
  let value = negated(r);
  while (['-a', '&&'].includes(r.terms[r.at]?.text ?? '')) {
    r.at++;
    const right = negated(r);
    value &&= right;
  }
  return value;
}

function negated(r: Reading): boolean {
  if (r.terms[r.at]?.text === '!' && r.at + 1 < r.terms.length) {
    r.at++;
    return !negated(r);
  }
  return primary(r);
}

function primary(r: Reading): boolean {
  const term = r.terms[r.at++];
  if (!term) throw new TestError('missing operand');
  const operator = r.terms[r.at]?.text;
  const right = r.terms[r.at + 1];
  if (operator !== undefined && right && binaryOperators.has(operator)) {
    r.at += 2;
    return binary(r, term.text, operator, right);
  }
  if (term.text === '(' && r.at < r.terms.length) {
    const value = either(r);
    if (r.terms[r.at++]?.text !== ')') throw new TestError('closing paren expected');
    return value;
  }
  if (/^-[a-zA-Z]$/.test(term.text) && r.at < r.terms.length) return unary(r, term.text, r.terms[r.at++]!.text);
  return term.text !== '';
}

const binaryOperators = new Set([
  '=',
  '==',
  '!=',
  '<',
  '>',
  '=~',
  '-eq',
  '-ne',
  '-lt',
  '-le',
  '-gt',
  '-ge',
  '-nt',
  '-ot',
  '-ef',
]);

function unary({ shell }: Reading, operator: string, operand: string): boolean {
  const path = resolvePath(operand, shell.task.cwd);
  switch (operator) {
    case '-n':
      return operand !== '';
    case '-z':
      return operand === '';
    case '-d':
      return isDirectory(shell, path);
    case '-f':
      return readFile(shell, path) !== undefined;
    case '-e':
    case '-a':
    case '-r':
    case '-w':
    case '-x':
      return operand !== '' && (readFile(shell, path) !== undefined || isDirectory(shell, path));
    case '-s':
      return (readFile(shell, path) ?? '') !== '';
    case '-v':
      return variable(shell, operand) !== undefined;
    case '-t':
    case '-L':
    case '-h':
    case '-S':
    case '-p':
    case '-b':
    case '-c':
      return false;
    default:
      throw new TestError(`${operator}: unary operator expected`);
  }
}

function binary(r: Reading, left: string, operator: string, right: Term): boolean {
  const { shell, double } = r;
  switch (operator) {
    case '=':
    case '==':
      return double && right.word ? patternToRegExp(expandPattern(shell, right.word)).test(left) : left === right.text;
    case '!=':
      return !binary(r, left, '=', right);
    case '<':
      return left < right.text;
    case '>':
      return left > right.text;
    case '=~': {
      const m = regExp(right.text).exec(left);
      if (m) setVariable(shell.task, 'BASH_REMATCH', arrayMark + m.groups.map((g) => g ?? '').join(arrayMark));
      return m !== null;
    }
    case '-nt':
    case '-ot':
    case '-ef':
      return false;
    default:
      return compare(number(r, left), operator, number(r, right.text));
  }
}

function number({ shell, double }: Reading, text: string): number {
  if (/^\s*[-+]?\d+\s*$/.test(text)) return Number(text);
  if (double) return reckon(text, namesOf(shell));
  throw new TestError(`${text}: bad number`);
}

function compare(a: number, operator: string, b: number): boolean {
  switch (operator) {
    case '-eq':
      return a === b;
    case '-ne':
      return a !== b;
    case '-lt':
      return a < b;
    case '-le':
      return a <= b;
    case '-gt':
      return a > b;
    default:
      return a >= b;
  }
}
