import { describe, expect, it } from 'vitest';
import { shop, type NetworkBed } from '../../testing/network-bed.ts';

describe('a request', () => {
  it('to a pod IP is answered by that pod', () => {
    const bed = shop();
    const response = bed.ask({ host: '10.244.2.2', port: 8080 });
    expect(response).toMatchObject({ ok: true, status: 200, body: 'hello', pod: 'default/web-2', node: 'node-2' });
    expect(response.hops.map((h) => h.what)).toEqual(['client', 'pod', 'container', 'reply']);
  });

  it('to a service name tells every stop of its way, in order of time', () => {
    const { hops, ms } = shop().ask({ host: 'web' });
    expect(hops.map((h) => h.code)).toEqual([
      'client.sends',
      'dns.answer',
      'service.cluster-ip',
      'proxy.chose',
      'pod.arrived',
      'container.answered',
      'reply.received',
    ]);
    expect(hops.map((h) => h.at)).toEqual(hops.map((h) => h.at).sort((a, b) => a - b));
    expect(hops.at(-1)!.at - hops[0]!.at).toBe(ms);
  });

  it.each([
    ['nobody listens', (b: NetworkBed) => b.behaviour.set('10.244.2.2', 'refuse'), 'refused'],
    ['the container dies with the request open', (b: NetworkBed) => b.behaviour.set('10.244.2.2', 'reset'), 'reset'],
    ['the container hangs', (b: NetworkBed) => b.behaviour.set('10.244.2.2', 'hang'), 'timeout'],
    ['the machine has no power', (b: NetworkBed) => (b.machine('node-2').up = false), 'timeout'],
    ['the machine is cut off', (b: NetworkBed) => (b.machine('node-2').cut = true), 'timeout'],
    ['the pod is being taken down', (b: NetworkBed) => b.net.detach(b.ctx, '10.244.2.2'), 'refused'],
    ['the pod is gone', (b: NetworkBed) => (b.net.detach(b.ctx, '10.244.2.2'), b.run(400)), 'timeout'],
    ['the answer is an error', (b: NetworkBed) => b.behaviour.set('10.244.2.2', { status: 503, ms: 1 }), 'status'],
    [
      'the answer comes too late',
      (b: NetworkBed) => b.behaviour.set('10.244.2.2', { status: 200, ms: 1999 }),
      'timeout',
    ],
  ])('fails for the real reason when %s', (_, breakIt, failure) => {
    const bed = shop();
    breakIt(bed);
    const response = bed.ask({ host: '10.244.2.2', port: 8080 });
    expect(response).toMatchObject({ ok: false, failure });
    if (failure === 'timeout') expect(response.ms).toBe(2000);
  });
});
