import { reasonPhrase } from '../../../apimachinery/http.ts';
import type { NetRequest, NetResponse } from '../../../network/net.ts';
import { makeDirectory, readFile, resolvePath, writeFile } from '../../files.ts';
import { sendRequest } from '../../requests.ts';
import type { Wait } from '../tasks.ts';
import { commands, rareCommands, type Call } from '../utility.ts';
import { inputOf } from '../io.ts';
import { complain, gather, options, out, sleepFor } from './support.ts';

/** Sends a request for this task; the utility is called again with the answer in `task.response`. */
export function ask(call: Call, request: Omit<NetRequest, 'timeoutMs'>, timeoutMs: number): Wait {
  const { os, task, state } = call;
  state['asked'] = true;
  task.response = null;
  const name = `ask${++task.turn}`;
  sendRequest(
    os,
    os.net,
    { ...request, timeoutMs: Math.max(1, Math.round(timeoutMs)) },
    `${os.container.id}|${task.pid}|${name}`,
  );
  return { for: 'response', name };
}

/** The answer to `ask`, or null when nothing was asked yet. */
export const answerTo = ({ task, state }: Call): NetResponse | null => (state['asked'] ? task.response : null);

interface Target {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly secure: boolean;
}

/** Takes `http://host:port/path` apart; the scheme may be missing. */
function parseUrl(url: string): Target {
  const m = /^(?:(https?|telnet):\/\/)?(?:[^@/]*@)?(\[[^\]]+\]|[^/:?]+)(?::(\d+))?(\/[^#]*|\?[^#]*)?/.exec(url);
  const path = m?.[4] ?? '/';
  return {
    host: m?.[2] ?? '',
    port: m?.[3] ? Number(m[3]) : m?.[1] === 'https' ? 443 : 80,
    path: path.startsWith('?') ? `/${path}` : path,
    secure: m?.[1] === 'https',
  };
}

/** Longest chain of redirects followed. */
const mostRedirects = 10;

/** Takes note of where a redirect leads, so that the utility asks there; false when the answer is none. */
function redirected({ state }: Call, { status, headers }: NetResponse): boolean {
  const location = headers['Location'];
  const count = Number(state['redirects'] ?? 0);
  if (![301, 302, 303, 307, 308].includes(status) || location === undefined || count >= mostRedirects) return false;
  state['redirects'] = count + 1;
  state['url'] = location;
  return true;
}

/** The URL that is asked for now. */
const urlNow = ({ state }: Call, given: string | undefined): string | undefined =>
  (state['url'] as string | undefined) ?? given;

/** How busybox' wget words what went wrong. */
function wgetError(host: string, port: number, response: NetResponse): string {
  if (response.failure === 'dns') return `wget: bad address '${host}${port === 80 ? '' : `:${port}`}'`;
  if (response.failure === 'refused' || response.failure === 'no-endpoints')
    return `wget: can't connect to remote host (${host}): Connection refused`;
  if (response.failure === 'timeout') return 'wget: download timed out';
  if (response.failure === 'reset') return 'wget: error getting response: Connection reset by peer';
  return `wget: server returned error: HTTP/1.1 ${response.status} ${reasonPhrase(response.status)}`;
}

function wget(call: Call): number | Wait {
  const { flags, rest } = options(call.argv, 'OTUtPS');
  const url = urlNow(call, rest[0]);
  if (url === undefined)
    return complain(
      call,
      'BusyBox v1.36.1 multi-call binary.\n\nUsage: wget [-cqS] [--spider] [-O FILE] [-T SEC] URL...',
    );
  const target = parseUrl(url);
  const response = answerTo(call);
  const get = (): Wait => {
    const { host, port, path, secure } = parseUrl(urlNow(call, url)!);
    const post = flags['post-data'];
    if (!('q' in flags)) complain(call, `Connecting to ${host}${port === 80 ? '' : `:${port}`}`);
    if (secure && !call.state['noted']) complain(call, 'wget: note: TLS certificate validation not implemented');
    if (secure) call.state['noted'] = true;
    return ask(
      call,
      {
        host,
        port,
        path,
        protocol: 'http',
        method: post === undefined ? ('spider' in flags ? 'HEAD' : 'GET') : 'POST',
        headers: { 'User-Agent': 'Wget', ...headersOf(call.argv, '--header') },
        ...(post === undefined ? {} : { body: post }),
      },
      Number(flags['T'] ?? flags['timeout'] ?? 900) * 1000,
    );
  };
  if (!response || redirected(call, response)) return get();
  if (response.status < 200 || response.status >= 400 || response.failure) {
    if (response.failure && response.failure !== 'status')
      return complain(call, wgetError(target.host, target.port, response));
    return complain(call, wgetError(target.host, target.port, { ...response, failure: undefined }));
  }
  if ('spider' in flags) return 'q' in flags ? 0 : complain(call, 'remote file exists', 0);
  const file = flags['O'] ?? (target.path.split('?')[0]!.split('/').at(-1) || 'index.html');
  return deliver(call, file, response.body, 'q' in flags);
}

function deliver(call: Call, file: string, body: string, quiet: boolean): number {
  if (file === '-') out(call, body);
  else if (file !== '/dev/null') {
    const error = writeFile(call.os, resolvePath(file, call.task.cwd), body);
    if (error !== null) return complain(call, `wget: can't open '${file}': ${error}`);
    if (!quiet)
      complain(
        call,
        `saving to '${file}'\n${file.padEnd(20)} 100% |********************************|  ${body.length}  0:00:00 ETA\n'${file}' saved`,
        0,
      );
  }
  return 0;
}

function headersOf(argv: readonly string[], long: string): Record<string, string> {
  const headers: Record<string, string> = {};
  argv.forEach((arg, i) => {
    const text =
      arg === long || arg === '-H' ? argv[i + 1] : arg.startsWith(`${long}=`) ? arg.slice(long.length + 1) : undefined;
    const [name, value] = text?.split(/:\s*(.*)/s) ?? [];
    if (name && value !== undefined) headers[name] = value;
  });
  return headers;
}

/** What curl says to a certificate that no authority it knows has signed: here all are such. */
const untrusted = `curl: (60) SSL certificate problem: self-signed certificate
More details here: https://curl.se/docs/sslcerts.html

curl failed to verify the legitimacy of the server and therefore could not
establish a secure connection to it. To learn more about this situation and
how to fix it, please visit the webpage mentioned above.`;

/** Exit codes and words of curl. */
function curlError({ host, port }: Target, { failure, ms }: NetResponse): [number, string] {
  switch (failure) {
    case 'dns':
      return [6, `curl: (6) Could not resolve host: ${host}`];
    case 'refused':
    case 'no-endpoints':
      return [7, `curl: (7) Failed to connect to ${host} port ${port} after ${ms} ms: Could not connect to server`];
    case 'timeout':
      return [28, `curl: (28) Operation timed out after ${ms} milliseconds with 0 bytes received`];
    default:
      return [56, 'curl: (56) Recv failure: Connection reset by peer'];
  }
}

/** The address that `--resolve host:port:address` gives for a URL's host. */
function resolvedTo(argv: readonly string[], host: string, port: number): string | undefined {
  for (const [i, arg] of argv.entries()) {
    const text = arg === '--resolve' ? argv[i + 1] : arg.startsWith('--resolve=') ? arg.slice(10) : undefined;
    const [, name, number, address] = /^\+?([^:]+):(\d+):([\d.]+)/.exec(text ?? '') ?? [];
    if ((name === host || name === '*') && Number(number) === port) return address;
  }
  return undefined;
}

const curlValued = 'omHdXwuAebcTFxy';

function curl(call: Call): number | Wait {
  const argv = call.argv.map(
    (a) =>
      ({
        '--silent': '-s',
        '--show-error': '-S',
        '--fail': '-f',
        '--head': '-I',
        '--include': '-i',
        '--verbose': '-v',
        '--location': '-L',
        '--insecure': '-k',
      })[a] ?? a,
  );
  const long = (name: string): string | undefined => {
    const i = argv.findIndex((a) => a === name || a.startsWith(`${name}=`));
    return i < 0 ? undefined : argv[i]!.includes('=') ? argv[i]!.split(/=(.*)/s)[1] : argv[i + 1];
  };
  const takesValue =
    /^--(?:max-time|connect-timeout|output|request|data.*|header|write-out|retry.*|resolve|user-agent|url|cacert|cert|key|user|form)$/;
  const short = argv.filter((a, i) => !a.startsWith('--') && !takesValue.test(argv[i - 1] ?? ''));
  const { flags, rest } = options(short, curlValued);
  const url = urlNow(call, rest[0] ?? long('--url'));
  if (url === undefined) return complain(call, "curl: try 'curl --help' or 'curl --manual' for more information", 2);
  const target = parseUrl(url);
  const response = answerTo(call);
  const get = (): Wait => {
    const { host, port, path } = parseUrl(urlNow(call, url)!);
    const body = flags['d'] ?? long('--data') ?? long('--data-raw');
    const method = flags['X'] ?? long('--request') ?? ('I' in flags ? 'HEAD' : body === undefined ? 'GET' : 'POST');
    const headers: Record<string, string> = { 'User-Agent': 'curl/8.14.1', ...headersOf(argv, '--header') };
    const resolved = resolvedTo(argv, host, port);
    if (resolved !== undefined && headers['Host'] === undefined) headers['Host'] = host;
    const seconds = Number(flags['m'] ?? long('--max-time') ?? long('--connect-timeout') ?? 120);
    return ask(
      call,
      {
        host: resolved ?? host,
        port,
        path,
        protocol: 'http',
        method,
        headers,
        ...(body === undefined ? {} : { body: bodyOf(call, body) }),
      },
      seconds * 1000,
    );
  };
  if (!response) return get();
  const { certificate } = response;
  if ('v' in flags && certificate !== undefined)
    complain(call, `* Server certificate:\n*  subject: ${certificate}\n*  issuer: ${certificate}`);
  if (target.secure && certificate !== undefined && !('k' in flags)) {
    if (!('s' in flags) || 'S' in flags) complain(call, untrusted);
    return 60;
  }
  if ('L' in flags && redirected(call, response)) return get();
  const format = flags['w'] ?? long('--write-out');
  const write = (): void => {
    if (format !== undefined)
      out(
        call,
        format
          .replace(/%\{(\w+)\}/g, (_all, name: string) =>
            name === 'http_code' || name === 'response_code'
              ? String(response.status).padStart(3, '0')
              : name === 'time_total'
                ? (response.ms / 1000).toFixed(6)
                : '',
          )
          .replaceAll('\\n', '\n'),
      );
  };
  if (response.status === 0) {
    const [code, text] = curlError(target, response);
    write();
    if (!('s' in flags) || 'S' in flags) complain(call, text);
    return code;
  }
  if ('f' in flags && response.status >= 400) {
    write();
    if (!('s' in flags) || 'S' in flags)
      complain(call, `curl: (22) The requested URL returned error: ${response.status}`);
    return 22;
  }
  if ('i' in flags || 'I' in flags) {
    out(call, `HTTP/1.1 ${response.status} ${reasonPhrase(response.status)}\r\n`);
    for (const [name, value] of Object.entries(response.headers)) out(call, `${name}: ${value}\r\n`);
    out(call, `Content-Length: ${response.body.length}\r\n\r\n`);
  }
  const file = flags['o'] ?? long('--output') ?? ('O' in flags ? (target.path.split('/').at(-1) ?? '-') : '-');
  if (!('I' in flags)) deliver(call, file, response.body, true);
  write();
  return 0;
}

const bodyOf = (call: Call, text: string): string =>
  text.startsWith('@') ? (readFile(call.os, resolvePath(text.slice(1), call.task.cwd)) ?? '') : text;

/** nc -z host port, and nc host port as a bare connection. */
function nc(call: Call): number | Wait {
  const { flags, rest } = options(call.argv, 'wpesq');
  if ('l' in flags) return listenFor(call);
  const [host = '', port = ''] = rest;
  const response = answerTo(call);
  if (!response) {
    // What comes on standard input goes out as one piece; a connection that only looks sends nothing.
    const typed = 'z' in flags || inputOf(call.os, call.task)?.open ? '' : gather(call, []);
    if (typed !== undefined && typeof typed !== 'string') return typed;
    const to = { host, port: Number(port), protocol: 'u' in flags ? 'udp' : 'tcp' } as const;
    return ask(call, typed ? { ...to, body: typed } : to, Number(flags['w'] ?? 120) * 1000);
  }
  if (response.ok || response.status > 0) {
    if ('v' in flags) complain(call, `${host} (${host}:${port}) open`, 0);
    if (!('z' in flags)) out(call, response.body);
    return 0;
  }
  if (response.failure === 'dns') return complain(call, `nc: bad address '${host}'`);
  return complain(
    call,
    `nc: ${host} (${host}:${port}): ${response.failure === 'timeout' ? 'Connection timed out' : 'Connection refused'}`,
  );
}

/** Listening is not simulated for a command inside a script: it waits for ever. */
const listenFor = (_call: Call): Wait => ({ for: 'ever' });

/** Addresses of a name, as the container's resolver finds them. */
function addressesOf({ os }: Call, name: string): readonly string[] {
  if (name === 'localhost') return ['127.0.0.1'];
  if (name === os.pod.config.hostname) return [os.pod.ip];
  return os.net.resolve(os.ctx, name, os.pod.config.namespace);
}

/**
 * Waits, once, as a resolver does for name servers that do not answer. `lost`: it has been waited for in vain.
 * Names that need no server are never waited for.
 */
function awaitDns(call: Call, name: string, ms: number): Wait | 'lost' | null {
  const { os, state } = call;
  if (/^[\d.]+$/.test(name) || name === 'localhost' || name === os.pod.config.hostname) return null;
  if (state['waited']) return 'lost';
  const { namespace, podUid } = os.pod.config;
  const { node } = os.memory;
  if (os.net.reachesDns(os.ctx, { address: `runtime/${node}`, node, ip: os.pod.ip, namespace, podUid })) return null;
  state['waited'] = true;
  return sleepFor(call, ms);
}

/** Two tries of 5 s, as /etc/resolv.conf has it; nslookup and dig try three times. */
const resolverMs = 10_000;
const lookupMs = 15_000;
const noServers = ';; connection timed out; no servers could be reached\n';

function nslookup(call: Call): number | Wait {
  const { rest } = options(call.argv);
  const name = rest[0] ?? '';
  const waiting = awaitDns(call, name, lookupMs);
  if (waiting === 'lost') {
    out(call, `${noServers}\n`);
    return 1;
  }
  if (waiting) return waiting;
  const addresses = addressesOf(call, name);
  const full = fullName(call, name);
  out(call, 'Server:\t\t10.96.0.10\nAddress:\t10.96.0.10:53\n\n');
  if (addresses.length === 0) {
    out(call, `** server can't find ${full}: NXDOMAIN\n\n`);
    return 1;
  }
  for (const address of addresses) out(call, `Name:\t${full}\nAddress: ${address}\n\n`);
  return 0;
}

/** The name in full under which it was found, or would have been. */
function fullName(call: Call, name: string): string {
  const { namespace } = call.os.pod.config;
  const dots = name.split('.').length - 1;
  if (name.endsWith('.')) return name.slice(0, -1);
  const candidates =
    dots === 0
      ? [`${name}.${namespace}.svc.cluster.local`]
      : [`${name}.svc.cluster.local`, `${name}.cluster.local`, name];
  return candidates.find((full) => addressesOf(call, `${full}.`).length > 0) ?? (dots <= 1 ? candidates[0]! : name);
}

function ping(call: Call): number | Wait {
  const { state } = call;
  const { flags, rest } = options(call.argv, 'cWiws');
  const host = rest[0] ?? '';
  const waiting = state['n'] === undefined ? awaitDns(call, host, resolverMs) : null;
  if (waiting === 'lost') return complain(call, `ping: bad address '${host}'`);
  if (waiting) return waiting;
  const ip = /^[\d.]+$/.test(host) ? host : addressesOf(call, host)[0];
  if (ip === undefined) return complain(call, `ping: bad address '${host}'`);
  const n = Number(state['n'] ?? 0);
  if (n === 0) out(call, `PING ${host} (${ip}): 56 data bytes\n`);
  if (n >= Number(flags['c'] ?? Infinity)) {
    out(call, `\n--- ${host} ping statistics ---\n${n} packets transmitted, ${n} packets received, 0% packet loss\n`);
    return 0;
  }
  out(call, `64 bytes from ${ip}: seq=${n} ttl=63 time=0.080 ms\n`);
  state['n'] = n + 1;
  return sleepFor(call, 1000);
}

function dig(call: Call): number | Wait {
  const name = call.argv.slice(1).find((a) => !/^[+@-]/.test(a)) ?? '';
  const waiting = awaitDns(call, name, lookupMs);
  if (waiting === 'lost') {
    out(call, noServers);
    return 9;
  }
  if (waiting) return waiting;
  const addresses = addressesOf(call, name);
  if (call.argv.includes('+short')) out(call, addresses.map((a) => `${a}\n`).join(''));
  else {
    out(
      call,
      `;; ->>HEADER<<- opcode: QUERY, status: ${addresses.length > 0 ? 'NOERROR' : 'NXDOMAIN'}\n\n;; ANSWER SECTION:\n`,
    );
    out(call, addresses.map((a) => `${name}.\t30\tIN\tA\t${a}\n`).join(''));
  }
  return 0;
}

/** git clone: takes a while and leaves a directory with a README. Other subcommands do nothing. */
function git(call: Call): number | Wait {
  const { os, task, argv, state } = call;
  if (argv[1] !== 'clone') return 0;
  const [url = '', directory] = argv.slice(2).filter((a) => !a.startsWith('-'));
  const target =
    directory ??
    url
      .replace(/\/$/, '')
      .split('/')
      .at(-1)!
      .replace(/\.git$/, '');
  if (!state['begun']) {
    state['begun'] = true;
    complain(call, `Cloning into '${target}'...`);
    return sleepFor(call, 2000);
  }
  const path = resolvePath(target, task.cwd);
  makeDirectory(os, path);
  writeFile(os, `${path}/README.md`, `# ${url}\n`);
  return 0;
}

/** Network utilities. */
export const networkCommands = {
  ...commands({
    wget,
    curl,
    nc,
    nslookup,
    ping,
    dig,
    host: dig,
    getent: (call) => {
      const waiting = awaitDns(call, call.argv[2] ?? '', resolverMs);
      if (waiting) return waiting === 'lost' ? 2 : waiting;
      const addresses = addressesOf(call, call.argv[2] ?? '');
      for (const a of addresses) out(call, `${a.padEnd(15)} ${call.argv[2]}\n`);
      return addresses.length > 0 ? 0 : 2;
    },
    ip: (call) => {
      if (call.argv[1] === 'link' && call.argv[2] === 'add') {
        // Simplified: no container may change its network, privileged or not.
        complain(call, 'ip: RTNETLINK answers: Operation not permitted');
        return 2;
      }
      out(
        call,
        `1: lo: <LOOPBACK,UP> mtu 65536\n    inet 127.0.0.1/8 scope host lo\n2: eth0: <BROADCAST,MULTICAST,UP> mtu 1500\n    inet ${call.os.pod.ip}/24 scope global eth0\n`,
      );
      return 0;
    },
    ifconfig: (call) => {
      out(call, `eth0      Link encap:Ethernet\n          inet addr:${call.os.pod.ip}  Mask:255.255.255.0\n`);
      return 0;
    },
    netstat: (call) => {
      out(
        call,
        'Active Internet connections (only servers)\nProto Recv-Q Send-Q Local Address           Foreign Address         State\n',
      );
      for (const s of call.os.container.servers)
        for (const p of s.ports)
          out(
            call,
            `${p.protocol}        0      0 0.0.0.0:${String(p.port).padEnd(15)} 0.0.0.0:*               LISTEN\n`,
          );
      return 0;
    },
  }),
  ...rareCommands({ ncat: nc, netcat: nc, httpie: curl, git }),
};
