import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { editorArrived, readyPods, watch } from './page.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.ttf': 'font/ttf',
};

/** Serves the built page below `/a/b/` and nothing else. */
async function serveBelow(folder: string): Promise<Server> {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    const inside = pathname.startsWith('/a/b/') ? path.join(folder, pathname.slice(5) || 'index.html') : '';
    if (!inside.startsWith(folder) || !existsSync(inside) || !statSync(inside).isFile()) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': types[path.extname(inside)] ?? 'application/octet-stream' });
    createReadStream(inside).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

test('the built page works below a sub-path, within its own policy', async ({ page }) => {
  const server = await serveBelow(path.resolve(process.env['KUBARIUM_DIST'] ?? 'dist'));
  try {
    const { wrongs, requests } = watch(page);
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a/b/`;
    await page.goto(`${base}?paused&lang=ko`);
    await expect(page.getByRole('region', { name: '클러스터 무대' })).toBeVisible();
    await page.getByRole('button', { name: 'EN' }).click();
    await readyPods(page, 3);
    await editorArrived(page);
    await page.getByRole('button', { name: 'Share' }).click();
    expect(await page.getByRole('textbox', { name: 'Link' }).inputValue()).toContain(`${base}#v=1`);
    expect(requests.filter((url) => !url.startsWith(base) && !/^(blob|data):/.test(url))).toEqual([]);
    expect(wrongs).toEqual([]);
    const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/script-src 'self'(;|$)/);
  } finally {
    server.closeAllConnections();
    server.close();
  }
});
