import { defineImage, defineProgram } from '../program.ts';
import { exit, listen } from '../running.ts';
import { anyTag } from './tags.ts';

/** Any image that nobody here knows: it serves 200 on the ports that its container declares, and ends well on SIGTERM. */
const server = defineProgram({
  start(run) {
    listen(run, ...run.container.config.ports.filter((p) => p.protocol !== 'UDP').map((p) => p.port));
    return null;
  },
  request: () => ({ status: 200, body: 'OK\n', cpuMs: 1 }),
  signal: (run) => exit(run, 0),
});

/** Stands for every unknown image. Simplified: what it really does, nobody here knows; the page says that it is assumed. */
export const assumedImage = defineImage({
  names: [],
  hasTag: anyTag,
  sizeMB: 60,
  entrypoint: ['/app'],
  cmd: [],
  memoryMB: 32,
  shell: 'ash',
  tools: ['curl', 'bash'],
  programs: { '*': server },
  assumed: true,
});
