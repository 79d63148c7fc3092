// `node bench/clients.mjs [seconds] [watches] [writes per second]`: many clients at once over HTTP. Each watch must hear of
// every write, in order; the figures are delays from a write to a watcher, and the server's memory.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { readFileSync } from 'node:fs';

const [seconds = 60, watchers = 50, rate = 200] = process.argv.slice(2).map(Number);
const server = spawn(process.execPath, ['scripts/apiserver.mjs', '--port', '0', '--nodes', '3'], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
let printed = '';
while (!/ready at (\S+)/.test(printed)) printed += String((await once(server.stdout, 'data'))[0]);
const base = new URL(/ready at (\S+)/.exec(printed)[1]);
const agent = new Agent({ keepAlive: true, maxSockets: 200 });
const configMaps = '/api/v1/namespaces/default/configmaps';

function ask(method, path, body) {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': body?.patch ? 'application/merge-patch+json' : 'application/json' };
    const sent = request({ agent, host: base.hostname, port: base.port, method, path, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (piece) => (text += piece));
      response.on('end', () => resolve({ code: response.statusCode, body: JSON.parse(text) }));
    });
    sent.on('error', reject);
    sent.end(body && JSON.stringify(body.patch ?? body));
  });
}

/** Resident memory of the server, MB. */
const memoryOf = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))[1]) / 1024;

/** Opens a watch and keeps what it hears: name and revision. */
function watch(from, heard) {
  const path = `${configMaps}?watch=true&resourceVersion=${from}`;
  return new Promise((resolve, reject) => {
    const sent = request({ host: base.hostname, port: base.port, path }, (response) => {
      let rest = '';
      response.setEncoding('utf8').on('data', (piece) => {
        const lines = (rest + piece).split('\n');
        rest = lines.pop();
        for (const line of lines) {
          const { object } = JSON.parse(line);
          const { sent: at } = object.data ?? {};
          heard.push({ rv: Number(object.metadata.resourceVersion), ms: at ? performance.now() - Number(at) : 0 });
        }
      });
      resolve(() => sent.destroy());
    });
    sent.on('error', reject);
    sent.end();
  });
}

// What is written must be there: 500 objects, over and over.
const objects = 500;
for (let i = 0; i < objects; i++)
  await ask('POST', configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: `load-${i}` } });
const { body: list } = await ask('GET', configMaps);
const heard = Array.from({ length: watchers }, () => []);
const stops = await Promise.all(heard.map((one) => watch(list.metadata.resourceVersion, one)));
const before = memoryOf();
const revisions = [];
const pending = new Set();
const begun = performance.now();
let failed = 0;
const answers = [];
for (let i = 0; i < seconds * rate; i++) {
  const due = begun + (i * 1000) / rate;
  if (due > performance.now()) await new Promise((resolve) => setTimeout(resolve, due - performance.now()));
  const data = { n: String(i), sent: String(performance.now()) };
  const sentAt = performance.now();
  const write = ask('PATCH', `${configMaps}/load-${i % objects}`, { patch: { data } });
  const done = write.then(({ code, body }) => {
    pending.delete(done);
    answers.push(performance.now() - sentAt);
    if (code >= 300) failed++;
    else revisions.push(Number(body.metadata.resourceVersion));
  });
  pending.add(done);
}
await Promise.all(pending);
const took = (performance.now() - begun) / 1000;
await new Promise((resolve) => setTimeout(resolve, 1000));
const after = memoryOf();
for (const stop of stops) stop();
revisions.sort((a, b) => a - b);
const wrong = heard.filter((one) => {
  const got = one.map(({ rv }) => rv);
  return got.length !== revisions.length || got.some((rv, i) => rv !== revisions[i]);
}).length;
const at = (list, share) => list[Math.min(list.length - 1, Math.floor(list.length * share))].toFixed(1);
const delays = heard.flatMap((one) => one.map(({ ms }) => ms)).sort((a, b) => a - b);
answers.sort((a, b) => a - b);
console.log(
  `${revisions.length} writes in ${took.toFixed(1)} s (${(revisions.length / took).toFixed(0)}/s), ${failed} refused`,
);
console.log(`answered after ${at(answers, 0.5)} ms (p50), ${at(answers, 0.99)} ms (p99)`);
console.log(
  `${watchers} watches heard ${delays.length} events after ${at(delays, 0.5)} ms (p50), ${at(delays, 0.99)} ms (p99)`,
);
console.log(`watches that lost an event or its order: ${wrong}`);
console.log(`memory of the server: ${before.toFixed(0)} MB before, ${after.toFixed(0)} MB after`);
server.kill('SIGTERM');
const [exit] = await once(server, 'exit');
console.log(`the server ended with ${exit}`);
process.exit(wrong > 0 || failed > 0 || exit !== 0 ? 1 : 0);
