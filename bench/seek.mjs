// Jumps to random moments of a ten-minute run of thirty pods with traffic and faults.
import { loadTs } from '../scripts/load-ts.mjs';
import { cpuMs, deployment } from './world.mjs';

export const figures = ['seek-p95-ms'];

const jumps = 200;

export async function run() {
  const { createSession } = await loadTs('src/session/index.ts');
  const session = createSession({ world: { seed: 1, nodes: 3, podsPerNode: 110, cpuMilli: 8000 }, journal: [] });
  session.advance(5000);
  const apply = (manifest) => {
    const outcome = session.input({ type: 'kubectl', line: 'apply -f m.yaml', files: { 'm.yaml': manifest } });
    if (outcome?.exitCode !== 0) throw new Error(outcome?.stderr);
  };
  apply(`${deployment('web', 30)}---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: {app: web}
  ports: [{port: 80}]
`);
  const source = { name: 'users', url: 'http://web', rps: 20, from: 'inside', namespace: 'default', timeoutMs: 1000 };
  session.advance(30_000);
  session.input({ type: 'traffic', source });
  session.advance(120_000);
  session.input({ type: 'fault', fault: { fault: 'node-crash', node: 'node-2' } });
  session.advance(240_000);
  session.input({ type: 'fault', fault: { fault: 'node-start', node: 'node-2' } });
  session.advance(360_000);
  apply(deployment('web', 30).replace('nginx:1.29', 'nginx:1.28'));
  session.advance(600_000);
  let random = 12_345;
  const times = [];
  for (let i = 0; i < jumps; i++) {
    random = (random * 1_103_515_245 + 12_345) % 2_147_483_648;
    times.push(cpuMs(() => session.seek(Math.floor((random / 2_147_483_648) * 600_000))).ms);
  }
  times.sort((a, b) => a - b);
  return {
    'seek-p95-ms': {
      value: times[Math.floor(jumps * 0.95)],
      unit: 'ms',
      median: times[jumps >> 1],
      max: times.at(-1),
      events: session.world.kernel.state.steps,
    },
  };
}
