import { defineImage, defineProgram } from '../program.ts';
import { diesWith, exit, file, listen, say } from '../running.ts';
import { releases } from './tags.ts';

/** busybox' own web server: `httpd -f -p 8080 -h /www`. */
const httpd = defineProgram<{ root: string }>({
  start(run, argv) {
    const after = (flag: string): string | undefined => {
      const i = argv.findIndex((a) => a.startsWith(flag));
      return i < 0 ? undefined : argv[i]!.length > 2 ? argv[i]!.slice(2) : argv[i + 1];
    };
    const port = Number((after('-p') ?? '80').split(':').at(-1));
    if (!listen(run, port)) {
      say(run, 'httpd: bind: Address already in use');
      exit(run, 1);
    }
    return { root: after('-h') ?? '/' };
  },
  request(run, { root }, { path }) {
    const target = `${root.replace(/\/$/, '')}${path.split('?')[0]}${path.endsWith('/') ? 'index.html' : ''}`;
    const body = file(run, target);
    return body === undefined
      ? {
          status: 404,
          body: '<HTML><HEAD><TITLE>404 Not Found</TITLE></HEAD>\n<BODY><H1>404 Not Found</H1>\n',
          cpuMs: 0.2,
        }
      : { status: 200, body, cpuMs: 0.2 };
  },
});

