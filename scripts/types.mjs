// Checks each layer with the library it may see: the core has no DOM, no timers, no console.
import { spawnSync } from 'node:child_process';
let failed = 0;
for (const project of ['core', 'app', 'worker', 'node']) {
  const run = spawnSync('npx', ['tsc', '-p', `tsconfig.${project}.json`, '--pretty', 'false'], { stdio: 'inherit' });
  if (run.status !== 0) failed++;
}
process.exit(failed ? 1 : 0);
