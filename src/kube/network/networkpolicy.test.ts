import { describe, expect, it } from 'vitest';
import type { V1NetworkPolicySpec } from '../../generated/types.ts';
import { networkBed, type NetworkBed } from '../../testing/network-bed.ts';

interface Client {
  readonly ip: string;
  readonly node: string;
  readonly namespace: string;
  readonly pod?: string;
}

/**
 * Two namespaces. shop (team=shop): web, api (ports http 8080, metrics 9090, dns 53/UDP), db; ops (team=ops): web, monitor.
 * Three machines; web on node-1, api on node-2, db on node-3, those of ops on node-1.
 */
function town(): NetworkBed {
  const bed = networkBed();
  for (const [name, labels] of [
    ['shop', { team: 'shop' }],
    ['ops', { team: 'ops', purpose: 'production' }],
    ['kube-system', {}],
  ] as const)
    bed.client.create(bed.ctx, 'namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
  for (const [key, { ip, node }] of Object.entries(pods)) {
    const [namespace = '', name = ''] = key.split('/');
    const ports = [
      { name: 'http', containerPort: 8080 },
      { name: 'metrics', containerPort: 9090 },
    ];
    bed.client.create(bed.ctx, 'pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace, labels: { app: name, tier: name === 'db' ? 'back' : 'front' } },
      spec: { nodeName: node, containers: [{ name: 'c', image: 'x', ...(name === 'api' && { ports }) }] },
    } as never);
    bed.net.attach(bed.ctx, ip, node, `uid-${name}`, `pods/${key}`);
  }
  return bed;
}

const pods: Readonly<Record<string, { readonly ip: string; readonly node: string }>> = {
  'shop/web': { ip: '10.244.1.1', node: 'node-1' },
  'shop/api': { ip: '10.244.2.2', node: 'node-2' },
  'shop/db': { ip: '10.244.3.3', node: 'node-3' },
  'ops/web': { ip: '10.244.1.4', node: 'node-1' },
  'ops/monitor': { ip: '10.244.1.5', node: 'node-1' },
};

function policy(bed: NetworkBed, spec: V1NetworkPolicySpec, namespace = 'shop', name = 'p'): void {
  bed.client.create(bed.ctx, 'networkpolicies.networking.k8s.io', {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name, namespace },
    spec,
  });
}

const clientOf = (name: string): Client => ({ ...pods[name]!, namespace: name.split('/')[0]!, pod: name });

function send(bed: NetworkBed, from: string, host: string, port: number, protocol: 'http' | 'tcp' | 'udp' = 'tcp') {
  const { ip, node, namespace } = clientOf(from);
  const token = `${from} ${host} ${port} ${bed.responses.length}`;
  const source = { address: 'client', node, ip, namespace, podUid: 'u', trace: true };
  bed.net.send(bed.ctx, source, { host, port, protocol, timeoutMs: 500 }, token);
  while (!bed.responses.some((r) => r.token === token)) if (!bed.kernel.step()) throw new Error('no response');
  return bed.responses.find((r) => r.token === token)!;
}

/** `shop/web>shop/api:8080` → whether it got there. */
function passes(bed: NetworkBed, way: string): boolean {
  const [, from = '', to = '', port = '', protocol = 'tcp'] = /^(.+)>(.+):(\d+)(?:\/(udp))?$/.exec(way)!;
  const { ok, failure, error } = send(bed, from, pods[to]?.ip ?? to, Number(port), protocol as 'tcp');
  if (!ok) expect([failure, error]).toEqual(['timeout', 'i/o timeout']);
  return ok;
}

const all = {};
const app = (name: string) => ({ matchLabels: { app: name } });

