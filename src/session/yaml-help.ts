import { parseManifests, type YamlProblem } from '../kube/apimachinery/yaml.ts';
import type { Problem } from '../protocol/index.ts';

type Help = Pick<Problem, 'reason' | 'fix'> & {
  readonly place?: Pick<Problem, 'line' | 'column' | 'endLine' | 'endColumn'>;
};

/** What is wrong with a text in everyday terms, told by the parser's own sentence, and for an indentation the right one. */
export function yamlHelp(text: string, problem: YamlProblem): Help {
  const { detail, line } = problem;
  if (/closing .*quote/.test(detail)) return { reason: 'quote' };
  if (/^Flow .* end with a/.test(detail)) return { reason: 'bracket' };
  if (/single line/.test(detail)) return { reason: 'colon' };
  const tab = detail.startsWith('Tabs');
  const nested = detail.startsWith('Nested mappings');
  const shifted = /^All (mapping|collection) items|^Sequence item without/.test(detail);
  if (!tab && !nested && !shifted) return {};
  // A value that goes on in the next line is what an indentation too deep looks like.
  for (const at of nested ? [line + 1, line] : [line, line - 1]) {
    const fixed = indentation(text, at);
    if (fixed) return { reason: tab ? 'tab' : 'indent', ...fixed };
  }
  return tab ? { reason: 'tab' } : shifted ? { reason: 'indent' } : {};
}

const blanks = (row: string): string => /^\s*/.exec(row)![0];

/** The leading blanks of a neighbour with which the text can be read, or at least further. */
function indentation(text: string, line: number): Required<Pick<Help, 'fix' | 'place'>> | undefined {
  const rows = text.split('\n');
  const row = rows[line - 1];
  if (row === undefined || row.trim() === '') return undefined;
  const before = rows.slice(0, line - 1).findLast((r) => r.trim() !== '' && !r.trim().startsWith('#'));
  const after = rows.slice(line).find((r) => r.trim() !== '' && !r.trim().startsWith('#'));
  const wanted: string[] = [];
  if (before !== undefined) {
    const item = /^\s*- +/.exec(before)?.[0].length;
    if (/:\s*$/.test(before)) wanted.push(`${' '.repeat(item ?? blanks(before).length)}  `);
    if (item !== undefined) wanted.push(' '.repeat(item));
    wanted.push(blanks(before));
  }
  if (after !== undefined) wanted.push(blanks(after));
  const now = blanks(row);
  for (const fix of wanted) {
    if (fix === now || fix.includes('\t')) continue;
    const [left] = parseManifests(rows.with(line - 1, fix + row.slice(now.length)).join('\n')).errors;
    if (left && left.line <= line + 1) continue;
    return { fix, place: { line, column: 1, endLine: line, endColumn: now.length + 1 } };
  }
  return undefined;
}
