import { type FieldError, requiredValue } from '../../apimachinery/index.ts';
import { ageColumn, nameColumn } from '../cells.ts';
import { filled } from '../defaulting.ts';
import { defineKind } from '../kind.ts';

/** CSINode: which storage drivers a node has. Kubernetes: pkg/registry/storage/csinode. */
export const csiNode = defineKind({
  group: 'storage.k8s.io',
  version: 'v1',
  kind: 'CSINode',
  key: 'csinodes.storage.k8s.io',
  model: 'V1CSINode',
  namespaced: false,
  defaults(node) {
    // What the model requires is always there, also when it was left out.
    node.spec = filled(node.spec ?? { drivers: [] }, { drivers: node.spec?.drivers ?? [] });
  },
  validate: ({ spec }): FieldError[] =>
    spec.drivers.flatMap(({ name, nodeID }, i) => [
      ...(name ? [] : [requiredValue(`spec.drivers[${i}].name`)]),
      ...(nodeID ? [] : [requiredValue(`spec.drivers[${i}].nodeID`)]),
    ]),
  storedOnly: ['spec'],
  columns: [nameColumn, { name: 'Drivers', type: 'integer', cell: (n) => n.spec?.drivers?.length ?? 0 }, ageColumn],
  example: {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSINode',
    metadata: { name: 'example' },
    spec: { drivers: [{ name: 'example.com', nodeID: 'node-1' }] },
  },
});
