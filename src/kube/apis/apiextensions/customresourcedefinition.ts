import type { V1CustomResourceDefinition } from '../../../generated/types.ts';
import { nameColumn } from '../cells.ts';
import { defineKind } from '../kind.ts';
import { formatWarnings, validateDefinition, validateDefinitionUpdate } from './validate-definition.ts';

/** What a definition is stored under. */
export const definitionsKey = 'customresourcedefinitions.apiextensions.k8s.io';

/** Holds a definition that is deleted until no object of its kind is left. */
export const cleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io';

/** Whether a condition of a definition is True. */
export const isConditionTrue = ({ status }: V1CustomResourceDefinition, type: string): boolean =>
  status?.conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false;

/** Versions in which objects may lie in the store: the present one is added to them. */
function withStored({ spec }: V1CustomResourceDefinition, stored: readonly string[] = []): string[] {
  const present = spec.versions.find((version) => version.storage)?.name;
  return present === undefined || stored.includes(present) ? [...stored] : [...stored, present];
}

/**
 * CustomResourceDefinition: a kind that users add. Once its names are accepted its objects are served like those of any other
 * kind. Kubernetes: apiextensions-apiserver/pkg/registry/customresourcedefinition.
 */
export const customResourceDefinition = defineKind({
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  key: definitionsKey,
  model: 'V1CustomResourceDefinition',
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  namespaced: false,
  statusSubresource: true,
  generation: true,
  defaults(definition) {
    const { names, conversion } = definition.spec;
    definition.spec = {
      ...definition.spec,
      names: {
        ...names,
        singular: names.singular || names.kind.toLowerCase(),
        ...((names.listKind || names.kind) && { listKind: names.listKind || `${names.kind}List` }),
      },
      conversion: conversion ?? { strategy: 'None' },
    };
    if (!definition.status?.storedVersions?.length)
      definition.status = { ...definition.status, storedVersions: withStored(definition) };
  },
  prepareForCreate(definition) {
    definition.status = {
      // As Go writes a list that nobody has set.
      conditions: null as unknown as [],
      acceptedNames: { plural: '', kind: '' },
      storedVersions: withStored(definition),
    };
  },
  prepareForUpdate(next) {
    next.status = { ...next.status, storedVersions: withStored(next, next.status?.storedVersions) };
  },
  validate: validateDefinition,
  validateUpdate: validateDefinitionUpdate,
  warnings: formatWarnings,
  columns: [nameColumn, { name: 'Created At', type: 'date', cell: ({ metadata }) => metadata.creationTimestamp }],
  example: {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'examples.kubarium.dev' },
    spec: {
      group: 'kubarium.dev',
      scope: 'Namespaced',
      names: { plural: 'examples', kind: 'Example' },
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
    },
  },
});