describe('which connections NetworkPolicies let through', () => {
  const cases: readonly (readonly [
    string,
    V1NetworkPolicySpec | V1NetworkPolicySpec[],
    readonly string[],
    readonly string[],
  ])[] = [
    ['no policy', [], ['shop/web>shop/db:5432', 'ops/web>shop/db:5432', 'shop/db>192.0.2.7:443'], []],
    [
      'default deny ingress',
      { podSelector: all },
      ['ops/web>ops/monitor:80', 'shop/web>ops/web:80', 'shop/web>192.0.2.7:443'],
      ['shop/web>shop/db:5432', 'ops/web>shop/web:80', 'ops/web>shop/web:443'],
    ],
    [
      'an empty rule allows all',
      { podSelector: all, ingress: [{}] },
      ['ops/web>shop/web:80', 'shop/db>shop/web:9999'],
      [],
    ],
    [
      'default deny egress',
      { podSelector: all, policyTypes: ['Egress'] },
      ['ops/web>shop/web:80'],
      ['shop/web>shop/db:5432', 'shop/web>ops/web:80', 'shop/web>192.0.2.7:443'],
    ],
    [
      'egress rules without policyTypes isolate in both directions',
      { podSelector: app('web'), egress: [{}] },
      ['shop/web>shop/db:80', 'shop/web>ops/web:80', 'ops/monitor>ops/web:80'],
      ['shop/db>shop/web:80', 'ops/web>shop/web:80'],
    ],
    [
      'a selector of pods means those of the own namespace',
      { podSelector: app('db'), ingress: [{ from: [{ podSelector: app('web') }] }] },
      ['shop/web>shop/db:5432', 'ops/web>shop/web:80'],
      ['ops/web>shop/db:5432', 'shop/api>shop/db:5432'],
    ],
    [
      'a selector of namespaces means all their pods',
      { podSelector: app('db'), ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 'ops' } } }] }] },
      ['ops/web>shop/db:5432', 'ops/monitor>shop/db:5432'],
      ['shop/web>shop/db:5432'],
    ],
    [
      'namespaces by their name',
      {
        podSelector: app('db'),
        ingress: [{ from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ops' } } }] }],
      },
      ['ops/web>shop/db:5432'],
      ['shop/web>shop/db:5432'],
    ],
    [
      'every namespace, but not addresses that are no pods',
      { podSelector: app('db'), egress: [{ to: [{ namespaceSelector: all }] }], policyTypes: ['Egress'] },
      ['shop/db>ops/web:80', 'shop/db>shop/web:80'],
      ['shop/db>192.0.2.7:443'],
    ],
    [
      'both selectors in one list item: AND',
      {
        podSelector: app('db'),
        ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 'ops' } }, podSelector: app('web') }] }],
      },
      ['ops/web>shop/db:5432'],
      ['ops/monitor>shop/db:5432', 'shop/web>shop/db:5432'],
    ],
    [
      'each selector in a list item of its own: OR',
      {
        podSelector: app('db'),
        ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 'ops' } } }, { podSelector: app('web') }] }],
      },
      ['ops/web>shop/db:5432', 'ops/monitor>shop/db:5432', 'shop/web>shop/db:5432'],
      ['shop/api>shop/db:5432'],
    ],
    [
      'ports: one number, one range, a protocol',
      {
        podSelector: app('api'),
        ingress: [{ ports: [{ port: 8080 }, { port: 32_000, endPort: 32_768 }, { port: 53, protocol: 'UDP' }] }],
      },
      ['shop/web>shop/api:8080', 'ops/web>shop/api:32000', 'ops/web>shop/api:32768', 'ops/web>shop/api:53/udp'],
      ['shop/web>shop/api:9090', 'ops/web>shop/api:32769', 'ops/web>shop/api:31999', 'ops/web>shop/api:53'],
    ],
    [
      'a protocol without a port',
      { podSelector: app('api'), ingress: [{ ports: [{ protocol: 'UDP' }] }] },
      ['shop/web>shop/api:53/udp'],
      ['shop/web>shop/api:53'],
    ],
    [
      'a named port is that of the pod that is reached',
      { podSelector: all, ingress: [{ ports: [{ port: 'http' }] }] },
      ['shop/web>shop/api:8080'],
      ['shop/web>shop/api:9090', 'shop/web>shop/db:8080'],
    ],
    [
      'a named port in egress is that of the other end',
      { podSelector: app('web'), policyTypes: ['Egress'], egress: [{ ports: [{ port: 'metrics' }] }] },
      ['shop/web>shop/api:9090'],
      ['shop/web>shop/api:8080', 'shop/web>192.0.2.7:9090'],
    ],
    [
      'peers and ports of one rule must both hold, two rules are alternatives',
      {
        podSelector: app('api'),
        ingress: [
          { from: [{ podSelector: app('web') }], ports: [{ port: 8080 }] },
          { from: [{ namespaceSelector: { matchLabels: { team: 'ops' } } }], ports: [{ port: 9090 }] },
        ],
      },
      ['shop/web>shop/api:8080', 'ops/monitor>shop/api:9090'],
      ['shop/web>shop/api:9090', 'ops/monitor>shop/api:8080'],
    ],
    [
      'a block of addresses with a hole',
      {
        podSelector: app('web'),
        policyTypes: ['Egress'],
        egress: [{ to: [{ ipBlock: { cidr: '192.0.2.0/24', except: ['192.0.2.64/26'] } }] }],
      },
      ['shop/web>192.0.2.7:443', 'shop/web>192.0.2.128:443'],
      ['shop/web>192.0.2.64:443', 'shop/web>192.0.2.127:443', 'shop/web>shop/db:80'],
    ],
    [
      'expressions: In, NotIn, Exists, DoesNotExist',
      {
        podSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: ['db', 'api'] }] },
        ingress: [
          { from: [{ podSelector: { matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['back'] }] } }] },
          {
            from: [{ namespaceSelector: { matchExpressions: [{ key: 'purpose', operator: 'Exists' }] } }],
            ports: [{ port: 1 }],
          },
          { from: [{ podSelector: { matchExpressions: [{ key: 'app', operator: 'DoesNotExist' }] } }] },
        ],
      },
      ['shop/web>shop/db:80', 'ops/web>shop/db:1', 'shop/db>shop/web:80'],
      ['shop/db>shop/api:80', 'ops/web>shop/db:80'],
    ],
    [
      'policies add up, whatever their order',
      [{ podSelector: all }, { podSelector: app('db'), ingress: [{ from: [{ podSelector: app('web') }] }] }],
      ['shop/web>shop/db:5432'],
      ['shop/api>shop/db:5432', 'shop/web>shop/api:8080'],
    ],
    [
      'both ends must agree',
      [
        { podSelector: app('db'), ingress: [{ from: [{ podSelector: app('web') }] }] },
        { podSelector: app('web'), policyTypes: ['Egress'], egress: [{ to: [{ podSelector: app('api') }] }] },
      ],
      ['shop/web>shop/api:8080'],
      ['shop/web>shop/db:5432'],
    ],
  ];
  it.each(cases)('%s', (_, given, open, closed) => {
    const bed = town();
    for (const [i, spec] of [given].flat().entries()) policy(bed, spec, 'shop', `p${i}`);
    bed.run(500);
    expect(open.filter((way) => !passes(bed, way))).toEqual([]);
    expect(closed.filter((way) => passes(bed, way))).toEqual([]);
  });
});

