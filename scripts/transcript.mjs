// `npm run transcript -- [--rewrite] FILE…`: plays transcripts, each on a fresh cluster. Exit 1 when an output differs.
import { readFileSync, writeFileSync } from 'node:fs';
import './generate.mjs';
import { loadTs } from './load-ts.mjs';

const args = process.argv.slice(2);
const rewrite = args.includes('--rewrite');
const files = args.filter((arg) => !arg.startsWith('--'));
if (files.length === 0) {
  console.error('usage: npm run transcript -- [--rewrite] FILE…');
  process.exit(2);
}
const { playTranscript } = await loadTs('src/testing/transcript.ts');
let failed = 0;
for (const file of files) {
  const { text, failures } = playTranscript(readFileSync(file, 'utf8'));
  if (rewrite) writeFileSync(file, text);
  if (failures.length > 0) failed++;
  console.log(`${failures.length === 0 ? 'ok    ' : 'FAILED'} ${file}`);
  for (const failure of failures) console.log(`  ${failure}`);
}
process.exit(failed && !rewrite ? 1 : 0);
