import { describe, expect, it } from 'vitest';
import { networkBed, readyEndpoint as ready, shop, type NetworkBed } from '../../testing/network-bed.ts';

const terminating = { ready: false, serving: true, terminating: true };

/** Pods that `n` requests to the host ended at, with how often; failures count under their name. */
function spread(bed: NetworkBed, n: number, ask: () => ReturnType<NetworkBed['ask']>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (let i = 0; i < n; i++) {
    const { pod, failure } = ask();
    const name = failure ?? pod!;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

describe('a Service', () => {
  it('spreads requests evenly over its ready endpoints', () => {
    const bed = shop();
    const counts = spread(bed, 600, () => bed.ask({ host: 'web' }));
    expect(Object.keys(counts).sort()).toEqual(['default/web-1', 'default/web-2', 'default/web-3']);
    for (const count of Object.values(counts)) expect(Math.abs(count - 200)).toBeLessThan(45);
  });

  it('refuses at once when it has no endpoints, and says so', () => {
    const bed = shop();
    bed.slice('web', []);
    bed.run(500);
    const response = bed.ask({ host: 'web' });
    expect(response).toMatchObject({ ok: false, failure: 'no-endpoints', error: 'connect: connection refused' });
    expect(response.ms).toBeLessThan(10);
    expect(response.hops.map((h) => h.code)).toContain('proxy.no-endpoints');
  });

  it('uses terminating endpoints that still serve when none is ready', () => {
    const bed = shop();
    const dying = { ...ready('10.244.2.2', 'node-2'), conditions: terminating };
    bed.slice('web', [dying, { ...ready('10.244.3.3', 'node-3'), conditions: { ready: false, serving: false } }]);
    bed.run(500);
    expect(spread(bed, 20, () => bed.ask({ host: 'web' }))).toEqual({ 'default/web-2': 20 });
    bed.slice('web', [dying, ready('10.244.1.1', 'node-1')]);
    bed.run(500);
    expect(spread(bed, 20, () => bed.ask({ host: 'web' }))).toEqual({ 'default/web-1': 20 });
  });

  it('finds a named target port in each slice', () => {
    const bed = shop();
    bed.slice('web', [ready('10.244.1.1', 'node-1')], 9376);
    bed.run(500);
    expect(bed.ask({ host: 'web' }).hops.find((h) => h.code === 'pod.arrived')!.params).toMatchObject({ port: 9376 });
  });

  it('has no rule for a port that it does not name: the packet is lost', () => {
    expect(shop().ask({ host: 'web', port: 81 })).toMatchObject({ failure: 'timeout', ms: 2000 });
  });

  it('keeps a client at one endpoint with ClientIP affinity, until the timeout or the endpoint has passed', () => {
    const bed = shop();
    bed.service('web', {
      clusterIP: '10.96.1.1',
      ports: [{ port: 80, targetPort: 8080 }],
      sessionAffinity: 'ClientIP',
      sessionAffinityConfig: { clientIP: { timeoutSeconds: 60 } },
    });
    bed.run(100);
    const first = bed.ask({ host: 'web' }).pod!;
    expect(spread(bed, 30, () => bed.ask({ host: 'web' }))).toEqual({ [first]: 30 });
    const others = spread(bed, 30, () => bed.ask({ host: 'web' }, { ip: `10.244.1.${100 + bed.responses.length}` }));
    expect(Object.keys(others).length).toBe(3);
    const afterTimeout = spread(bed, 30, () => (bed.run(61_000), bed.ask({ host: 'web' })));
    expect(Object.keys(afterTimeout).length).toBe(3);
    const bound = bed.ask({ host: 'web' }).pod!;
    bed.slice(
      'web',
      [1, 2, 3]
        .map((i) => ready(`10.244.${i}.${i}`, `node-${i}`))
        .filter((e) => !bound.endsWith(e.targetRef.name.slice(-1))),
    );
    bed.run(500);
    expect(spread(bed, 10, () => bed.ask({ host: 'web' }))).not.toHaveProperty([bound]);
  });

  it('with internalTrafficPolicy Local uses endpoints of the client’s machine only, and drops without one', () => {
    const bed = shop();
    bed.service('web', {
      clusterIP: '10.96.1.1',
      ports: [{ port: 80, targetPort: 8080 }],
      internalTrafficPolicy: 'Local',
    });
    bed.run(100);
    expect(spread(bed, 20, () => bed.ask({ host: 'web' }, { node: 'node-2' }))).toEqual({ 'default/web-2': 20 });
    bed.slice('web', [ready('10.244.1.1', 'node-1')]);
    bed.run(500);
    expect(bed.ask({ host: 'web' }, { node: 'node-2' })).toMatchObject({ failure: 'timeout' });
    expect(bed.ask({ host: 'web' }, { node: 'node-1' })).toMatchObject({ ok: true });
  });

  it('is reached by its node port on every machine, from outside; cluster and pod IPs are not', () => {
    const bed = shop();
    bed.service('web', {
      type: 'NodePort',
      clusterIP: '10.96.1.1',
      ports: [{ port: 80, targetPort: 8080, nodePort: 30080 }],
    });
    bed.run(100);
    const outside = { node: '', ip: '198.51.100.7' };
    for (const host of ['10.0.0.1', '10.0.0.2', 'node-3'])
      expect(bed.ask({ host, port: 30080 }, outside)).toMatchObject({ ok: true });
    // Another port of the machine is the machine's own business: its runtime knows who listens.
    expect(bed.ask({ host: '10.0.0.1', port: 30081 }, outside).hops.map((h) => h.code)).toContain('node.arrived');
    expect(bed.ask({ host: '10.96.1.1' }, outside)).toMatchObject({ failure: 'timeout' });
    expect(bed.ask({ host: '10.244.1.1', port: 8080 }, outside)).toMatchObject({ failure: 'timeout' });
    bed.machine('node-2').up = false;
    expect(bed.ask({ host: '10.0.0.2', port: 30080 }, outside)).toMatchObject({ failure: 'timeout' });
  });

  it('of type LoadBalancer gets an external address after some seconds, and loses it with its type', () => {
    const bed = shop();
    const ports = [{ port: 80, targetPort: 8080, nodePort: 30080 }];
    bed.service('web', { type: 'LoadBalancer', clusterIP: '10.96.1.1', ports });
    const address = () => bed.client.get(bed.ctx, 'services', 'web', 'default').status?.loadBalancer?.ingress?.[0]?.ip;
    bed.run(2000);
    expect(address()).toBeUndefined();
    bed.run(8000);
    expect(address()).toBe('203.0.113.1');
    bed.machine('node-1').up = false;
    const outside = { node: '', ip: '198.51.100.7' };
    expect(Object.keys(spread(bed, 40, () => bed.ask({ host: '203.0.113.1' }, outside))).sort()).toEqual([
      'default/web-2',
      'default/web-3',
      'timeout',
    ]);
    bed.service('web', { type: 'ClusterIP', clusterIP: '10.96.1.1', ports });
    bed.run(9000);
    expect(address()).toBeUndefined();
  });
});

describe('kube-proxy', () => {
  it('of each machine learns a new slice after its own delay of 5 to 150 ms', () => {
    const bed = networkBed(60);
    bed.pod('10.244.1.1', 'node-1', 'web-1');
    bed.service('web', { clusterIP: '10.96.1.1', ports: [{ port: 80, targetPort: 8080 }] });
    bed.slice('web', []);
    bed.run(500);
    bed.slice('web', [ready('10.244.1.1', 'node-1')]);
    const knowing = () => {
      let count = 0;
      for (let i = 1; i <= 60; i++)
        if (bed.fork((b) => b.ask({ host: '10.96.1.1' }, { node: `node-${i}` }).ok)) count++;
      return count;
    };
    bed.run(4);
    expect(knowing()).toBe(0);
    bed.run(76);
    expect(knowing()).toBeGreaterThan(15);
    expect(knowing()).toBeLessThan(45);
    bed.run(80);
    expect(knowing()).toBe(60);
  });

  it('of a silent machine keeps what it knew, and knows the present once the machine is back', () => {
    const bed = shop();
    const machine = bed.machine('node-2');
    machine.cut = true;
    machine.silentSince = bed.kernel.state.now;
    for (let i = 0; i < 9; i++) {
      bed.slice('web', i % 2 === 0 ? [] : [ready('10.244.1.1', 'node-1')]);
      bed.run(1000);
    }
    const ask = () => bed.ask({ host: '10.96.1.1' }, { node: 'node-2', timeoutMs: 50 });
    // Of its three endpoints it reaches the one on its own machine.
    expect(Object.keys(spread(bed, 40, ask)).sort()).toEqual(['default/web-2', 'timeout']);
    machine.cut = false;
    machine.silentSince = null;
    expect(ask()).toMatchObject({ failure: 'no-endpoints' });
  });
});

describe('cluster DNS', () => {
  function town(): NetworkBed {
    const bed = shop();
    bed.client.create(bed.ctx, 'namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
    bed.service('cart', { clusterIP: '10.96.2.2', ports: [{ port: 80 }] }, 'shop');
    bed.service('db', { clusterIP: 'None', ports: [{ port: 5432 }] });
    bed.slice('db', [
      { ...ready('10.244.1.1', 'node-1'), hostname: 'db-0' },
      { ...ready('10.244.2.2', 'node-2'), hostname: 'db-1' },
      { ...ready('10.244.3.3', 'node-3'), conditions: { ready: false } },
    ]);
    bed.service('alias', { type: 'ExternalName', externalName: 'web.default.svc.cluster.local' });
    bed.service('far', { type: 'ExternalName', externalName: 'api.example.com' });
    bed.run(500);
    return bed;
  }

  it.each([
    ['web', 'default', ['10.96.1.1']],
    ['web', 'shop', []],
    ['web.default', 'shop', ['10.96.1.1']],
    ['cart.shop', 'default', ['10.96.2.2']],
    ['cart.shop.svc', 'default', ['10.96.2.2']],
    ['cart.shop.svc.cluster.local', 'default', ['10.96.2.2']],
    ['cart.shop.svc.cluster.local.', 'default', ['10.96.2.2']],
    ['cart.', 'shop', []],
    ['db', 'default', ['10.244.1.1', '10.244.2.2']],
    ['db-1.db', 'default', ['10.244.2.2']],
    ['db-2.db', 'default', []],
    ['10-244-1-1.db', 'default', ['10.244.1.1']],
    ['10-244-1-9.default.pod', 'default', ['10.244.1.9']],
    ['kubernetes.default', 'shop', ['10.96.0.1']],
    ['kube-dns.kube-system', 'shop', ['10.96.0.10']],
    ['alias', 'default', ['10.96.1.1']],
    ['nowhere', 'default', []],
    ['nowhere.org', 'default', []],
    ['constructor', 'default', []],
    ['10.1.2.3', 'default', ['10.1.2.3']],
  ])('resolves %s in %s to %j', (name, namespace, ips) => {
    const bed = town();
    expect(bed.net.resolve(bed.ctx, name, namespace)).toEqual(ips);
  });

  it('sends clients of a headless Service straight to its pods, on the port they asked for', () => {
    const bed = town();
    const response = bed.ask({ host: 'db', port: 5432 });
    expect(response.hops.map((h) => h.code)).toEqual([
      'client.sends',
      'dns.pods',
      'pod.arrived',
      'container.answered',
      'reply.received',
    ]);
    expect(Object.keys(spread(bed, 40, () => bed.ask({ host: 'db', port: 5432 }))).length).toBe(2);
  });

  it('fails with NXDOMAIN, and cannot be reached from a machine that is cut off', () => {
    const bed = town();
    expect(bed.ask({ host: 'nowhere' })).toMatchObject({ failure: 'dns', error: 'no such host' });
    bed.machine('node-1').cut = true;
    expect(bed.ask({ host: 'web' })).toMatchObject({ ok: false });
    expect(bed.ask({ host: 'web' }, { timeoutMs: 20_000 })).toMatchObject({ failure: 'dns', ms: 10_000 });
  });

  it('follows an ExternalName beyond the cluster', () => {
    expect(town().ask({ host: 'far' })).toMatchObject({ ok: true, status: 200 });
  });
});
