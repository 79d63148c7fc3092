import { expect, test } from 'vitest';
import { timestamp } from '../../kube/apimachinery/meta.ts';
import type { KubeObject } from '../../protocol/index.ts';
import { translator } from '../i18n/index.ts';
import { object, pod, table } from './fixtures.ts';
import type { OutlineItem } from './outline-item.ts';
import { buildOutline, visibleRows } from './outline.ts';

const t = translator('en');
const deployment = object('Deployment', 'web', { spec: { replicas: 3 }, status: { readyReplicas: 2 } });
const set = object('ReplicaSet', 'web-7d8', {
  spec: { replicas: 3 },
  status: { readyReplicas: 2 },
  metadata: { ownerReferences: [{ controller: true, uid: deployment.metadata.uid }] },
});
const node = (name: string): KubeObject =>
  object('Node', name, { status: { conditions: [{ type: 'Ready', status: 'True' }] } });
const slice = object('EndpointSlice', 'web-x', {
  metadata: { labels: { 'kubernetes.io/service-name': 'web' } },
  endpoints: [{ conditions: { ready: true } }, { conditions: { ready: false } }],
});
const tables: Record<string, Map<string, KubeObject>> = {
  nodes: table(node('node-10'), node('node-2')),
  pods: table(
    pod('web-7d8-b', { node: 'node-2', ready: true }),
    pod('web-7d8-a', { node: 'node-2' }),
    pod('web-7d8-c', { node: '', phase: 'Pending' }),
    pod('web-7d8-d', { node: 'node-10', metadata: { deletionTimestamp: timestamp(1) } }),
  ),
  'deployments.apps': table(deployment),
  'replicasets.apps': table(set),
  services: table(object('Service', 'web', { spec: { clusterIP: '10.96.0.7' } }), object('Service', 'kubernetes')),
  'endpointslices.discovery.k8s.io': table(slice),
};
const build = (): OutlineItem[] => buildOutline({ of: (r) => tables[r] ?? new Map(), stopped: ['kube-scheduler'] }, t);

test('the tree reads cluster, nodes in natural order, pods, workloads and services', () => {
  expect(visibleRows(build(), new Map()).map(({ item }) => `${' '.repeat(item.level - 1)}${item.label}`)).toEqual([
    'Cluster, 3',
    ' Node node-2, Ready, 2 Pods',
    '  Pod web-7d8-a, node-2, Running 0/1',
    '  Pod web-7d8-b, node-2, Ready',
    ' Node node-10, Ready, 1 Pod',
    '  Pod web-7d8-d, node-10, Terminating',
    ' Not on a node, 1 Pod',
    '  Pod web-7d8-c, no node, Pending',
    'Workloads, 1',
    ' Deployment web, 2 of 3 ready',
    '  ReplicaSet web-7d8, 2 of 3 ready',
    'Services, 1',
    ' Service web, 10.96.0.7, 1 endpoint',
    'Control plane, 3',
  ]);
});

test('folds are kept by id, and unfolding a pod shows its containers', () => {
  const items = build();
  const podRow = visibleRows(items, new Map()).find(({ item }) => item.name === 'web-7d8-b')!.item;
  const rows = visibleRows(
    items,
    new Map([
      ['cluster', true],
      [podRow.id, true],
      ['workloads', false],
    ]),
  );
  expect(rows.some(({ item }) => item.label === 'Container shop, shop:v1, Running, 0 restarts')).toBe(true);
  expect(rows.some(({ item }) => item.name === 'web-7d8')).toBe(false);
});

test('a row that says the same again is the same item: it is not drawn anew', () => {
  const [before] = build();
  tables['pods']!.set('default/web-7d8-c', pod('web-7d8-c', { node: '', phase: 'Pending' }));
  const [after] = build();
  expect(after!.children[0]).toBe(before!.children[0]);
  expect(after!.children[2]).not.toBe(before!.children[2]);
});

test('kinds without a place on the stage are listed: configuration, access, custom kinds with their objects', () => {
  const own: Record<string, Map<string, KubeObject>> = {
    configmaps: table(
      object('ConfigMap', 'app', { data: { a: '1', b: '2' } }),
      object('ConfigMap', 'kube-root-ca.crt'),
    ),
    'roles.rbac.authorization.k8s.io': table(object('Role', 'reader')),
    'clusterroles.rbac.authorization.k8s.io': table(
      object('ClusterRole', 'view', { metadata: { labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' } } }),
    ),
    serviceaccounts: table(object('ServiceAccount', 'default')),
    'customresourcedefinitions.apiextensions.k8s.io': table(
      object('CustomResourceDefinition', 'crontabs.example.com', { spec: { names: { kind: 'CronTab' } } }),
    ),
    'crontabs.example.com': table(object('CronTab', 'nightly')),
  };
  const items = buildOutline({ of: (r) => own[r] ?? new Map(), stopped: [] }, t);
  const labels = visibleRows(items, new Map()).map(({ item }) => `${' '.repeat(item.level - 1)}${item.label}`);
  expect(labels.slice(3, -1)).toEqual([
    'Configuration, 1',
    ' ConfigMap app 2 keys',
    'Access, 1',
    ' Role reader',
    'Custom kinds, 1',
    ' CustomResourceDefinition crontabs.example.com, 1 CronTab',
    '  CronTab nightly',
  ]);
});
