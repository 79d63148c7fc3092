// JavaScript that the browser must have before the stage shows, compressed: the entry's static closure. The stage then shows
// the frame that the build made; the simulation's worker is asked for after that and is listed beside it.
import { readdirSync, readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { gzipSync } from 'node:zlib';
import { firstView } from '../scripts/size.mjs';

export const figures = ['first-view-js-kb'];

export async function run() {
  spawnSync('npm', ['run', '--silent', 'build', '--', '--logLevel', 'error'], { stdio: 'inherit' });
  const page = firstView('dist').reduce((sum, { bytes }) => sum + bytes, 0);
  const worker = readdirSync('dist/assets').find((file) => file.startsWith('sim.worker'));
  const workerBytes = worker ? gzipSync(readFileSync(`dist/assets/${worker}`), { level: 9 }).length : 0;
  const kb = (bytes) => Math.round(bytes / 100) / 10;
  return { 'first-view-js-kb': { value: kb(page), unit: 'kB', 'worker beside it': kb(workerBytes) } };
}
