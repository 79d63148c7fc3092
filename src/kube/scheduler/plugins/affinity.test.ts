import { describe, expect, it } from 'vitest';
import type { V1PodAffinityTerm, V1PodSpec, V1TopologySpreadConstraint } from '../../../generated/types.ts';
import { schedulingBed, type SchedulingBed } from '../../../testing/scheduling.ts';

/*
 * The cases of upstream's tables that turn on a rule: plugins/interpodaffinity/filtering_test.go, scoring_test.go and
 * plugins/podtopologyspread/filtering_test.go. Nodes a1, a2 are in zone A, b1 in zone B, c1 has no zone.
 */
const zone = 'topology.kubernetes.io/zone';
const host = 'kubernetes.io/hostname';

function bed(namespaces: Record<string, Record<string, string>> = {}): SchedulingBed {
  const made = schedulingBed(0);
  for (const [name, labels] of [
    ['a1', { [zone]: 'A' }],
    ['a2', { [zone]: 'A' }],
    ['b1', { [zone]: 'B' }],
    ['c1', {}],
  ] as const)
    // prettier-ignore
    made.node(name, { labels });
  for (const [name, labels] of Object.entries(namespaces))
    made.client.create(made.ctx, 'namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
  made.run(100);
  return made;
}

interface There {
  readonly node: string;
  readonly labels?: Record<string, string>;
  readonly spec?: Partial<V1PodSpec>;
  readonly namespace?: string;
}

/** Nodes that can take a pod, sorted; then the reasons of the others. */
function verdicts(b: SchedulingBed, there: readonly There[], labels: Record<string, string>, spec: Partial<V1PodSpec>) {
  there.forEach(({ node, labels: own = {}, spec: more = {}, namespace = 'default' }, i) => {
    b.pod(`there-${i}`, { nodeName: node, ...more }, { labels: own, namespace });
  });
  b.run(50);
  b.pod('p', spec, { labels });
  b.run(500);
  const { nodes } = b.attempts.find((a) => a.pod === 'default/p')!;
  return {
    fit: nodes.filter((n) => !n.rejectedBy).map((n) => n.name).sort(), // prettier-ignore
    reasons: [...new Set(nodes.filter((n) => n.rejectedBy).map((n) => n.reason))],
    scores: Object.fromEntries(nodes.map((n) => [n.name, n.scores])),
  };
}

const term = (topologyKey: string, match: Record<string, string>, more: Partial<V1PodAffinityTerm> = {}) => ({
  topologyKey,
  labelSelector: { matchLabels: match },
  ...more,
});
const near = (...terms: V1PodAffinityTerm[]): Partial<V1PodSpec> => ({
  affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } },
});
const apart = (...terms: V1PodAffinityTerm[]): Partial<V1PodSpec> => ({
  affinity: { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: terms } },
});
const web = { app: 'web' };
const db = { app: 'db' };
const all = ['a1', 'a2', 'b1', 'c1'];

