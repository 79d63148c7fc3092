// `npm run apiserver -- --port 6443 --kubeconfig FILE …`: serves one cluster over HTTP for real clients.
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import './generate.mjs';
import { loadTs, root } from './load-ts.mjs';

const usage = `usage: npm run apiserver -- [--port 6443] [--listen 127.0.0.1] [--kubeconfig FILE] [--nodes 3] [--seed 1]
                            [--speed 1|10|…|max] [--pods-per-node 110] [--epoch now|2026-01-01T00:00:00Z]
                            [--state FILE] [--page]`;

/** Options of the command line; exits with 2 when one is wrong. */
function readOptions() {
  const given = {
    port: '6443',
    listen: '127.0.0.1',
    kubeconfig: '',
    nodes: '3',
    seed: '1',
    speed: '1',
    'pods-per-node': '110',
    epoch: '',
    state: '',
  };
  const args = process.argv.slice(2);
  const page = args.includes('--page');
  if (page) args.splice(args.indexOf('--page'), 1);
  for (let i = 0; i < args.length; i += 2) {
    const name = args[i].replace(/^--/, '');
    if (!Object.hasOwn(given, name) || args[i + 1] === undefined) refuse(`unknown or incomplete option ${args[i]}`);
    given[name] = args[i + 1];
  }
  const whole = (name, low, high) => {
    const value = Number(given[name]);
    if (!Number.isInteger(value) || value < low || value > high)
      refuse(`--${name} must be a whole number from ${low} to ${high}`);
    return value;
  };
  const speed = given.speed === 'max' ? 'max' : Number(given.speed);
  if (speed !== 'max' && !(speed > 0)) refuse('--speed must be a number above 0, or max');
  // Clients reckon ages by their own clock, so that the cluster's begins where theirs stands; the page counts from its beginning.
  if (given.epoch === '') given.epoch = page ? '2026-01-01T00:00:00Z' : 'now';
  const epoch = given.epoch === 'now' ? Date.now() : Date.parse(given.epoch);
  if (!(epoch >= Date.UTC(2026))) refuse('--epoch must be now, or a time from 2026 on as 2026-01-01T00:00:00Z');
  return {
    epoch,
    page,
    port: whole('port', 0, 65535),
    host: given.listen,
    kubeconfig: given.kubeconfig,
    state: given.state,
    speed,
    world: {
      seed: whole('seed', 0, 2 ** 32 - 1),
      nodes: whole('nodes', 0, 5000),
      podsPerNode: whole('pods-per-node', 1, 100_000),
    },
  };
}

function refuse(why) {
  console.error(`${why}\n${usage}`);
  process.exit(2);
}

const { port, host, kubeconfig, page, state, speed, world, epoch } = readOptions();
const dist = path.join(root, 'dist');
if (page && !existsSync(path.join(dist, 'index.html'))) refuse('--page serves the built page: run npm run build first');
const { beginsAtFor, kubeconfigOf, serveApi } = await loadTs('src/hosts/node/serve.ts');
const served = await serveApi({
  run: { world: { ...world, beginsAt: beginsAtFor(epoch) }, journal: [] },
  speed,
  port,
  host,
  ...(state && { state }),
  ...(page && { page: dist }),
  failed: (error) => console.error(error),
}).catch((error) => {
  // A port that is taken or a file that holds no run is no fault of ours; of a fault the stack is worth seeing.
  console.error(error.code || error.name === 'StateFileError' ? error.message : error);
  process.exit(1);
});
if (kubeconfig) writeFileSync(kubeconfig, kubeconfigOf(served.url));
console.log(`Kubernetes API ready at ${served.url}`);
if (page) console.log(`The page shows it at ${served.url}/page/`);
for (const signal of ['SIGTERM', 'SIGINT']) process.once(signal, () => void served.close().then(() => process.exit(0)));
