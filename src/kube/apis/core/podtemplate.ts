import type { V1PodTemplate } from '../../../generated/types.ts';
import { formatLabelSelector } from '../../apimachinery/index.ts';
import { nameColumn, templateColumns } from '../cells.ts';
import { defineKind } from '../kind.ts';
import { podTemplate as templateErrors } from '../validation/podspec.ts';
import { templateDefaults } from './pod-defaults.ts';
import { podRefs } from './pod-refs.ts';

/** PodTemplate: a template as an object of its own, which nothing in Kubernetes acts on. Kubernetes: pkg/registry/core/podtemplate. */
export const podTemplate = defineKind({
  group: '',
  version: 'v1',
  kind: 'PodTemplate',
  key: 'podtemplates',
  model: 'V1PodTemplate',
  generation: true,
  defaults(given) {
    given.template = templateDefaults(given.template);
  },
  validate: ({ template }) => templateErrors(template ?? {}, 'template'),
  refs: ({ metadata, template }) => podRefs(template?.spec, metadata.namespace, 'template.spec'),
  columns: [
    nameColumn,
    ...templateColumns<V1PodTemplate>((p) => p.template).map(({ name, cell }) => ({ name, cell })),
    {
      name: 'Pod Labels',
      cell: ({ template }) =>
        formatLabelSelector(template?.metadata?.labels && { matchLabels: template.metadata.labels }),
    },
  ],
  example: {
    apiVersion: 'v1',
    kind: 'PodTemplate',
    metadata: { name: 'example' },
    template: { metadata: { labels: { app: 'example' } }, spec: { containers: [{ name: 'web', image: 'nginx' }] } },
  },
});
