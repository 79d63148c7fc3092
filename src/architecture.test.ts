import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

/** Layer → what it may import beside itself. The first matching prefix of a path is its layer. */
const layers: readonly (readonly [string, readonly string[]])[] = [
  ['generated', []],
  ['kernel', []],
  ['kube/apimachinery', ['kernel', 'generated']],
  ['kube/apis', ['kernel', 'kube/apimachinery', 'generated']],
  ['kube/etcd', ['kernel', 'kube/apimachinery']],
  ['kube/apiserver', ['kernel', 'kube/apimachinery', 'kube/apis', 'kube/etcd', 'kube/contracts', 'generated']],
  [
    'kube/client',
    ['kernel', 'kube/apimachinery', 'kube/apis', 'kube/contracts', 'generated', 'type kube/apiserver/request'],
  ],
  ['kube/controllers', ['kernel', 'kube/apimachinery', 'kube/apis', 'kube/client', 'kube/contracts', 'generated']],
  ['kube/scheduler', ['kernel', 'kube/apimachinery', 'kube/apis', 'kube/client', 'kube/contracts', 'generated']],
  [
    'kube/kubelet',
    [
      'kernel',
      'kube/apimachinery',
      'kube/apis',
      'kube/client',
      'kube/contracts',
      'generated',
      'type kube/runtime/cri',
      'type kube/network',
    ],
  ],
  [
    'kube/metrics-server',
    [
      'kernel',
      'kube/apimachinery',
      'kube/contracts',
      'type kube/apis',
      'type kube/apiserver/request',
      'type kube/runtime/cri',
    ],
  ],
  // Programs in containers may be clients of the API.
  [
    'kube/runtime',
    [
      'kernel',
      'kube/apimachinery',
      'type kube/apis',
      'kube/client',
      'kube/contracts',
      'generated',
      'type kube/apiserver/request',
      'type kube/network',
    ],
  ],
  ['kube/network', ['kernel', 'kube/apimachinery', 'kube/apis', 'kube/client', 'kube/contracts', 'generated']],
  [
    'kube/kubectl',
    [
      'kernel',
      'kube/apimachinery',
      'kube/apis',
      'kube/client',
      'kube/contracts',
      'generated',
      'type kube/apiserver/request',
      // What the server tells of itself, and who `--as` names.
      'kube/apiserver/http/discovery',
      'kube/apiserver/http/version',
      'kube/apiserver/authorization/user',
    ],
  ],
  // The words that all of kube shares: types of processes, inputs, deeds, observations, machines.
  ['kube/contracts', ['kernel', 'kube/apimachinery', 'kube/apis', 'type kube/apiserver/request', 'generated']],
  ['kube', ['kernel', 'kube', 'generated']],
  ['protocol', ['type kernel', 'type kube', 'kube/apimachinery', 'kube/apis']],
  ['lessons', ['protocol', 'kube/apimachinery', 'kube/apis']],
  ['session', ['kernel', 'kube', 'protocol', 'lessons', 'generated']],
  // The API over HTTP is a translation of the API server's own; it has no other door.
  [
    'hosts/node',
    [
      'session',
      'hosts/questions',
      'protocol',
      'kube/apiserver/http',
      'kube/apimachinery',
      'kube/apis',
      'generated',
      'npm:',
    ],
  ],
  ['hosts', ['session', 'protocol', 'lessons', 'generated']],
  ['app/stage', ['protocol', 'kube/apis', 'kube/apimachinery', 'generated', 'npm:d3']],
  [
    'app',
    [
      'app',
      'protocol',
      'lessons',
      'kube/apis',
      'kube/apimachinery',
      'generated',
      'type kube/deeds',
      'kube/deeds',
      'hosts/worker',
      'npm:',
    ],
  ],
  ['testing', ['kernel', 'kube', 'protocol', 'session', 'lessons', 'generated', 'hosts/node']],
  ['', ['app', 'npm:']],
];

/** Files directly below kube/ that are contracts, not composition. */
const contracts = /^kube\/(process|inputs|deeds|observations|machines)\.ts$/;

