// `npm run kubectl:compare -- [NAME|FILE …]`: plays the lists of src/testing/comparison/, or the given ones, with a real
// kubectl (KUBECTL, or the one on PATH) over HTTP and with ours, and prints where they differ.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { loadTs } from './load-ts.mjs';

const folder = new URL('../src/testing/comparison/', import.meta.url);
const { compareTranscript, differenceOf, findKubectl } = await loadTs('src/testing/kubectl-comparison.ts');
const kubectl = findKubectl();
if (!kubectl) {
  console.log('Skipped: there is no kubectl on PATH, nor does KUBECTL name one.');
  process.exit(0);
}
const asked = process.argv.slice(2);
const names = asked.length > 0 ? asked : readdirSync(folder).map((file) => file.replace(/\.txt$/, ''));
let [equal, all] = [0, 0];
for (const name of names) {
  const file = existsSync(name) ? name : new URL(`${name}.txt`, folder);
  const compared = await compareTranscript(readFileSync(file, 'utf8'), kubectl);
  const different = compared.filter((each) => !each.equal);
  all += compared.length;
  equal += compared.length - different.length;
  for (const each of different) console.log(differenceOf(each));
  console.log(`${name}: ${compared.length - different.length} of ${compared.length} lines equal`);
}
console.log(`kubectl ${kubectl.version}: ${equal} of ${all} lines print the same`);
process.exit(equal === all ? 0 : 1);
