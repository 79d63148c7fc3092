import { expect, it } from 'vitest';
import { createSession, matrixOf, type Session } from './index.ts';
import { reachOf } from './matrix.ts';

const pod = (name: string, app: string, port: number): string => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, labels: {app: ${app}}}
spec:
  containers: [{name: c, image: nginx, ports: [{containerPort: ${port}}]}]
---`;

const policies = `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny-all}
spec: {podSelector: {}, policyTypes: [Ingress]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db-from-web}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress: [{from: [{podSelector: {matchLabels: {app: web}}}], ports: [{port: 5432}]}]
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web-stays-inside}
spec:
  podSelector: {matchLabels: {app: web}}
  policyTypes: [Egress]
  egress: [{to: [{podSelector: {}}]}]
`;

function town(): Session {
  const session = createSession({ world: { seed: 3, nodes: 2 }, journal: [] });
  const files = { 'm.yaml': pod('web-1', 'web', 80) + pod('web-2', 'web', 80) + pod('db', 'db', 5432) };
  session.input({ type: 'kubectl', line: 'apply -f m.yaml', files });
  session.input({ type: 'kubectl', line: 'expose pod web-1 --name web --type NodePort' });
  session.advance(20_000);
  return session;
}

it('a matrix tells who may connect to whom, why, and changes nothing', () => {
  const session = town();
  const open = matrixOf(session.world);
  expect(open.rows.map((row) => [row.name, row.pods, row.dns])).toEqual([
    ['outside', 1, null],
    ['default/app=web', 2, 'allow'],
    ['default/app=db', 1, 'allow'],
  ]);
  expect(open.columns.map(({ name, port }) => `${name}:${port}`)).toEqual([
    'default/app=web:80',
    'default/app=db:5432',
    'internet:443',
  ]);
  expect(open.cells.map((row) => row.map((cell) => cell.verdict))).toEqual([
    ['allow', 'allow', 'allow'],
    ['allow', 'allow', 'allow'],
    ['allow', null, 'allow'],
  ]);
  expect(open.cells[0]!.map((cell) => cell.entry)).toEqual([true, false, false]);

  session.input({ type: 'kubectl', line: 'apply -f p.yaml', files: { 'p.yaml': policies } });
  session.advance(session.now + 1000);
  const before = session.digest();
  const closed = matrixOf(session.world);
  expect(closed.cells.map((row) => row.map((cell) => cell.verdict))).toEqual([
    ['deny', 'deny', 'allow'],
    ['deny', 'allow', 'deny'],
    ['deny', null, 'allow'],
  ]);
  expect(closed.rows.map((row) => row.dns)).toEqual([null, 'deny', 'allow']);
  expect(closed.cells[1]![1]!.policies.at(-1)).toEqual({
    direction: 'ingress',
    pod: 'default/db',
    allowed: true,
    isolatedBy: ['default/db-from-web', 'default/deny-all'],
    allowedBy: 'default/db-from-web',
  });
  expect(session.digest()).toBe(before);
});

it('parties are asked for by name, labels and namespace; nobody there is no answer', () => {
  const session = town();
  session.input({ type: 'kubectl', line: 'apply -f p.yaml', files: { 'p.yaml': policies } });
  session.advance(session.now + 1000);
  const reach = (from: string, to: string, port: number) => reachOf(session.world, from, to, port);
  expect(reach('app=web', 'app=db', 5432)).toBe('allow');
  expect(reach('app=web', 'db', 6379)).toBe('deny');
  expect(reach('web-1', 'default/web-2', 80)).toBe('deny');
  expect(reach('db', 'internet', 443)).toBe('allow');
  expect(reach('app=web', 'cluster-dns', 53)).toBe('deny');
  expect(reach('shop/app=web', 'db', 5432)).toBeNull();
  session.input({ type: 'fault', fault: { fault: 'policies-ignore' } });
  expect(reach('app=web', 'db', 6379)).toBe('allow');
  expect(matrixOf(session.world).enforced).toBe(false);
  session.input({ type: 'fault', fault: { fault: 'policies-enforce' } });
  expect(reach('app=web', 'db', 6379)).toBe('deny');
});