describe('a record of a request', () => {
  it('names the direction and the policies that refused it, or the one that allowed it', () => {
    const bed = town();
    policy(bed, { podSelector: {} }, 'shop', 'deny-all');
    policy(bed, { podSelector: app('db'), ingress: [{ from: [{ podSelector: app('web') }] }] }, 'shop', 'db-from-web');
    bed.run(500);
    const refused = send(bed, 'shop/api', '10.244.3.3', 5432);
    const isolatedBy = ['shop/db-from-web', 'shop/deny-all'];
    expect(refused.policies).toEqual([{ direction: 'ingress', pod: 'shop/db', allowed: false, isolatedBy }]);
    expect(refused.hops.map((hop) => hop.code)).toEqual(['client.sends', 'policy.ingress-denied', 'reply.failed']);
    expect(refused.hops[1]!.detail).toBe(
      'shop/db is isolated for ingress by shop/db-from-web, shop/deny-all, and no policy allows this: dropped',
    );
    const allowed = send(bed, 'shop/web', '10.244.3.3', 5432);
    expect(allowed.policies).toEqual([
      { direction: 'ingress', pod: 'shop/db', allowed: true, isolatedBy, allowedBy: 'shop/db-from-web' },
    ]);
    expect(allowed.hops.map((hop) => hop.code)).toContain('policy.ingress-allowed');
    expect(send(bed, 'ops/web', '10.244.1.5', 80).policies).toBeUndefined();
  });

  it('of a source tells a drop as such, though its client only sees a timeout', () => {
    const bed = town();
    policy(bed, { podSelector: app('web') });
    bed.run(500);
    bed.source({ name: 'probe', url: 'tcp://10.244.1.1:80', from: 'inside', rps: 10, timeoutMs: 200 });
    bed.run(1000);
    expect(new Set(bed.records.map((r) => `${r.failure} ${r.policies?.[0]?.direction}`))).toEqual(
      new Set(['policy ingress']),
    );
  });
});

