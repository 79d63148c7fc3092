import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { firstFrame } from './scripts/first-frame.mjs';

/** Puts the first frame beside the page: the stage shows it while the simulation is still being loaded. */
const firstFrameBesideThePage: Plugin = {
  name: 'first-frame',
  apply: 'build',
  async generateBundle() {
    this.emitFile({ type: 'asset', fileName: 'first-frame.json', source: JSON.stringify(await firstFrame()) });
  },
};

/** Builds the static page. `base` is relative, so that `dist` works from any sub-path and from a stick. */
export default defineConfig({
  base: './',
  plugins: [react(), firstFrameBesideThePage],
  resolve: {
    // monaco-worker-manager imports a path from before monaco-editor 0.56; the exports map would double `esm/vs`.
    alias: [{ find: /^monaco-editor\/esm\/vs\/(.*)$/, replacement: 'monaco-editor/$1' }],
  },
  optimizeDeps: {
    // Lazily imported: named here, or the first visit in dev mode finds them late and reloads the page.
    include: [
      'monaco-editor/editor',
      'monaco-editor/features/register.all',
      'monaco-editor/languages/definitions/yaml/register',
      'monaco-editor/editor/editor.worker',
      'monaco-yaml',
      'monaco-yaml/yaml.worker.js',
      '@xterm/xterm',
      '@xterm/addon-fit',
    ],
  },
  worker: { format: 'es' },
  build: { target: 'es2022', manifest: true, chunkSizeWarningLimit: 4000 },
  server: { port: Number(process.env['PORT'] ?? 4173), strictPort: true },
  preview: { host: '127.0.0.1', port: Number(process.env['PORT'] ?? 4173), strictPort: true },
});
