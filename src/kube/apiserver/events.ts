import type { CoreV1Event } from '../../generated/types.ts';
import { keyOf, millisOf, type KubeObject } from '../apimachinery/index.ts';
import { range, remove } from '../etcd/etcd.ts';
import type { Call } from './call.ts';
import { publish } from './watch.ts';

/** How long an event lives after it was last written. Kubernetes: kube-apiserver --event-ttl. */
const eventTtlMs = 3_600_000;

/** When an event was last written, by its own account. */
function writtenAt(event: KubeObject): number {
  const { lastTimestamp, eventTime, firstTimestamp, series } = event as unknown as CoreV1Event;
  return millisOf(
    series?.lastObservedTime || lastTimestamp || eventTime || firstTimestamp || event.metadata.creationTimestamp,
  );
}

/**
 * Removes the events whose hour is over. Events are stored in order of their last write, so only the oldest are looked at.
 * Simplified: it happens when the next event is written, not by a timer: a cluster at rest costs nothing.
 */
export function expireEvents(call: Call): void {
  const { ctx, etcd, kind } = call;
  for (const event of range(etcd, kind.key).values()) {
    if (writtenAt(event) > ctx.now - eventTtlMs) return;
    const gone = remove(etcd, kind.key, keyOf(event), event);
    const { uid } = gone.metadata;
    const deed = ctx.record({ by: 'kube-apiserver', code: 'api.delete', ref: `events/${keyOf(gone)}`, uid });
    publish(ctx, call.watches, kind.key, undefined, gone, deed);
  }
}
