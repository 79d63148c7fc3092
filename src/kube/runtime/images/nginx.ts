import { deepFreeze } from '../../../kernel/index.ts';
import type { Connect } from '../../network/net.ts';
import { accessLogTime } from '../clock.ts';
import { isDirectory, listDirectory } from '../files.ts';
import { defineImage, defineProgram, type Answer, type Run, type Signal } from '../program.ts';
import { drain, exit, file, listen, say, sayConstant, signalMain } from '../running.ts';
import { releases } from './tags.ts';

const welcome = `<!DOCTYPE html>
<html>
<head>
<title>Welcome to nginx!</title>
<style>
html { color-scheme: light dark; }
body { width: 35em; margin: 0 auto;
font-family: Tahoma, Verdana, Arial, sans-serif; }
</style>
</head>
<body>
<h1>Welcome to nginx!</h1>
<p>If you see this page, the nginx web server is successfully installed and
working. Further configuration is required.</p>

<p>For online documentation and support please refer to
<a href="http://nginx.org/">nginx.org</a>.<br/>
Commercial support is available at
<a href="http://nginx.com/">nginx.com</a>.</p>

<p><em>Thank you for using nginx.</em></p>
</body>
</html>
`;

const entrypointLines = Object.freeze([
  '/docker-entrypoint.sh: /docker-entrypoint.d/ is not empty, will attempt to perform configuration',
  '/docker-entrypoint.sh: Looking for shell scripts in /docker-entrypoint.d/',
  '/docker-entrypoint.sh: Launching /docker-entrypoint.d/10-listen-on-ipv6-by-default.sh',
  '/docker-entrypoint.sh: Launching /docker-entrypoint.d/20-envsubst-on-templates.sh',
  '/docker-entrypoint.sh: Launching /docker-entrypoint.d/30-tune-worker-processes.sh',
  '/docker-entrypoint.sh: Configuration complete; ready for start up',
]);

/** What its configuration says, read once at the start. */
interface NginxState {
  readonly root: string;
  readonly locations: readonly Location[];
}

interface Location {
  readonly path: string;
  readonly status?: number;
  readonly body?: string;
  readonly root?: string;
}

const configFiles = ['/etc/nginx/nginx.conf', '/etc/nginx/conf.d/default.conf'];

/** What the image's own configuration means. */
const defaultConfig: Config = deepFreeze({
  ports: [80],
  state: { root: '/usr/share/nginx/html', locations: [] },
});

/** True when nothing was written or mounted that could have changed the image's own configuration. */
const untouched = ({ container }: Run): boolean =>
  container.files === null &&
  container.config.mounts.every(
    ({ mountPath }) => !'/etc/nginx'.startsWith(mountPath) && !mountPath.startsWith('/etc/nginx'),
  );

/** Reads `listen`, `root` and `location` out of the configuration. Simplified: proxy_pass, rewrites and the rest do nothing. */
function readConfig(run: Run): Config | string {
  if (untouched(run)) return defaultConfig;
  const texts = [
    ...configFiles.map((path) => file(run, path)),
    ...(listDirectory(run, '/etc/nginx/conf.d') ?? [])
      .filter((name) => name.endsWith('.conf') && name !== 'default.conf')
      .map((name) => file(run, `/etc/nginx/conf.d/${name}`)),
  ].filter((text) => text !== undefined);
  const text = texts.join('\n');
  let config = parsed.get(text);
  if (config === undefined) {
    if (parsed.size >= maxParsed) parsed.clear();
    parsed.set(text, (config = deepFreeze(parseConfig(text))));
  }
  return config;
}

/** What a configuration means. */
interface Config {
  readonly ports: readonly number[];
  readonly state: NginxState;
}

/** Pure cache: most servers of a cluster start with the same few configurations. */
const parsed = new Map<string, Config | string>();
const maxParsed = 64;

