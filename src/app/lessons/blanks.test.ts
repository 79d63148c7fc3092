import { expect, test } from 'vitest';
import type { Problem } from '../../protocol/index.ts';
import { besidesBlanks, blanksIn } from './blanks.ts';
import { changedPart } from './diff.ts';

const text = 'spec:\n  selector:\n    operator: ___\n  seconds: ___\n';
const problem = (line: number, message: string): Problem => ({
  line,
  document: 0,
  column: 1,
  endLine: line,
  endColumn: 2,
  severity: 'error',
  message,
});

test('what only says that a blank is still one is no problem; all else is', () => {
  const blanks = blanksIn(text);
  expect(blanks).toEqual([
    { line: 3, column: 15, length: 3 },
    { line: 4, column: 12, length: 3 },
  ]);
  const indentation = problem(2, 'bad indentation');
  const told = [
    problem(4, 'must be a number'),
    problem(2, 'spec.selector: Invalid value: {"operator":"___"}: invalid label selector'),
    problem(1, 'Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string'),
    indentation,
  ];
  expect(besidesBlanks(told, blanks)).toEqual([indentation]);
  expect(besidesBlanks(told, [])).toEqual(told);
});

test('a solution shows what differs without the indentation that all of it has', () => {
  const deep = (seconds: string): string =>
    `a:\n      b:\n        - key: x\n          seconds: ${seconds}\n      c: 1\nd: 2\n`;
  expect(changedPart(deep('___'), deep('30'))).toBe(
    ['…', '    - key: x', '-     seconds: ___', '+     seconds: 30', '  c: 1', '…'].join('\n'),
  );
});