/** nc that listens: it accepts, and its answer is what an `-e` command would print first, or nothing. */
const nc = defineProgram<{ body: string }>({
  start(run, argv) {
    const i = argv.findIndex((a) => /^-\w*p$/.test(a));
    const port = Number(i < 0 ? argv.filter((a) => /^\d+$/.test(a)).at(-1) : argv[i + 1]);
    listen(run, port);
    const echo = /echo\s+["']?([^"'|;]*)/.exec(argv.join(' '))?.[1];
    return { body: echo === undefined ? '' : `${echo}\n` };
  },
  request: (_run, { body }) => ({ status: 200, body, cpuMs: 0.1 }),
});

/** busybox: a shell and hundreds of small tools. Without a command its shell finds no input and ends at once. */
export const busybox = defineImage({
  names: [
    'busybox',
    'registry.k8s.io/busybox',
    'registry.k8s.io/e2e-test-images/busybox',
    'public.ecr.aws/docker/library/busybox',
    'radial/busyboxplus',
    'yauritux/busybox-curl',
  ],
  hasTag: releases(
    {
      '1.21': 1,
      '1.22': 1,
      '1.23': 2,
      '1.24': 2,
      '1.25': 1,
      '1.26': 2,
      '1.27': 2,
      '1.28': 4,
      '1.29': 3,
      '1.30': 1,
      '1.31': 1,
      '1.32': 1,
      '1.33': 1,
      '1.34': 1,
      '1.35': 0,
      '1.36': 1,
      '1.37': 0,
    },
    ['glibc', 'musl', 'uclibc'],
    ['stable', 'stable-glibc', 'stable-musl', 'stable-uclibc', 'unstable', '1.29-1', '1.29-2', '1.29-4', 'curl'],
  ),
  sizeMB: 2.2,
  entrypoint: [],
  cmd: ['sh'],
  memoryMB: 1,
  shell: 'ash',
  programs: { httpd },
  listeners: { nc },
});

/** A distribution: what differs is its shell, its size and its tags. */
const distribution = (
  names: readonly string[],
  hasTag: (tag: string) => boolean,
  sizeMB: number,
  shell: 'ash' | 'bash' | 'dash',
  tools: readonly string[] = [],
): ReturnType<typeof defineImage> =>
  defineImage({
    names,
    hasTag,
    sizeMB,
    entrypoint: [],
    cmd: [shell === 'ash' ? '/bin/sh' : 'bash'],
    memoryMB: 2,
    shell,
    tools,
    programs: {},
    listeners: { nc },
  });

const alpineLines: Record<string, number> = { '2': 7, edge: 0 };
for (let minor = 1; minor <= 22; minor++) alpineLines[`3.${minor}`] = 12;

/** Images that are little more than a shell. */
export const distributions = [
  distribution(
    ['alpine', 'mirror.gcr.io/library/alpine'],
    releases({ ...alpineLines, '3': 22 }, [], ['edge']),
    3.6,
    'ash',
  ),
  distribution(
    ['ubuntu'],
    releases(
      {
        '14.04': 6,
        '16.04': 0,
        '18.04': 0,
        '20.04': 0,
        '22.04': 0,
        '23.10': 0,
        '24.04': 0,
        '24.10': 0,
        '25.04': 0,
        '25.10': 0,
      },
      [],
      ['trusty', 'xenial', 'bionic', 'focal', 'jammy', 'noble', 'plucky', 'questing', 'rolling'],
    ),
    30,
    'dash',
  ),
  distribution(
    ['debian', 'gcr.io/google-containers/debian-base', 'registry.k8s.io/build-image/debian-base'],
    releases(
      { '8': 11, '9': 13, '10': 13, '11': 11, '12': 12, '13': 2 },
      ['slim'],
      [
        'stable',
        'stable-slim',
        'bullseye',
        'bullseye-slim',
        'bookworm',
        'bookworm-slim',
        'trixie',
        'trixie-slim',
        'buster',
        'buster-slim',
        'stretch',
        'testing',
        'sid',
        'unstable',
      ],
    ),
    49,
    'dash',
  ),
  distribution(
    ['centos'],
    releases({ '5': 11, '6': 10, '7': 9, '8': 4 }, [], ['centos7', 'centos8', 'centos6']),
    83,
    'bash',
    ['curl'],
  ),
  distribution(
    ['fedora', 'registry.fedoraproject.org/fedora'],
    (tag) => /^(latest|rawhide|2\d|3\d|4[0-4])$/.test(tag),
    60,
    'bash',
    ['curl'],
  ),
  distribution(
    [
      'amazonlinux',
      'rockylinux',
      'almalinux',
      'oraclelinux',
      'archlinux',
      'redhat/ubi8',
      'redhat/ubi9',
      'registry.access.redhat.com/ubi8/ubi',
      'registry.access.redhat.com/ubi9/ubi',
      'registry.access.redhat.com/ubi8/ubi-minimal',
    ],
    () => true,
    70,
    'bash',
    ['curl'],
  ),
  distribution(['bash'], (tag) => /^(latest|devel.*|[345](\.\d+){0,2}(-alpine.*)?)$/.test(tag), 6, 'bash', [
    'wget',
    'nc',
    'nslookup',
  ]),
  distribution(
    [
      'nicolaka/netshoot',
      'wbitt/network-multitool',
      'praqma/network-multitool',
      'registry.k8s.io/e2e-test-images/jessie-dnsutils',
      'registry.k8s.io/dnsutils',
      'infoblox/dnstools',
      'tutum/dnsutils',
      'madhuakula/hacker-container',
      'alpine/git',
      'alpine/k8s',
      'bitnami/kubectl',
      'google/cloud-sdk',
      'docker',
      'buildpack-deps',
    ],
    () => true,
    180,
    'bash',
    ['curl', 'wget', 'nc', 'ncat', 'nslookup', 'dig', 'host', 'ping', 'ps', 'top', 'ip', 'ifconfig'],
  ),
];

/** curl alone: its entrypoint hands to curl what is no command. */
export const curlImage = defineImage({
  names: ['curlimages/curl', 'alpine/curl', 'quay.io/curl/curl', 'appropriate/curl', 'byrnedo/alpine-curl'],
  hasTag: () => true,
  sizeMB: 9,
  entrypoint: ['/entrypoint.sh'],
  cmd: ['curl', '--help'],
  wrappers: ['entrypoint.sh'],
  wraps: 'curl',
  wrapsAll: true,
  memoryMB: 2,
  shell: 'ash',
  tools: ['curl'],
  programs: {},
});

/** pause: the process that holds a pod's namespaces. No shell; ends at once on SIGTERM. */
export const pause = defineImage({
  names: [
    'registry.k8s.io/pause',
    'kubernetes/pause',
    'registry.k8s.io/pause-amd64',
    'rancher/pause',
    'mcr.microsoft.com/oss/kubernetes/pause',
  ],
  hasTag: (tag) => /^(latest|go|1\.0|2\.0|3\.\d+(\.\d+)?)$/.test(tag),
  sizeMB: 0.3,
  entrypoint: ['/pause'],
  cmd: [],
  memoryMB: 0.3,
  shell: 'none',
  programs: { pause: defineProgram({ start: () => null, signal: diesWith(0) }) },
});
