import { expect, test } from 'vitest';
import type { KubeObject } from '../apimachinery/index.ts';
import { kinds } from '../apis/index.ts';
import type { AnyKind } from '../apis/kind.ts';
import { complete } from './completion.ts';

const named = (name: string, namespace?: string, spec: object = {}): KubeObject =>
  ({ metadata: { name, ...(namespace && { namespace }) }, spec }) as unknown as KubeObject;

const objects: Readonly<Record<string, readonly KubeObject[]>> = {
  namespaces: [named('default'), named('kube-system'), named('shop')],
  nodes: [named('node-1'), named('node-2')],
  pods: [
    named('web-1', 'default', { containers: [{ name: 'app' }, { name: 'log' }], initContainers: [{ name: 'wait' }] }),
    named('web-2', 'default'),
    named('cart-1', 'shop', { containers: [{ name: 'cart' }] }),
  ],
  'deployments.apps': [named('web', 'default'), named('cart', 'shop')],
};
const known = {
  kinds: kinds as unknown as readonly AnyKind[],
  objects: ({ key }: AnyKind) => objects[key] ?? [],
  namespace: 'default',
  files: ['manifest.yaml'],
};

/** The words offered, `…` for how many more. */
const offered = (line: string): string => {
  const { words } = complete(line, known);
  return words.length > 6 ? `${words.slice(0, 3).join(' ')} …` : words.join(' ');
};

test.each([
  ['', 'annotate api-resources api-versions …'],
  ['unc', 'uncordon'],
  ['get po', 'poddisruptionbudgets pods podtemplates'],
  ['get dep', 'deployments'],
  ['get hp', 'hpa'],
  ['get pods,dep', 'pods,deployments'],
  ['get pods ', 'web-1 web-2'],
  ['get po w', 'web-1 web-2'],
  ['get pods web-1 ', 'web-2'],
  ['get pods -n shop ', 'cart-1'],
  ['get --namespace=shop po ', 'cart-1'],
  ['get po -A c', 'cart-1'],
  ['get pod/w', 'web-1 web-2'],
  ['get pod/web-1 dep', 'deployments'],
  ['delete deploy ', 'web'],
  ['get pods --show-l', '--show-labels'],
  ['get pods -o w', 'wide'],
  ['get pods -o=w', ''],
  ['get pods --output=ya', 'yaml'],
  ['get pods -n s', 'shop'],
  ['get pods --namespace ', 'default kube-system shop'],
  ['logs ', 'web-1 web-2'],
  ['logs dep', 'deployment/'],
  ['logs deploy/', 'web'],
  ['logs web-1 -c ', 'app log wait'],
  ['logs -n shop cart-1 -c ', 'cart'],
  ['exec web-1 -- l', ''],
  ['rollout st', 'status'],
  ['rollout status dep', 'deployment'],
  ['rollout status deployment ', 'web'],
  ['rollout restart deploy/w', 'web'],
  ['cordon ', 'node-1 node-2'],
  ['drain node-2 ', 'node-1'],
  ['top po', 'pod'],
  ['top node ', 'node-1 node-2'],
  ['apply -f ', 'manifest.yaml'],
  ['create dep', 'deployment'],
  ['get nothing ', ''],
  ['get __proto__ ', ''],
  ['constructor ', ''],
])('kubectl %s⇥ offers %s', (line, words) => {
  expect(offered(line)).toBe(words);
});

test('what is completed begins behind a slash, and behind the sign of equality', () => {
  expect(complete('get pod/we', known)).toEqual({ from: 8, words: ['web-1', 'web-2'] });
  expect(complete('get pods --output=na', known)).toEqual({ from: 18, words: ['name'] });
});
