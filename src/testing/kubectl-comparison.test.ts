import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compareTranscript, differenceOf, findKubectl } from './kubectl-comparison.ts';

const folder = new URL('comparison/', import.meta.url);
const kubectl = findKubectl();
/** Every list with KUBECTL_COMPARE=all or the named ones; the first hour's alone when the whole suite runs. */
const asked = process.env['KUBECTL_COMPARE'] ?? 'basics';
const lists = readdirSync(folder)
  .map((file) => file.replace(/\.txt$/, ''))
  .filter((name) => asked === 'all' || asked.split(',').includes(name));

if (!kubectl) {
  test.skip('skipped: no kubectl on PATH (nor named by KUBECTL) to compare ours with', () => {});
} else {
  test.each(lists)(
    `%s: kubectl ${kubectl.version} over HTTP and ours print the same`,
    async (name) => {
      const compared = await compareTranscript(readFileSync(new URL(`${name}.txt`, folder), 'utf8'), kubectl);
      expect(
        compared
          .filter(({ equal }) => !equal)
          .map(differenceOf)
          .join('\n'),
      ).toBe('');
    },
    600_000,
  );
}
