// Prints what the simulation costs, as `npm run bench -- --json FILE --only PREFIX`.
// Each bench runs in a process of its own, so that neither warm code nor memory of one helps or hurts another.
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * The benches, one module each. A module exports `figures`, the names it can give, and `run(wanted)`, which returns (or
 * promises) `{name: {value, unit, …}}` for the names in `wanted` (a Set). Further fields are printed behind the value.
 */
const modules = [
  'deployment',
  'cluster',
  'seek',
  'scheduler',
  'networkpolicy',
  'hpa',
  'first-view',
  'page-1000',
  'jobs',
];

const folder = path.dirname(fileURLToPath(import.meta.url));
const argument = (name) => {
  const at = process.argv.indexOf(name);
  return at < 0 ? undefined : process.argv[at + 1];
};

const child = argument('--child');
if (child) {
  const bench = await import(`./${child}.mjs`);
  const figures = await bench.run(new Set(argument('--figures').split(',')));
  writeFileSync(argument('--json'), JSON.stringify(figures));
  process.exit(0);
}

const only = argument('--only') ?? '';
const all = {};
let failed = false;
for (const name of modules) {
  if (!existsSync(path.join(folder, `${name}.mjs`))) continue;
  const { figures } = await import(`./${name}.mjs`);
  const wanted = figures.filter((figure) => figure.startsWith(only));
  if (wanted.length === 0) continue;
  const out = path.join(process.env.TMPDIR ?? '/tmp', `kubarium-bench-${process.pid}-${name}.json`);
  const run = spawnSync(
    process.execPath,
    [
      '--max-old-space-size=4096',
      '--expose-gc',
      fileURLToPath(import.meta.url),
      '--child',
      name,
      '--figures',
      wanted.join(','),
      '--json',
      out,
    ],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  );
  if (run.status !== 0) {
    failed = true;
    console.error(`${name}: ended with ${run.status ?? run.signal}`);
    continue;
  }
  const { readFileSync, rmSync } = await import('node:fs');
  const measured = JSON.parse(readFileSync(out, 'utf8'));
  rmSync(out);
  for (const [figure, { value, unit, ...more }] of Object.entries(measured)) {
    const details = Object.entries(more)
      .map(([key, item]) => `${key} ${typeof item === 'object' ? JSON.stringify(item) : item}`)
      .join('; ');
    console.log(`${figure.padEnd(34)} ${String(value).padStart(9)} ${unit}${details ? `   (${details})` : ''}`);
  }
  Object.assign(all, measured);
}
const json = argument('--json');
if (json) writeFileSync(json, `${JSON.stringify(all, null, 2)}\n`);
process.exit(failed ? 1 : 0);
