import type { CoreV1Event, EventsV1Event } from '../../../generated/types.ts';
import type { KubeObject } from '../../apimachinery/meta.ts';
import { event } from '../core/event.ts';
import { defineKind } from '../kind.ts';

/** An object without its undefined fields. */
const told = (fields: Record<string, unknown>): KubeObject =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as KubeObject;

/** From events.k8s.io/v1 to what is stored. Kubernetes: pkg/apis/events/v1/conversion.go. */
function toStored(object: KubeObject): KubeObject {
  const { apiVersion: _, note, regarding, reportingController, ...rest } = object as unknown as EventsV1Event;
  const { deprecatedCount, deprecatedFirstTimestamp, deprecatedLastTimestamp, deprecatedSource, ...same } = rest;
  return told({
    ...same,
    apiVersion: 'v1',
    message: note,
    involvedObject: regarding ?? {},
    reportingComponent: reportingController,
    source: deprecatedSource,
    firstTimestamp: deprecatedFirstTimestamp,
    lastTimestamp: deprecatedLastTimestamp,
    count: deprecatedCount,
  });
}

/** From what is stored to events.k8s.io/v1. */
function fromStored(object: KubeObject): KubeObject {
  const { apiVersion: _, message, involvedObject, reportingComponent, ...rest } = object as unknown as CoreV1Event;
  const { count, firstTimestamp, lastTimestamp, source, ...same } = rest;
  return told({
    ...same,
    apiVersion: 'events.k8s.io/v1',
    note: message,
    regarding: involvedObject,
    reportingController: reportingComponent,
    deprecatedSource: source,
    deprecatedFirstTimestamp: firstTimestamp,
    deprecatedLastTimestamp: lastTimestamp,
    deprecatedCount: count,
  });
}

const fieldLabels = {
  reportingController: 'reportingComponent',
  ...Object.fromEntries(
    ['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map((field) => [
      `regarding.${field}`,
      `involvedObject.${field}`,
    ]),
  ),
};

/** Event as events.k8s.io/v1 shows it: the same objects, their fields under newer names. */
export const eventV1 = defineKind({
  group: 'events.k8s.io',
  version: 'v1',
  kind: 'Event',
  key: 'events.events.k8s.io',
  resource: 'events',
  model: 'EventsV1Event',
  shortNames: ['ev'],
  view: { of: 'events', toStored, fromStored, fieldLabels },
  columns: event.columns.map((column) => ({
    ...column,
    cell: (object: EventsV1Event, now: number) =>
      column.cell(toStored(object as unknown as KubeObject) as unknown as CoreV1Event, now),
  })),
  example: {
    apiVersion: 'events.k8s.io/v1',
    kind: 'Event',
    metadata: { name: 'example' },
    eventTime: '2026-01-01T00:00:00.000000Z',
    regarding: { kind: 'Pod', namespace: 'default', name: 'example' },
    reason: 'Example',
    action: 'Example',
    reportingController: 'example.com/controller',
    reportingInstance: 'example-1',
    type: 'Normal',
  },
});
