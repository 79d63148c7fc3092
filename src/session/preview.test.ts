import { expect, test } from 'vitest';
import { createSession, preview, type Session } from './index.ts';

const manifest = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: app
        image: nginx
        readinessProbe:
          httpGet: {port: 80}
          periodSeconds: 5
`;

function running(): Session {
  const session = createSession({ world: { seed: 3, nodes: 2 }, journal: [] });
  session.advance(3000);
  return session;
}

test('tells what an apply would create, change or leave, and changes nothing itself', () => {
  const session = running();
  const before = session.digest();
  expect(preview(session, manifest).documents.map((d) => d.action)).toEqual(['create']);
  expect(session.digest()).toBe(before);
  session.input({ type: 'kubectl', line: 'apply -f m.yaml', files: { 'm.yaml': manifest } });
  expect(preview(session, manifest).documents.map((d) => d.action)).toEqual(['nothing']);
  const [changed] = preview(session, manifest.replace('replicas: 2', 'replicas: 3')).documents;
  expect(changed).toMatchObject({ action: 'change', ref: 'deployments.apps/default/web' });
  expect((changed!.next!['spec'] as { replicas: number }).replicas).toBe(3);
});

test('a text that leaves defaults out of a list changes nothing when it is applied again', () => {
  const session = running();
  const policy = `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db}
spec: {podSelector: {}, ingress: [{ports: [{port: 8080}]}]}
`;
  session.input({ type: 'kubectl', line: 'apply -f m.yaml', files: { 'm.yaml': policy } });
  expect(preview(session, policy).documents.map((d) => d.action)).toEqual(['nothing']);
  expect(preview(session, policy.replace('8080', '80')).documents.map((d) => d.action)).toEqual(['change']);
});

test.each([
  ['too few blanks', manifest.replace('  replicas', ' replicas'), 'indent', true],
  ['too many', manifest.replace('        image', '          image'), 'indent', true],
  ['a blank too few in a list', manifest.replace('        image', '       image'), 'indent', true],
  ['a tab', manifest.replace('  name: web', '\tname: web'), 'tab', true],
  ['a missing colon', manifest.replace('kind: Deployment', 'kind Deployment'), 'colon', false],
  ['no blank after the colon', manifest.replace('replicas: 2', 'replicas:2'), 'colon', false],
  ['an open bracket', manifest.replace('{matchLabels: {app: web}}', '{matchLabels: {app: web}'), 'bracket', false],
  ['an open quote', manifest.replace('nginx', '"nginx'), 'quote', false],
  ['a field given twice', manifest.replace('  replicas: 2', '  replicas: 2\n  replicas: 2'), 'duplicate', false],
] as const)('YAML with %s is told as what it is, and mended where blanks are wrong', (_, text, reason, mends) => {
  const [problem] = preview(running(), text).problems;
  expect(problem!.reason).toBe(reason);
  expect(problem!.fix !== undefined).toBe(mends);
  if (!mends) return;
  const lines = text.split('\n');
  lines[problem!.line - 1] = problem!.fix + lines[problem!.line - 1]!.slice(problem!.endColumn - 1);
  expect(lines.join('\n')).toBe(manifest);
});

test.each([
  [
    'a misspelt field',
    manifest.replace('periodSeconds', 'peroidSeconds'),
    16,
    /unknown field ".*peroidSeconds"/,
    'periodSeconds',
  ],
  ['a wrong type', manifest.replace('replicas: 2', 'replicas: two'), 6, /cannot unmarshal|replicas/, undefined],
  [
    'an unknown kind',
    manifest.replace('kind: Deployment', 'kind: Deploymint'),
    2,
    /no matches for kind "Deploymint"/,
    undefined,
  ],
  ['a tab', manifest.replace('  name: web', '\tname: web'), 4, /yaml: found/, undefined],
  ['a missing kind', 'apiVersion: v1\nmetadata: {name: a}\n', 1, /kind not set/, undefined],
  ['a bare word', 'hello', 1, /a manifest is a map/, undefined],
])('%s is a problem at its line', (_, text, line, message, fix) => {
  const { problems } = preview(running(), text);
  expect(problems[0]).toMatchObject({ line, severity: 'error', ...(fix && { fix }) });
  expect(problems[0]!.message).toMatch(message);
});

test('a key given twice is a warning, because kubectl takes the last one', () => {
  const { problems } = preview(running(), manifest.replace('  replicas: 2\n', '  replicas: 2\n  replicas: 4\n'));
  expect(problems).toMatchObject([{ line: 7, severity: 'warning' }]);
});

test('what stands after a new Namespace in the same text may live in it; nothing of it stays', () => {
  const session = createSession({ world: { seed: 1, nodes: 1 }, journal: [] });
  session.advance(2000);
  const before = session.digest();
  const text = `apiVersion: v1
kind: Namespace
metadata: {name: shop}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
`;
  const { documents, problems } = preview(session, text);
  expect(problems).toEqual([]);
  expect(documents.map(({ ref, action }) => `${action} ${ref}`)).toEqual([
    'create namespaces/shop',
    'create configmaps/shop/settings',
  ]);
  expect(session.digest()).toBe(before);
});
