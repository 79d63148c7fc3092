// What the first view needs before the stage shows, compressed: the entry and its static imports. Budget: 250 kB.
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import path from 'node:path';

const budget = 250_000;

/** Compressed bytes of the JavaScript in the first view's closure, per file. */
export function firstView(dist = 'dist') {
  const manifest = JSON.parse(readFileSync(path.join(dist, '.vite/manifest.json'), 'utf8'));
  const files = new Set();
  const visit = (key) => {
    const chunk = manifest[key];
    if (!chunk || files.has(chunk.file)) return;
    files.add(chunk.file);
    for (const next of chunk.imports ?? []) visit(next);
  };
  for (const [key, chunk] of Object.entries(manifest)) if (chunk.isEntry) visit(key);
  return [...files].map((file) => ({
    file,
    bytes: gzipSync(readFileSync(path.join(dist, file)), { level: 9 }).length,
  }));
}

if (process.argv[1]?.endsWith('size.mjs')) {
  const parts = firstView();
  const total = parts.reduce((sum, part) => sum + part.bytes, 0);
  for (const { file, bytes } of parts) console.log(`${(bytes / 1000).toFixed(1).padStart(7)} kB  ${file}`);
  console.log(`${(total / 1000).toFixed(1).padStart(7)} kB  first view, budget ${budget / 1000} kB`);
  if (total > budget) process.exit(1);
}
