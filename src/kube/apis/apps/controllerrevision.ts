import { controllerOf, equal, type FieldError, invalidValue, requiredValue } from '../../apimachinery/index.ts';
import { ageColumn, nameColumn } from '../cells.ts';
import { defineKind } from '../kind.ts';
import { notNegative, sentences } from '../validation/basics.ts';

/** `statefulset.apps/web`: the controller of a revision as kubectl writes it. */
function controllerText(owner: { apiVersion: string; kind: string; name: string } | undefined): string | undefined {
  if (!owner) return undefined;
  const group = owner.apiVersion.includes('/') ? `.${owner.apiVersion.split('/')[0]}` : '';
  return `${owner.kind.toLowerCase()}${group}/${owner.name}`;
}

/** ControllerRevision: one template that a StatefulSet or DaemonSet has had. Kubernetes: pkg/registry/apps/controllerrevision. */
export const controllerRevision = defineKind({
  group: 'apps',
  version: 'v1',
  kind: 'ControllerRevision',
  key: 'controllerrevisions.apps',
  model: 'V1ControllerRevision',
  validate({ data, revision }): FieldError[] {
    const errors = data === undefined || data === null ? [requiredValue('data', 'data is mandatory')] : [];
    return [...errors, ...notNegative(revision, 'revision')];
  },
  validateUpdate: (next, old) =>
    equal(next.data, old.data) ? [] : [invalidValue('data', next.data ?? null, sentences.immutable)],
  columns: [
    nameColumn,
    { name: 'Controller', cell: (r) => controllerText(r.metadata && controllerOf(r)) },
    { name: 'Revision', type: 'integer', cell: (r) => r.revision },
    ageColumn,
  ],
  example: {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: { name: 'example' },
    data: { spec: { template: { $patch: 'replace', metadata: { labels: { app: 'example' } } } } },
    revision: 1,
  },
});
