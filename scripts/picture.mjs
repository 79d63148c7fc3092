// Takes the picture of the README from a built page: `node scripts/picture.mjs [FILE]`. A rolling update under traffic,
// half done and paused.
import { preview } from 'vite';
import { ensureBrowser } from './ensure-browser.mjs';
import { kubectl, linkOf } from './link.mjs';

const manifest = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 10
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: shop
          image: shop:v1
          ports:
            - containerPort: 8080
          readinessProbe:
            httpGet: { path: /, port: 8080 }
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector:
    app: web
  ports:
    - port: 80
      targetPort: 8080
`;
const v2 = manifest.replace('shop:v1', 'shop:v2');
const source = { name: 'users', url: 'http://web', rps: 20, from: 'outside', timeoutMs: 2000 };
const hash = linkOf({
  world: { seed: 1, nodes: 3 },
  journal: [
    kubectl(1000, 'apply -f manifest.yaml', { 'manifest.yaml': manifest }),
    { at: 15_000, input: { type: 'traffic', source } },
    kubectl(40_000, 'apply -f manifest.yaml', { 'manifest.yaml': v2 }),
  ],
  at: 43_300,
  editor: v2,
  lang: 'en',
});

const server = await preview({ logLevel: 'error', preview: { host: '127.0.0.1', port: 4177, strictPort: true } });
const found = await ensureBrowser();
const { chromium } = await import('@playwright/test');
const browser = await chromium.launch({
  ...(found?.path && { executablePath: found.path }),
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
await page.goto(`http://127.0.0.1:4177/?theme=light${hash}`);
await page.waitForFunction(() => document.body.innerText.includes('00:00:43'));
await page.locator('.monaco-editor .view-line').first().waitFor();
await page.evaluate(() => document.fonts.ready);
await page.waitForTimeout(2000); // what moves has come to rest
await page.screenshot({ path: process.argv[2] ?? 'docs/kubarium.png' });
await browser.close();
await server.close();