describe('enforcement', () => {
  it('makes names fail when egress to port 53 is not allowed, though the destination is', () => {
    const bed = town();
    bed.service('db', { clusterIP: '10.96.9.9', ports: [{ port: 5432 }] }, 'shop');
    const toDb = { to: [{ podSelector: app('db') }] };
    policy(bed, { podSelector: app('web'), policyTypes: ['Egress'], egress: [toDb] });
    bed.run(500);
    expect(passes(bed, 'shop/web>shop/db:5432')).toBe(true);
    const trapped = send(bed, 'shop/web', 'db', 5432);
    expect(trapped).toMatchObject({ failure: 'dns', hops: [{}, { code: 'policy.dns-denied' }, {}] });
    policy(
      bed,
      {
        podSelector: {},
        policyTypes: ['Egress'],
        egress: [
          {
            to: [{ namespaceSelector: {}, podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } }],
            ports: [{ port: 53, protocol: 'UDP' }],
          },
        ],
      },
      'shop',
      'dns',
    );
    bed.run(500);
    expect(send(bed, 'shop/web', 'db', 5432).failure).toBe('no-endpoints');
  });

  it("never stops a pod's own machine, nor a pod from itself", () => {
    const bed = town();
    policy(bed, { podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
    bed.run(500);
    const probe = (node: string, ip: string) =>
      bed.ask({ host: '10.244.3.3', port: 80 }, { node, ip, timeoutMs: 300 }).ok;
    expect(probe('node-3', '10.0.0.3')).toBe(true);
    expect(probe('node-2', '10.0.0.2')).toBe(false);
    expect(passes(bed, 'shop/db>10.244.3.3:80')).toBe(true);
  });

  it('reaches each machine after a delay of its own, and a label decides from the next packet on', () => {
    const bed = town();
    policy(bed, { podSelector: app('db') });
    bed.run(2);
    expect(passes(bed, 'shop/web>shop/db:80')).toBe(true);
    bed.run(200);
    expect(passes(bed, 'shop/web>shop/db:80')).toBe(false);
    const labels = { metadata: { labels: { app: 'other' } } };
    bed.client.patch(bed.ctx, 'pods', 'db', 'shop', { type: 'merge', body: labels });
    bed.run(10);
    expect(passes(bed, 'shop/web>shop/db:80')).toBe(true);
    bed.client.patch(bed.ctx, 'pods', 'db', 'shop', { type: 'merge', body: { metadata: { labels: { app: 'db' } } } });
    bed.run(10);
    expect(passes(bed, 'shop/web>shop/db:80')).toBe(false);
    bed.client.delete(bed.ctx, 'networkpolicies.networking.k8s.io', 'p', 'shop');
    bed.run(200);
    expect(passes(bed, 'shop/web>shop/db:80')).toBe(true);
  });

  it("is the network plugin's: one that ignores policies lets everything through", () => {
    const bed = town();
    policy(bed, { podSelector: {} });
    bed.run(500);
    const machines = bed.ctx.part<{ ignoresPolicies?: boolean }>('machines')!;
    machines.ignoresPolicies = true;
    expect(passes(bed, 'shop/web>shop/db:80')).toBe(true);
    delete machines.ignoresPolicies;
    expect(passes(bed, 'shop/web>shop/db:80')).toBe(false);
  });
});
