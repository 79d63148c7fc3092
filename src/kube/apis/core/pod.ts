import { podDefaults } from './pod-defaults.ts';
import { defineKind } from '../kind.ts';

/** Pod. Kubernetes: pkg/registry/core/pod. */
export const pod = defineKind({
  group: '',
  version: 'v1',
  kind: 'Pod',
  key: 'pods',
  model: 'V1Pod',
  shortNames: ['po'],
  categories: ['all'],
  statusSubresource: true,
  generation: true,
  defaults(pod) {
    pod.spec = podDefaults(pod.spec ?? { containers: [] });
  },
  columns: [],
  example: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'example' } },
});
