// `npm run storm -- [--seed N] [--events M | --acts A] [--runs R] [--replays K] [--show]`: lives through seeded storms; exit 1 when one fails.
import { parseArgs } from 'node:util';
import './generate.mjs';
import { loadTs } from './load-ts.mjs';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    events: { type: 'string' },
    acts: { type: 'string' },
    runs: { type: 'string', default: '1' },
    replays: { type: 'string', default: '3' },
    show: { type: 'boolean', default: false },
  },
});
const { runStorm } = await loadTs('src/testing/storm.ts');
const length = values.acts ? { acts: Number(values.acts) } : { events: Number(values.events ?? 20_000) };
let failed = 0;
for (let i = 0; i < Number(values.runs); i++) {
  const seed = Number(values.seed) + i;
  const started = process.cpuUsage();
  const report = runStorm({ seed, ...length, replays: Number(values.replays) });
  const { user, system } = process.cpuUsage(started);
  const seconds = ((user + system) / 1e6).toFixed(1);
  console.log(
    `${report.failure ? 'FAILED' : 'ok    '} seed ${seed}: ${report.events} events, ${report.acts.length} acts, ` +
      `${(report.virtualMs / 60_000).toFixed(1)} virtual minutes, ${seconds} s, digest ${report.digest()}`,
  );
  if (values.show) for (const act of report.acts) console.log(`  ${act}`);
  if (!report.failure) continue;
  failed++;
  if (!values.show) for (const act of report.acts.slice(-12)) console.log(`  ${act}`);
  console.log(`  ${report.failure}`);
}
process.exit(failed ? 1 : 0);
