// Builds the page, serves it, prints its address. PORT overrides 4173.
import { spawnSync } from 'node:child_process';
import { preview } from 'vite';

const built = spawnSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit', shell: process.platform === 'win32' });
if (built.status !== 0) process.exit(built.status ?? 1);
const port = Number(process.env.PORT ?? 4173);
const server = await preview({ preview: { host: '127.0.0.1', port, strictPort: true } });
console.log(`\nKubarium is ready at http://127.0.0.1:${port}\n`);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.close().then(() => process.exit(0)));
