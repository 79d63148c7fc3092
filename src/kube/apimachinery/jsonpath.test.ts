import { expect, test } from 'vitest';
import { JsonPathError, renderJsonPath } from './jsonpath.ts';

const pods = {
  items: [
    { metadata: { name: 'a', labels: { app: 'web', 'x.io/y': 'z' } }, status: { phase: 'Running', n: 1 } },
    { metadata: { name: 'b', labels: { app: 'db' } }, status: { phase: 'Pending', n: 5 } },
  ],
};

test.each([
  ['{.items[0].metadata.name}', 'a'],
  ['{.items[*].metadata.name}', 'a b'],
  ['{.items[-1].metadata.name}', 'b'],
  ['{range .items[*]}{.metadata.name}={.status.phase}{"\\n"}{end}', 'a=Running\nb=Pending\n'],
  ['{.items[?(@.status.phase=="Pending")].metadata.name}', 'b'],
  ['{.items[?(@.status.n>3)].metadata.name}', 'b'],
  ["{.items[0].metadata.labels['x\\.io/y']}", ''],
  ["{.items[0].metadata.labels['x.io/y']}", 'z'],
  ['{.items[0].metadata.labels.x\\.io/y}', 'z'],
  ['{..phase}', 'Running Pending'],
  ['{.items[0:1].status.n} pods', '1 pods'],
  ['{.missing}', ''],
  ['{.items[0].metadata.labels}', '{"app":"web","x.io/y":"z"}'],
])('%s prints %j', (template, text) => {
  expect(renderJsonPath(template, pods)).toBe(text);
});

test('a broken template is refused with a sentence', () => {
  expect(() => renderJsonPath('{.items[', pods)).toThrow(JsonPathError);
  expect(() => renderJsonPath('{range .items[*]}x', pods)).toThrow('unclosed range');
  expect(() => renderJsonPath('{.items[7]}', pods)).toThrow('array index out of bounds');
});
