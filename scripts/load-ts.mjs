// Bundles a TypeScript module of the core with Vite and imports it: Node 20 cannot read types itself.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

/** Imports `file` (relative to the project's root) after bundling it into .cache/; returns its exports. */
export async function loadTs(file) {
  const out = path.join(root, '.cache', file.replace(/[^a-z0-9]+/gi, '-'));
  mkdirSync(out, { recursive: true });
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: {
      ssr: path.join(root, file),
      outDir: out,
      emptyOutDir: true,
      minify: false,
      target: 'node20',
      rolldownOptions: { output: { entryFileNames: 'module.mjs' } },
    },
  });
  return import(`${pathToFileURL(path.join(out, 'module.mjs')).href}?${process.pid}`);
}
