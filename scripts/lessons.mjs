// `npm run lessons -- [--json] [ID…]`: plays every lesson headless: its start fails, its solution passes, wrong answers fail,
// the declared answer of its prediction comes true. Exit 1 when one is not as it must be.
import './generate.mjs';
import { loadTs } from './load-ts.mjs';

const args = process.argv.slice(2);
const ids = args.filter((arg) => !arg.startsWith('--'));
const { playLessons } = await loadTs('src/testing/lessons.ts');
const reports = ids.length === 0 ? playLessons() : ids.flatMap((id) => playLessons(id));
if (args.includes('--json')) {
  const shown = ['id', 'covers', 'startFails', 'solutionPasses', 'wrongAnswersFail', 'predictionTrue', 'locales'];
  console.log(
    JSON.stringify(
      reports.map((report) => Object.fromEntries(shown.map((key) => [key, report[key]]))),
      null,
      2,
    ),
  );
} else {
  const yes = (holds) => (holds ? 'yes' : 'NO ');
  console.log('id  start fails  solution passes  wrong answers fail  prediction true  locales  covers');
  for (const r of reports) {
    console.log(
      `${r.id}  ${yes(r.startFails)}          ${yes(r.solutionPasses)}              ${String(r.wrongAnswersFail).padEnd(18)}  ` +
        `${yes(r.predictionTrue)}              ${r.locales.join(' ').padEnd(7)}  ${r.covers.join(' ')}`,
    );
    for (const failure of r.failures) console.log(`    ${failure}`);
  }
}
for (const r of reports) for (const f of args.includes('--json') ? r.failures : []) console.error(`${r.id}: ${f}`);
process.exit(reports.length > 0 && reports.every((r) => r.failures.length === 0) ? 0 : 1);
