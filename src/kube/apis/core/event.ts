import { defineKind } from '../kind.ts';

/** Event. Kubernetes: pkg/registry/core/event. */
export const event = defineKind({
  group: '',
  version: 'v1',
  kind: 'Event',
  key: 'events',
  model: 'CoreV1Event',
  shortNames: ['ev'],
  columns: [],
  example: { apiVersion: 'v1', kind: 'Event', metadata: { name: 'example' } },
});
