// `npm test`: gets a browser, then checks and tests everything. Ends with the line `verify: N passed, N failed`.
import { spawnSync } from 'node:child_process';
import { ensureBrowser } from './ensure-browser.mjs';

const windows = process.platform === 'win32';
const steps = [
  ['lock file', 'node', ['scripts/check-lock.mjs']],
  ['generate', 'node', ['scripts/generate.mjs']],
  ['format', 'npx', ['oxfmt', '--check', 'src', 'e2e', 'scripts', 'bench']],
  ['lint', 'npx', ['oxlint', '--type-aware', 'src', 'e2e', 'scripts', 'bench']],
  ['types', 'node', ['scripts/types.mjs']],
  ['unit, transcripts, storm', 'npx', ['vitest', 'run']],
  ['build', 'npx', ['vite', 'build', '--logLevel', 'warn']],
  ['size', 'node', ['scripts/size.mjs']],
  ['end to end', 'npx', ['playwright', 'test']],
];

const browser = await ensureBrowser();
if (!browser) {
  console.error(
    'No Chromium could be found or installed. Install Chrome or Chromium, or set KUBARIUM_BROWSER to its path.',
  );
  console.log('verify: 0 passed, 1 failed');
  process.exit(1);
}
const env = { ...process.env, ...(browser.path && { KUBARIUM_BROWSER: browser.path }) };
const results = [];
for (const [name, command, args] of steps) {
  console.log(`\n── ${name} ──`);
  const started = Date.now();
  const { status } = spawnSync(command, args, { stdio: 'inherit', env, shell: windows });
  results.push({ name, ok: status === 0, seconds: (Date.now() - started) / 1000 });
}
console.log('');
for (const { name, ok, seconds } of results)
  console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${seconds.toFixed(1)} s)`);
const failed = results.filter((r) => !r.ok).length;
console.log(`\nverify: ${results.length - failed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