describe('InterPodAffinity filters', () => {
  it.each<[string, readonly There[], Record<string, string>, Partial<V1PodSpec>, string[], string[]]>([
    ['nothing without terms', [{ node: 'a1', labels: db }], web, {}, all, []],
    [
      'near: the zone of the other pod',
      [{ node: 'a1', labels: db }],
      web,
      near(term(zone, db)),
      ['a1', 'a2'],
      ["node(s) didn't match pod affinity rules"],
    ],
    [
      'near: the first of a group goes where the key is',
      [],
      web,
      near(term(zone, web)),
      ['a1', 'a2', 'b1'],
      ["node(s) didn't match pod affinity rules"],
    ],
    [
      'near: nowhere when nobody matches and it does not match itself',
      [],
      web,
      near(term(zone, db)),
      [],
      ["node(s) didn't match pod affinity rules"],
    ],
    [
      'near: one pod must match all terms',
      [
        { node: 'a1', labels: { app: 'db', tier: 'x' } },
        { node: 'b1', labels: db },
      ],
      web,
      near(term(zone, db), term(host, { tier: 'x' })),
      ['a1'],
      ["node(s) didn't match pod affinity rules"],
    ],
    [
      'apart: every domain but that of the other pod; a node without the key is free',
      [{ node: 'a1', labels: db }],
      web,
      apart(term(zone, db)),
      ['b1', 'c1'],
      ["node(s) didn't match pod anti-affinity rules"],
    ],
    [
      'a pod that runs wants the incoming one apart',
      [{ node: 'a1', labels: db, spec: apart(term(zone, web)) }],
      web,
      {},
      ['b1', 'c1'],
      ["node(s) didn't satisfy existing pods anti-affinity rules"],
    ],
    [
      'only pods of its own namespace are meant',
      [{ node: 'a1', labels: db, namespace: 'other' }],
      web,
      apart(term(zone, db)),
      all,
      [],
    ],
    [
      'unless namespaces are named',
      [{ node: 'a1', labels: db, namespace: 'other' }],
      web,
      apart(term(host, db, { namespaces: ['other'] })),
      ['a2', 'b1', 'c1'],
      ["node(s) didn't match pod anti-affinity rules"],
    ],
    [
      'or selected by their labels',
      [
        { node: 'a1', labels: db, namespace: 'other' },
        { node: 'a2', labels: db, namespace: 'third' },
      ],
      web,
      apart(term(host, db, { namespaceSelector: { matchLabels: { team: 'x' } } })),
      ['a2', 'b1', 'c1'],
      ["node(s) didn't match pod anti-affinity rules"],
    ],
    [
      'an empty namespaceSelector means all',
      [
        { node: 'a1', labels: db, namespace: 'other' },
        { node: 'a2', labels: db, namespace: 'third' },
      ],
      web,
      apart(term(host, db, { namespaceSelector: {} })),
      ['b1', 'c1'],
      ["node(s) didn't match pod anti-affinity rules"],
    ],
    [
      'matchLabelKeys: only pods with the same value',
      [
        { node: 'a1', labels: { app: 'web', hash: '1' } },
        { node: 'b1', labels: { app: 'web', hash: '2' } },
      ],
      { app: 'web', hash: '2' },
      apart(term(host, web, { matchLabelKeys: ['hash'] })),
      ['a1', 'a2', 'c1'],
      ["node(s) didn't match pod anti-affinity rules"],
    ],
    [
      'mismatchLabelKeys: only pods with another value',
      [
        { node: 'a1', labels: { app: 'web', tenant: '1' } },
        { node: 'b1', labels: { app: 'web', tenant: '2' } },
      ],
      { app: 'web', tenant: '2' },
      apart(term(host, web, { mismatchLabelKeys: ['tenant'] })),
      ['a2', 'b1', 'c1'],
      ["node(s) didn't match pod anti-affinity rules"],
    ],
  ])('%s', (_, there, labels, spec, fit, reasons) => {
    const b = bed({ other: { team: 'x' }, third: {} });
    const said = verdicts(b, there, labels, spec);
    expect(said.fit).toEqual(fit);
    expect(said.reasons).toEqual(reasons);
  });
});

describe('InterPodAffinity scores', () => {
  it.each<[string, readonly There[], Partial<V1PodSpec>, Record<string, number> | undefined]>([
    [
      'preferred near, weighed against preferred apart',
      [
        { node: 'a1', labels: db },
        { node: 'b1', labels: web },
      ],
      {
        affinity: {
          podAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 8, podAffinityTerm: term(zone, db) }],
          },
          podAntiAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 4, podAffinityTerm: term(zone, web) }],
          },
        },
      },
      // a: 8, b: −4, c: 0 → 100 × (x + 4) / 12, times the weight of 2.
      { a1: 200, a2: 200, b1: 0, c1: 66 },
    ],
    [
      'what runs prefers the incoming pod near',
      [
        {
          node: 'b1',
          labels: db,
          spec: {
            affinity: {
              podAffinity: {
                preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 5, podAffinityTerm: term(host, web) }],
              },
            },
          },
        },
      ],
      {},
      { a1: 0, a2: 0, b1: 200, c1: 0 },
    ],
    [
      'a required affinity of what runs counts one point',
      [
        { node: 'a1', labels: web },
        { node: 'a1', labels: db, spec: near(term(host, web)) },
      ],
      {},
      { a1: 200, a2: 0, b1: 0, c1: 0 },
    ],
    ['nothing to say: no score', [{ node: 'a1', labels: db }], {}, undefined],
  ])('%s', (_, there, spec, wanted) => {
    const { scores } = verdicts(bed(), there, web, spec);
    const mine = Object.fromEntries(Object.entries(scores).map(([node, s]) => [node, s?.['InterPodAffinity']]));
    expect(mine).toEqual(wanted ?? { a1: undefined, a2: undefined, b1: undefined, c1: undefined });
  });
});