function parseConfig(commented: string): Config | string {
  const text = commented.replace(/#[^\n]*/g, '');
  const opened = text.split('{').length;
  if (opened !== text.split('}').length) return 'unexpected end of file, expecting "}"';
  const ports = [...text.matchAll(/\blisten\s+(?:\[::\]:|[\d.]+:)?(\d+)/g)].map((m) => Number(m[1]));
  const root = /^[^{}]*?\broot\s+([^;]+);/m.exec(text)?.[1];
  const locations = [...text.matchAll(/\blocation\s+(?:[=~^*]+\s+)?(\S+)\s*\{([^{}]*)\}/g)].map(([, path, body]) => {
    const returned = /\breturn\s+(\d{3})(?:\s+(?:'([^']*)'|"([^"]*)"|([^;]*)))?\s*;/.exec(body!);
    const ownRoot = /\b(?:root|alias)\s+([^;]+);/.exec(body!)?.[1];
    return {
      path: path!,
      ...(returned ? { status: Number(returned[1]), body: returned[2] ?? returned[3] ?? returned[4] ?? '' } : {}),
      ...(ownRoot ? { root: ownRoot.trim() } : {}),
    };
  });
  const whole = locations.find((l) => l.path === '/')?.root;
  return {
    ports: ports.length > 0 ? [...new Set(ports)] : [80],
    state: { root: (root ?? whole ?? '/usr/share/nginx/html').trim(), locations },
  };
}

function answer(run: Run, state: NginxState, connect: Connect): Answer {
  const path = connect.path.split('?')[0]!;
  const rule = state.locations
    .filter((l) => path === l.path || path.startsWith(l.path))
    .sort((a, b) => b.path.length - a.path.length)[0];
  if (rule?.status !== undefined) return withLog(run, connect, rule.status, rule.body ?? '');
  const root = rule?.root ?? state.root;
  const target = path.endsWith('/') ? `${root}${path}index.html` : `${root}${path}`;
  const content = file(run, target);
  if (content !== undefined) return withLog(run, connect, 200, content);
  if (isDirectory(run, target.replace(/\/index\.html$/, '')) && path.endsWith('/'))
    return withLog(run, connect, 403, errorPage(403, 'Forbidden'));
  return withLog(run, connect, 404, errorPage(404, 'Not Found'));
}

const errorPage = (status: number, words: string): string =>
  `<html>\n<head><title>${status} ${words}</title></head>\n<body>\n<center><h1>${status} ${words}</h1></center>\n` +
  '<hr><center>nginx</center>\n</body>\n</html>\n';

function withLog(run: Run, connect: Connect, status: number, body: string): Answer {
  const agent = connect.headers['User-Agent'] ?? connect.headers['user-agent'] ?? '-';
  return {
    status,
    body,
    cpuMs: 0.1,
    log: `${connect.clientIp} - - [${accessLogTime(run.ctx.now)}] "${connect.method} ${connect.path} HTTP/1.1" ${status} ${body.length} "-" "${agent}" "-"`,
  };
}

/** The web server itself. */
const server = defineProgram<NginxState>({
  start(run, argv) {
    if (argv[1] === '-s' || argv[1] === '-t' || argv[1] === '-v') {
      // `nginx -s quit` in a preStop hook: the signal goes to the server itself.
      const signal = { stop: 'TERM', quit: 'QUIT', reload: 'HUP' }[argv[2] ?? ''];
      if (argv[1] === '-s' && signal) signalMain(run, signal as Signal);
      exit(run, 0);
      return { root: '', locations: [] };
    }
    const config = readConfig(run);
    if (run.server.pid === 1) sayConstant(run, entrypointLines);
    if (typeof config === 'string') {
      say(run, `nginx: [emerg] ${config} in /etc/nginx/nginx.conf`);
      exit(run, 1);
      return { root: '', locations: [] };
    }
    for (const port of config.ports) {
      if (listen(run, port)) continue;
      say(run, `nginx: [emerg] bind() to 0.0.0.0:${port} failed (98: Address in use)`);
      exit(run, 1);
      break;
    }
    return config.state;
  },
  request: answer,
  signal(run, _state, signal) {
    if (signal === 'QUIT' || signal === 'WINCH') drain(run, 0);
    else if (signal !== 'HUP' && signal !== 'USR1' && signal !== 'USR2') exit(run, 0);
  },
});

/** Last patch of each line. Even lines are stable, odd ones mainline. */
const lines: Readonly<Record<string, number>> = {
  '1.7': 12,
  '1.8': 1,
  '1.9': 15,
  '1.10': 3,
  '1.11': 13,
  '1.12': 2,
  '1.13': 12,
  '1.14': 2,
  '1.15': 12,
  '1.16': 1,
  '1.17': 10,
  '1.18': 0,
  '1.19': 10,
  '1.20': 2,
  '1.21': 6,
  '1.22': 1,
  '1.23': 4,
  '1.24': 0,
  '1.25': 5,
  '1.26': 3,
  '1.27': 5,
  '1.28': 2,
  '1.29': 5,
};

/** nginx. Its image asks to be stopped with SIGQUIT: it finishes what it has begun; SIGTERM (`kill 1`) cuts it off. */
export const nginx = defineImage({
  names: [
    'nginx',
    'registry.k8s.io/nginx-slim',
    'registry.k8s.io/nginx',
    'nginxinc/nginx-unprivileged',
    'bitnami/nginx',
  ],
  hasTag: releases(
    lines,
    [
      'alpine',
      'alpine-slim',
      'alpine-perl',
      'alpine-otel',
      'perl',
      'otel',
      'bookworm',
      'bookworm-perl',
      'bullseye',
      'trixie',
    ],
    [
      'mainline',
      'mainline-alpine',
      'stable',
      'stable-alpine',
      'stable-perl',
      'stable-alpine-slim',
      '0.8',
      '0.21',
      '0.24',
      '0.27',
    ],
  ),
  sizeMB: 72,
  entrypoint: ['/docker-entrypoint.sh'],
  cmd: ['nginx', '-g', 'daemon off;'],
  wrappers: ['docker-entrypoint.sh'],
  env: { NGINX_VERSION: '1.29.5' },
  ports: [80],
  memoryMB: 6,
  shell: 'dash',
  tools: ['curl', 'nginx'],
  files: {
    '/usr/share/nginx/html/index.html': welcome,
    '/usr/share/nginx/html/50x.html': errorPage(500, 'An error occurred.'),
    '/etc/nginx/nginx.conf': 'worker_processes auto;\nevents {}\nhttp {\n    include /etc/nginx/conf.d/*.conf;\n}\n',
    '/etc/nginx/conf.d/default.conf':
      'server {\n    listen       80;\n    listen  [::]:80;\n    server_name  localhost;\n\n    location / {\n        root   /usr/share/nginx/html;\n        index  index.html index.htm;\n    }\n}\n',
  },
  programs: { nginx: server },
  stopSignal: 'QUIT',
});
