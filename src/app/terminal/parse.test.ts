import { expect, test } from 'vitest';
import { parseShell } from './parse.ts';

/** A parse in one line: `after stage | stage <<stdin`. */
function told(text: string): string {
  const parsed = parseShell(text);
  if ('more' in parsed) return 'more';
  if ('error' in parsed) return `error: ${parsed.error}`;
  return parsed.pipelines
    .map(
      ({ after, stages, stdin, stdinFile }) =>
        `${after} ${stages.map(({ words }) => words.join('·')).join(' | ')}${stdin === undefined ? '' : ` <<${JSON.stringify(stdin)}`}${stdinFile ? ` <${stdinFile}` : ''}`,
    )
    .join(' ');
}

test.each([
  ['', ''],
  ['  ', ''],
  ['# a remark', ''],
  ['kubectl get pods # all', '; kubectl·get·pods'],
  ['kubectl get pods | grep -v web|wc -l', '; kubectl·get·pods | grep·-v·web | wc·-l'],
  ['a && b || c; d', '; a && b || c ; d'],
  [`k get po -o jsonpath='{.items[*].metadata.name}'`, '; k·get·po·-o·jsonpath={.items[*].metadata.name}'],
  ['echo "a \\"b\\" | c" d\\ e', '; echo·a "b" | c·d e'],
  ['kubectl get \\\n  pods', '; kubectl·get·pods'],
  ['kubectl get \\', 'more'],
  ['echo "open', 'more'],
  ["echo 'open", 'more'],
  ['kubectl get pods |', 'more'],
  ['kubectl get pods &&', 'more'],
  ['kubectl apply -f - <<EOF', 'more'],
  ['kubectl apply -f - <<EOF\na: 1', 'more'],
  ['kubectl apply -f - <<EOF\na: 1\n  b: "2\nEOF', '; kubectl·apply·-f·- <<"a: 1\\n  b: \\"2\\n"'],
  ["cat <<'END' | kubectl apply -n shop -f -\nx\nEND\nls", '; cat | kubectl·apply·-n·shop·-f·- <<"x\\n" ; ls'],
  ['kubectl apply -f - << EOF -n shop\nx\nEOF', '; kubectl·apply·-f·-·-n·shop <<"x\\n"'],
  ['kubectl apply -f - <manifest.yaml', '; kubectl·apply·-f·- <manifest.yaml'],
  ['kubectl get pods 2>&1 | grep x', '; kubectl·get·pods | grep·x'],
  ['| grep x', "error: syntax error near unexpected token '|'"],
  ['a ; ; b', "error: syntax error near unexpected token ';'"],
  ['kubectl get pods > out.txt', 'error: there are no files to write to: the editor is the only one, and it is yours'],
  ['sleep 5 &', 'error: nothing runs in the background here: a line that waits is ended by Ctrl+C'],
])('%j', (text, expected) => {
  expect(told(text)).toBe(expected);
});

test('kubectl gets its own words as they were typed', () => {
  const parsed = parseShell(`kubectl get po -l 'app in (web, cart)' | wc -l`);
  expect('pipelines' in parsed && parsed.pipelines[0]!.stages[0]!.raw).toBe(`kubectl get po -l 'app in (web, cart)'`);
});
