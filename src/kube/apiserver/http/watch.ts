import {
  matchesFields,
  matchesLabels,
  parseFieldSelector,
  parseSelector,
  type KubeObject,
} from '../../apimachinery/index.ts';
import { withManagedFields } from '../../apimachinery/managedfields/index.ts';
import type { Written } from '../../observations.ts';
import { tableOf } from './shape.ts';
import type { WatchCall } from './types.ts';

/** One line of a watch's answer, before it is shaped. */
export interface WatchLine {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: KubeObject;
}

/** A watch, ready to judge writes. Throws BadRequest for a selector that cannot be read. */
export interface WatchFilter {
  /** What the watcher is told of a write: an object that enters its selection is ADDED there, one that leaves DELETED. */
  lineOf(write: Written): WatchLine | undefined;
  /** The line as the client wants it, as a value. `first`: tables bring their column definitions. */
  shaped(line: WatchLine, nowMs: number, first: boolean): object;
  /** `BOOKMARK` with nothing but a resource version; `initial` says that the initial list ends here. */
  bookmark(resourceVersion: string, initial: boolean): WatchLine;
}

const under = (object: KubeObject, resourceVersion: string): KubeObject => ({
  ...object,
  metadata: { ...object.metadata, resourceVersion },
});

/** Builds the filter of a watch that came over HTTP. */
export function watchFilter({ kind, selector, shape, includeObject }: WatchCall): WatchFilter {
  const labels = selector.labelSelector ? parseSelector(selector.labelSelector) : [];
  const fields = selector.fieldSelector
    ? parseFieldSelector(selector.fieldSelector, selector.resource, kind.custom?.selectable)
    : [];
  const shown = kind.custom?.shown;
  const apiVersion = kind.group ? `${kind.group}/${kind.version}` : kind.version;
  const matches = (object: KubeObject | undefined): boolean =>
    object !== undefined &&
    (!selector.namespace || object.metadata.namespace === selector.namespace) &&
    (labels.length === 0 || matchesLabels(labels, object.metadata.labels)) &&
    (fields.length === 0 || matchesFields(fields, object));
  return {
    lineOf(write) {
      // A further version is selected by its own fields.
      const seen = (object: KubeObject | undefined): KubeObject | undefined =>
        object && kind.view ? kind.view.fromStored(object) : object;
      const [next, old] = [seen(write.next), seen(write.old)];
      const now = matches(next);
      const before = matches(old);
      if (!now && !before) return undefined;
      // What leaves the selection is shown as it was in it, under the revision of the write.
      const object = now || !next ? (next ?? old)! : under(old!, next.metadata.resourceVersion);
      return { type: now ? (before ? 'MODIFIED' : 'ADDED') : 'DELETED', object: shown ? shown(object) : object };
    },
    bookmark: (resourceVersion, initial) => ({
      type: 'BOOKMARK',
      object: {
        kind: kind.kind,
        apiVersion,
        metadata: {
          resourceVersion,
          creationTimestamp: null,
          ...(initial && { annotations: { 'k8s.io/initial-events-end': 'true' } }),
        },
      } as unknown as KubeObject,
    }),
    shaped({ type, object }, nowMs, first) {
      if (shape === 'Table' && type !== 'BOOKMARK') {
        const { resourceVersion } = object.metadata;
        return { type, object: tableOf(kind, { resourceVersion }, [object], nowMs, includeObject, first) };
      }
      if (shape === 'PartialObjectMetadata') {
        const { metadata } = withManagedFields(kind, object);
        return { type, object: { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata } };
      }
      return { type, object: type === 'BOOKMARK' ? object : withManagedFields(kind, object) };
    },
  };
}