const spread = (topologyKey: string, maxSkew: number, more: Partial<V1TopologySpreadConstraint> = {}) => ({
  topologyKey,
  maxSkew,
  whenUnsatisfiable: 'DoNotSchedule',
  labelSelector: { matchLabels: web },
  ...more,
});

describe('PodTopologySpread filters', () => {
  const two: readonly There[] = [
    { node: 'a1', labels: web },
    { node: 'a2', labels: web },
    { node: 'b1', labels: web },
  ];
  it.each<[string, readonly There[], V1TopologySpreadConstraint[], Partial<V1PodSpec>, string[]]>([
    ['the emptier zone', two, [spread(zone, 1)], {}, ['b1']],
    ['both, when the skew may be 2', two, [spread(zone, 2)], {}, ['a1', 'a2', 'b1']],
    ['by host: all that are level with the emptiest', two, [spread(host, 1)], {}, ['c1']],
    [
      'two constraints hold together: only nodes with both keys count',
      two,
      [spread(zone, 1), spread(host, 1)],
      {},
      ['b1'],
    ],
    [
      'a selector that matches nobody',
      two,
      [spread(zone, 1, { labelSelector: { matchLabels: { app: 'none' } } })],
      {},
      ['a1', 'a2', 'b1'],
    ],
    ['fewer domains than minDomains: the least counts as none', two, [spread(zone, 1, { minDomains: 3 })], {}, []],
    ['enough domains', two, [spread(zone, 1, { minDomains: 2 })], {}, ['b1']],
    // Only zone A is left by the selector: its own count is the least.
    ['nodeAffinityPolicy Honor', two, [spread(zone, 1)], { nodeSelector: { [zone]: 'A' } }, ['a1', 'a2']],
    [
      'nodeAffinityPolicy Ignore',
      two,
      [spread(zone, 1, { nodeAffinityPolicy: 'Ignore' })],
      { nodeSelector: { [zone]: 'A' } },
      [],
    ],
    [
      'matchLabelKeys: the revision alone is spread',
      [...two, { node: 'b1', labels: { app: 'web', hash: '2' } }],
      [spread(zone, 1, { matchLabelKeys: ['hash'] })],
      {},
      ['a1', 'a2'],
    ],
  ])('%s', (_, there, topologySpreadConstraints, spec, fit) => {
    const labels = { app: 'web', hash: '2' };
    expect(verdicts(bed(), there, labels, { topologySpreadConstraints, ...spec }).fit).toEqual(fit);
  });

  it('nodeTaintsPolicy Honor leaves out nodes whose taints the pod does not tolerate', () => {
    const b = bed();
    b.edit('b1', (node) => ({ ...node, spec: { taints: [{ key: 'x', effect: 'NoSchedule' }] } }));
    const there: There[] = [{ node: 'a1', labels: web }];
    const honoured = [spread(zone, 1, { nodeTaintsPolicy: 'Honor' })];
    expect(verdicts(b, there, web, { topologySpreadConstraints: honoured }).fit).toEqual(['a1', 'a2']);
  });

  it('keeps the skew while pods come and go', () => {
    const b = bed();
    const skew = (made: number): number => {
      const count = { A: 0, B: 0 };
      for (let i = 0; i < made; i++) {
        const at = b.where(`w-${i}`);
        if (at) count[at.startsWith('a') ? 'A' : 'B']++;
      }
      return Math.abs(count.A - count.B);
    };
    for (let i = 0; i < 20; i++) {
      b.pod(`w-${i}`, { topologySpreadConstraints: [spread(zone, 1)] }, { labels: web });
      b.run(20);
      expect(skew(i + 1)).toBeLessThanOrEqual(1);
    }
  });
});
