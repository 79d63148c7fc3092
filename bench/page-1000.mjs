// The page with 1,000 pods on 100 nodes, 200 requests per second, and a rolling update that replaces six pods at a time:
// each passes some eight writes within a second, about 50 pod changes per second.
import { spawnSync } from 'node:child_process';
import { preview } from 'vite';
import { ensureBrowser } from '../scripts/ensure-browser.mjs';
import { kubectl, linkOf } from '../scripts/link.mjs';

export const figures = ['page-1000-longest-task-ms', 'page-1000-script-ms-per-frame'];

/** Seconds of wall time that are measured, after two for settling. */
const seconds = 15;

const manifest = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 1000
  selector: {matchLabels: {app: web}}
  strategy: {rollingUpdate: {maxSurge: 6, maxUnavailable: 0}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: app, image: "shop:v1", ports: [{containerPort: 8080}]}]
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}
`;

/** A link to the run that stands just before the update begins. */
function link() {
  const source = { name: 'users', url: 'http://web', rps: 200, from: 'outside', timeoutMs: 2000 };
  return linkOf({
    world: { seed: 1, nodes: 100 },
    journal: [
      kubectl(1000, 'apply -f web.yaml', { 'web.yaml': manifest }),
      { at: 40_000, input: { type: 'traffic', source } },
      kubectl(45_000, 'set image deployment/web app=shop:v2'),
    ],
    at: 44_000,
  });
}

export async function run() {
  spawnSync('npm', ['run', '--silent', 'build', '--', '--logLevel', 'error'], { stdio: 'inherit' });
  const browserFile = await ensureBrowser();
  const { chromium } = await import('@playwright/test');
  const server = await preview({ logLevel: 'error', preview: { host: '127.0.0.1', port: 4176, strictPort: true } });
  const browser = await chromium.launch({
    ...(browserFile?.path && { executablePath: browserFile.path }),
    args: [
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
    await page.goto(`http://127.0.0.1:4176/${link()}`);
    const play = page.getByRole('button', { name: /^(Play|Pause)$/ });
    await play.waitFor();
    // The run is replayed up to its place first; then the clock moves on.
    await page.waitForFunction(() => document.body.innerText.includes('00:00:44'), null, { timeout: 240_000 });
    if ((await play.getAttribute('aria-label')) === 'Play' || (await play.innerText()) === 'Play') await play.click();
    await page.waitForTimeout(2000);
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Performance.enable');
    const metrics = async () =>
      Object.fromEntries((await cdp.send('Performance.getMetrics')).metrics.map(({ name, value }) => [name, value]));
    await page.evaluate(() => {
      const found = { tasks: [], frames: 0 };
      Object.assign(window, { found });
      new PerformanceObserver((list) =>
        found.tasks.push(...list.getEntries().map((e) => Math.round(e.duration))),
      ).observe({ type: 'longtask' });
      const count = () => {
        found.frames++;
        requestAnimationFrame(count);
      };
      requestAnimationFrame(count);
    });
    const before = await metrics();
    await page.waitForTimeout(seconds * 1000);
    const after = await metrics();
    const found = await page.evaluate(() => window.found);
    const clock = await page.evaluate(() => /\d\d:\d\d:\d\d/.exec(document.body.innerText)?.[0]);
    const perFrame = ((after.ScriptDuration - before.ScriptDuration) * 1000) / Math.max(1, found.frames);
    // The observer reports tasks from 50 ms on; when there is none, the longest was below that.
    return {
      'page-1000-longest-task-ms': {
        value: Math.max(0, ...found.tasks),
        unit: 'ms',
        'tasks over 50 ms': found.tasks.length,
        'clock at the end': clock,
      },
      'page-1000-script-ms-per-frame': {
        value: Math.round(perFrame * 100) / 100,
        unit: 'ms',
        'frames per second': Math.round(found.frames / seconds),
      },
    };
  } finally {
    await browser.close();
    await server.close();
  }
}
