import { describe, expect, test } from 'vitest';
import { image, openShop, recordedImage } from '../../../testing/golden-shop.ts';
import { objects } from '../../../testing/golden/kubectl-output.json' with { type: 'json' };
import tables from '../../../testing/golden/tables.json' with { type: 'json' };
import { definitionsKey } from '../../apis/apiextensions/customresourcedefinition.ts';
import { catalogueOf } from '../../apis/catalogue.ts';
import type { ObjectList } from '../request.ts';
import { routeOf, shaped } from './index.ts';

type Cell = string | number | boolean | null;

interface Table {
  readonly columnDefinitions: readonly { readonly name: string; readonly description?: string }[];
  readonly rows: readonly { readonly cells: readonly Cell[] }[];
}

interface Recorded {
  readonly path?: string;
  readonly columnDefinitions: readonly object[];
  readonly rows: readonly (readonly Cell[])[];
}

const definition = (group: string, plural: string, kind: string): (typeof objects)[number] =>
  ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural, kind },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
    },
  }) as never;

/** What stood beside the objects of `shop`. */
const beside = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'golden' } },
  { apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', metadata: { name: 'golden-rc' }, handler: 'runc' },
  {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'golden-sc1' },
    provisioner: 'example.com/none',
  },
  {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'golden-sc2' },
    provisioner: 'kubernetes.io/no-provisioner',
    reclaimPolicy: 'Retain',
    volumeBindingMode: 'WaitForFirstConsumer',
    allowVolumeExpansion: true,
  },
  definition('inv.example', 'gizmos', 'Gizmo'),
  definition('golden.example', 'widgets', 'Widget'),
];

const { session, type } = openShop([...beside, ...objects]);

/** A list as a table, over the way that a client's request goes. */
function tableAt(path: string): Table {
  const { body: definitions } = session.request({ verb: 'list', resource: definitionsKey });
  const headers = { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' };
  const http = { method: 'GET', path, query: new URLSearchParams(), headers, body: '' };
  const route = routeOf(http, catalogueOf((definitions as ObjectList).items));
  if (route.to !== 'api' || !route.kind) throw new Error(`${path} is no list`);
  const { kind, request, shape, includeObject } = route;
  return shaped(kind, session.request(request).body, shape, session.now, includeObject) as Table;
}

/** What stands in a recording for what differs from run to run. */
const chance: Readonly<Record<string, string>> = {
  '<age>': String.raw`(?:\d+[smhd])+`,
  '<hash>': '[0-9a-f]{6,10}',
  '<ip>': String.raw`\d+\.\d+\.\d+\.\d+`,
  '<nodePort>': String.raw`3\d{4}`,
  '<rand>': '[bcdfghjklmnpqrstvwxz2456789]{5}',
  '<time>': String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ`,
  '<uid>': '[0-9a-f-]{36}',
  // Load balancers get an address here.
  '<pending>': String.raw`\d+\.\d+\.\d+\.\d+`,
  'node-1': String.raw`node-\d`,
  'node-2': String.raw`node-\d`,
  'node-3': String.raw`node-\d`,
};

const patternOf = (cell: string): RegExp => {
  const parts = cell.replaceAll(recordedImage, image).split(/(<\w+>|node-\d)/);
  return new RegExp(
    `^${parts.map((part) => chance[part] ?? part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)).join('')}$`,
  );
};

/** The recording's kubelets were hollow: what they say of their machines is not this cluster's. */
const isHollow = ([name]: readonly Cell[]): boolean => name === 'node-1';

const recordings = Object.entries(tables as unknown as Record<string, Recorded>);
const read = ([kind, { path = '/apis/inv.example/v1/namespaces/shop/gizmos' }]: (typeof recordings)[number]) =>
  [kind, tableAt(path)] as const;
const isNode = ([kind]: (typeof recordings)[number]): boolean => kind === 'Node';
const found = new Map(recordings.filter((each) => !isNode(each)).map(read));
// The DaemonSet would want a pod on it: it comes when all else has been read.
const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'golden-node' } };
type('apply -f m.json', { 'm.json': JSON.stringify(node) });
session.advance(session.now + 70_000);
found.set(...read(recordings.find(isNode)!));

describe.each(recordings)('recorded from a real API server, the table of %s', (kind, { columnDefinitions, rows }) => {
  const table = found.get(kind)!;

  test('has these columns', () => {
    expect(table.columnDefinitions.map(({ description: _text, ...column }) => column)).toEqual(columnDefinitions);
  });

  test('has these rows among its own', () => {
    const recorded = rows.filter((row) => !isHollow(row));
    const names = recorded.map(([name]) => patternOf(String(name)));
    const mine = table.rows.map(({ cells }) => cells).filter(([name]) => names.some((p) => p.test(String(name))));
    expect(mine).toEqual(
      recorded.map((row) =>
        row.map((cell): unknown => (typeof cell === 'string' ? expect.stringMatching(patternOf(cell)) : cell)),
      ),
    );
  });
});
