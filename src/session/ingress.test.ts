import { expect, it } from 'vitest';
import type { RequestRecord } from '../protocol/index.ts';
import { createSession, type Session } from './index.ts';

const controller = `
apiVersion: v1
kind: Namespace
metadata: {name: ingress-nginx}
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: nginx}
spec: {controller: k8s.io/ingress-nginx}
---
apiVersion: v1
kind: Service
metadata: {name: ingress-nginx-controller, namespace: ingress-nginx}
spec:
  type: LoadBalancer
  externalTrafficPolicy: Local
  selector: {app.kubernetes.io/name: ingress-nginx}
  ports: [{name: http, port: 80}, {name: https, port: 443}]
---
apiVersion: v1
kind: Pod
metadata:
  name: gate
  namespace: ingress-nginx
  labels: {app.kubernetes.io/name: ingress-nginx}
spec:
  containers:
  - name: controller
    image: registry.k8s.io/ingress-nginx/controller:v1.13.0
    args: [/nginx-ingress-controller, --publish-service=ingress-nginx/ingress-nginx-controller]
`;

const policy = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: shop}
spec:
  podSelector: {matchLabels: {run: shop}}
  ingress: [{from: [{namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: ingress-nginx}}}]}]
`;

const kubectl = (session: Session, line: string, files: Record<string, string> = {}): void =>
  void session.input({ type: 'kubectl', line, files });

/** The last request that a client outside made to a URL within two seconds. */
function ask(session: Session, url: string): RequestRecord {
  let last: RequestRecord | undefined;
  session.onObservation = (o) => void (o.type === 'request' && (last = o));
  const source = { name: 'users', url, from: 'outside', timeoutMs: 1000 } as const;
  session.input({ type: 'traffic', source: { ...source, rps: 10 } });
  session.advance(session.now + 2000);
  session.input({ type: 'traffic', source: { ...source, rps: 0 } });
  session.advance(session.now + 1500);
  return last!;
}

const codes = (record: RequestRecord): string[] => record.hops.map((hop) => hop.code);

it('a request from outside goes through the controller, and its record tells every stop of both halves', () => {
  const session = createSession({ world: { seed: 5, nodes: 3 }, journal: [] });
  kubectl(session, 'run shop --image=nginx:1.29 --port=80');
  kubectl(session, 'expose pod shop');
  kubectl(session, 'create service clusterip empty --tcp=80');
  kubectl(
    session,
    'create ingress shop --class=nginx --rule=shop.example/*=shop:80 --rule=shop.example/empty*=empty:80',
  );
  session.advance(30_000);
  expect(ask(session, 'http://shop.example/')).toMatchObject({ ok: false, failure: 'dns' });
  kubectl(session, 'apply -f c.yaml', { 'c.yaml': controller });
  session.advance(session.now + 120_000);

  const found = ask(session, 'http://shop.example/');
  expect(found).toMatchObject({ ok: true, status: 200, pod: 'default/shop', image: 'nginx:1.29' });
  expect(codes(found)).toEqual([
    'client.sends',
    'dns.answer',
    'service.load-balancer',
    'proxy.chose',
    'pod.arrived',
    'ingress.matched',
    'pod.arrived',
    'container.answered',
    'reply.received',
  ]);
  const times = found.hops.map((hop) => hop.at);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(found.hops[5]).toMatchObject({ what: 'ingress', ref: 'pods/ingress-nginx/gate' });
  expect(found.hops[5]!.detail).toBe('rule shop.example/ of Ingress default/shop sends it to Service default/shop');

  expect(codes(ask(session, 'http://shop.example/empty'))).toContain('ingress.no-endpoints');
  expect(ask(session, 'http://shop.example/empty')).toMatchObject({ status: 503, failure: 'status' });
  expect(ask(session, 'http://other.example/')).toMatchObject({ status: 404, ok: true });
  expect(codes(ask(session, 'http://other.example/'))).toContain('ingress.no-rule');
  expect(codes(ask(session, 'https://shop.example/'))).toContain('ingress.fake-certificate');

  // To the policies of the backend the client is the controller.
  kubectl(session, 'apply -f p.yaml', { 'p.yaml': policy });
  session.advance(session.now + 1000);
  const guarded = ask(session, 'http://shop.example/');
  expect(guarded.policies).toMatchObject([{ direction: 'ingress', pod: 'default/shop', allowedBy: 'default/shop' }]);
  expect(codes(guarded)).toContain('policy.ingress-allowed');

  // Without leave of the controller the client gives up before the controller does, and still learns why.
  kubectl(session, 'apply -f p.yaml', {
    'p.yaml': policy.replace('metadata.name: ingress-nginx', 'metadata.name: other'),
  });
  session.advance(session.now + 1000);
  const refused = ask(session, 'http://shop.example/');
  expect(refused).toMatchObject({ failure: 'policy', policies: [{ pod: 'default/shop', allowed: false }] });
  expect(codes(refused).slice(-3)).toEqual(['ingress.matched', 'policy.ingress-denied', 'reply.failed']);

  kubectl(session, 'delete pod gate -n ingress-nginx');
  session.advance(session.now + 40_000);
  expect(ask(session, 'http://shop.example/')).toMatchObject({ failure: 'dns' });
});
