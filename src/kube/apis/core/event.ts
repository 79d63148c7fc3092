import type { CoreV1Event } from '../../../generated/types.ts';
import { age } from '../../apimachinery/duration.ts';
import { defineKind } from '../kind.ts';

/** `5s`, or `5s (x3 over 2m)` for a repeated event. Kubernetes: pkg/printers/internalversion printEvent. */
function lastSeen(event: CoreV1Event, now: number): string {
  const first = event.firstTimestamp || event.eventTime;
  const last = event.series?.lastObservedTime || event.lastTimestamp || first;
  return age(last, now);
}

const source = ({ source: from, reportingComponent }: CoreV1Event): string | undefined => {
  const component = from?.component || reportingComponent;
  return from?.host ? `${component}, ${from.host}` : component;
};

/** Plural of a kind's name as resources are named: Endpoints stays, Policy becomes policies. */
const pluralOf = (kind: string): string => {
  const name = kind.toLowerCase();
  if (name.endsWith('endpoints')) return name;
  if (name.endsWith('y')) return `${name.slice(0, -1)}ies`;
  return name.endsWith('s') ? `${name}es` : `${name}s`;
};

/** Event. Kubernetes: pkg/registry/core/event. */
export const event = defineKind({
  group: '',
  version: 'v1',
  kind: 'Event',
  key: 'events',
  model: 'CoreV1Event',
  shortNames: ['ev'],
  refs(event) {
    const { kind, apiVersion, name, namespace } = event.involvedObject ?? {};
    if (!kind || !name) return [];
    const group = apiVersion?.includes('/') ? `.${apiVersion.split('/')[0]}` : '';
    return [{ resource: `${pluralOf(kind)}${group}`, name, namespace, path: 'involvedObject', how: 'about' }];
  },
  columns: [
    { name: 'Last Seen', cell: lastSeen },
    { name: 'Type', cell: (e) => e.type },
    { name: 'Reason', cell: (e) => e.reason },
    { name: 'Object', cell: ({ involvedObject: o }) => (o?.kind ? `${o.kind.toLowerCase()}/${o.name}` : undefined) },
    { name: 'Subobject', priority: 1, cell: (e) => e.involvedObject?.fieldPath },
    { name: 'Source', priority: 1, cell: source },
    { name: 'Message', cell: (e) => e.message?.trim() },
    { name: 'First Seen', priority: 1, cell: (e, now) => age(e.firstTimestamp || e.eventTime, now) },
    { name: 'Count', priority: 1, cell: (e) => e.series?.count ?? e.count ?? 1 },
    { name: 'Name', priority: 1, cell: (e) => e.metadata.name },
  ],
  example: {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: 'example' },
    involvedObject: { kind: 'Pod', namespace: 'default', name: 'example' },
    reason: 'Example',
    type: 'Normal',
  },
});
