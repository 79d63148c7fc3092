import type { V1RuntimeClass } from '../../../generated/types.ts';
import { equal, type FieldError, invalidValue, isDns1123Label, requiredValue } from '../../apimachinery/index.ts';
import { ageColumn, nameColumn } from '../cells.ts';
import { defineKind } from '../kind.ts';
import { sentences } from '../validation/basics.ts';

function validate({ handler }: V1RuntimeClass): FieldError[] {
  if (!handler) return [requiredValue('handler')];
  return isDns1123Label(handler).map((reason) => invalidValue('handler', handler, reason));
}

/** RuntimeClass: which container runtime a pod wants. Kubernetes: pkg/registry/node/runtimeclass. */
export const runtimeClass = defineKind({
  group: 'node.k8s.io',
  version: 'v1',
  kind: 'RuntimeClass',
  key: 'runtimeclasses.node.k8s.io',
  model: 'V1RuntimeClass',
  namespaced: false,
  validate,
  validateUpdate: (next, old) =>
    equal(next.handler, old.handler) ? [] : [invalidValue('handler', next.handler, sentences.immutable)],
  columns: [nameColumn, { name: 'Handler', cell: (c) => c.handler }, ageColumn],
  example: {
    apiVersion: 'node.k8s.io/v1',
    kind: 'RuntimeClass',
    metadata: { name: 'example' },
    handler: 'runc',
  },
});