/** Packages that the core may use. */
const corePackages = ['yaml', 'rfc6902', '@marcbachmann/cel-js'];

/** Calls that would let chance or a clock of the outside into the simulation, and what to use instead. */
const banned: readonly (readonly [RegExp, string])[] = [
  [/\bMath\.random\b/, 'ctx.random(stream)'],
  [/\bDate\b(?=[.(]|\s*\()/, 'ctx.now and timestamp()'],
  [/\basync\b\s*(function|\()/, 'events: ctx.after'],
  [/\bPromise\b[.<(]/, 'events: ctx.after'],
  [/\bMath\.(sin|cos|tan|exp|log|log2|log10|pow|atan2?)\b/, 'integer arithmetic: these differ between engines'],
];

const src = path.resolve(import.meta.dirname, '.');

function sources(folder: string): string[] {
  return readdirSync(path.join(src, folder), { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => path.relative(src, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .filter((file) => !/\.(test|bench)\.tsx?$/.test(file) && !file.startsWith('generated/'));
}

const layerOf = (file: string): string => {
  if (contracts.test(file)) return 'kube/contracts';
  return (
    layers.find(
      ([name]) => name !== '' && (file === name || file.startsWith(`${name}/`) || file === `${name}.ts`),
    )?.[0] ?? ''
  );
};

interface Import {
  readonly from: string;
  readonly typeOnly: boolean;
}

function importsOf(text: string): Import[] {
  const found: Import[] = [];
  const statement = /(?:^|\n)\s*(import|export)\s+(type\s+)?(?:[^'"`;]*?\sfrom\s+)?['"]([^'"]+)['"]/g;
  for (const match of text.matchAll(statement)) found.push({ from: match[3]!, typeOnly: match[2] !== undefined });
  for (const match of text.matchAll(/import\(\s*['"]([^'"]+)['"]\s*\)/g))
    found.push({ from: match[1]!, typeOnly: false });
  return found;
}

const allows = (rules: readonly string[], target: string, layer: string, typeOnly: boolean): boolean =>
  rules.some((rule) => {
    const [kind, name] = rule.startsWith('type ') ? ['type', rule.slice(5)] : ['any', rule];
    if (kind === 'type' && !typeOnly) return false;
    return layer === name || target === name || target.startsWith(`${name}/`) || target.startsWith(`${name}.`);
  });

test('every import keeps to the table of layers', () => {
  const wrong: string[] = [];
  for (const file of sources('.')) {
    const layer = layerOf(file);
    const rules = layers.find(([name]) => name === layer)?.[1] ?? layers.at(-1)![1];
    for (const { from, typeOnly } of importsOf(readFileSync(path.join(src, file), 'utf8'))) {
      if (!from.startsWith('.')) {
        const core = /^(kernel|kube|protocol|session|lessons|testing)/.test(layer);
        const fine = core
          ? corePackages.includes(from) || layer === 'testing'
          : rules.some((r) => r.startsWith('npm:') && from.startsWith(r.slice(4)));
        if (!fine && !from.startsWith('node:')) wrong.push(`${file} imports the package ${from}`);
        continue;
      }
      const target = path.posix.normalize(path.posix.join(path.posix.dirname(file), from.replace(/\?.*$/, '')));
      const targetLayer = layerOf(target);
      if (targetLayer === layer || allows(rules, target, targetLayer, typeOnly)) continue;
      wrong.push(`${file} (${layer || 'top'}) imports ${target}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('the core knows no clock, no chance and no promise of the outside', () => {
  const wrong: string[] = [];
  for (const folder of ['kernel', 'kube', 'protocol', 'lessons', 'session']) {
    for (const file of sources(folder)) {
      const code = readFileSync(path.join(src, file), 'utf8')
        .replace(/\/\*[\s\S]*?\*\//g, '')
        .replace(/\/\/.*$/gm, '')
        .replace(/(['"`])(?:\\.|(?!\1)[^\\\n])*\1/g, "''");
      for (const [pattern, instead] of banned) {
        if (pattern.test(code)) wrong.push(`${file} uses ${pattern.source}: use ${instead}`);
      }
    }
  }
  expect(wrong).toEqual([]);
});
