import type { Context } from '../../kernel/index.ts';
import { notFound, type KubeObject } from '../apimachinery/index.ts';
import type { AnyKind } from '../apis/kind.ts';
import { put, read, remove, type EtcdState } from '../etcd/etcd.ts';
import { expireEvents } from './events.ts';
import type { Why } from '../deeds.ts';
import type { ApiRequest } from './request.ts';
import { publish, type Watches } from './watch.ts';

/** One request on its way through the server: everything a handler needs, alive only while the request is served. */
export interface Call {
  readonly ctx: Context;
  readonly request: ApiRequest;
  /** Address of the process that sent it. */
  readonly from: string;
  /** The subresource by which a write of the main resource came: who owns what it changes is told with it. */
  readonly through?: 'scale';
  readonly kind: AnyKind;
  readonly etcd: EtcdState;
  readonly watches: Watches;
  readonly warnings: string[];
  /** Writes down the deed behind a write and returns its seq. `as` says what it is called when the caller gave no reason. */
  record(object: KubeObject, as?: Why): number;
}

/** `namespace/name`, or `name`, of the object that the request is about. */
const requestKey = ({ namespace, name }: ApiRequest): string => (namespace ? `${namespace}/${name}` : name!);

/** The stored object of the request, if there is one. */
export const maybeRead = ({ etcd, kind, request }: Call): KubeObject | undefined =>
  read(etcd, kind.key, requestKey(request));

/** The stored object of the request; 404 when there is none. */
export function mustRead(call: Call): KubeObject {
  const { kind, request } = call;
  const object = maybeRead(call);
  if (!object) throw notFound(kind.group, kind.resource, request.name!);
  return kind.custom ? kind.custom.shown(object) : object;
}

/** Writes an object and tells the watchers; a dry run does neither. */
export function commit(call: Call, key: string, next: KubeObject, old: KubeObject | undefined): KubeObject {
  if (call.request.options?.dryRun) return next;
  const isEvent = call.kind.key === 'events';
  if (isEvent) expireEvents(call);
  const stored = put(call.etcd, call.kind.key, key, next, isEvent);
  publish(call.ctx, call.watches, call.kind.key, stored, old, call.record(stored));
  return stored;
}

/** Removes an object, last seen as `final`, and tells the watchers; a dry run does neither. */
export function erase(call: Call, key: string, final: KubeObject): KubeObject {
  if (call.request.options?.dryRun) return final;
  const gone = remove(call.etcd, call.kind.key, key, final);
  publish(call.ctx, call.watches, call.kind.key, undefined, gone, call.record(gone));
  return gone;
}
