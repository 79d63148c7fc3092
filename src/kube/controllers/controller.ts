import type { Context } from '../../kernel/index.ts';
import { failure } from '../apimachinery/index.ts';
import type { ResourceKey } from '../apis/index.ts';
import {
  enqueue,
  enqueueAfter,
  recordEvent,
  type Caches,
  type Change,
  type Client,
  type EventInput,
  type EventMemory,
  type EventObject,
  type WorkQueue,
} from '../client/index.ts';
import type { Why } from '../deeds.ts';
import type { Api } from '../process.ts';
import type { Indexes } from './indexes.ts';

/** Address of the process that all controllers share. */
export const managerAddress = 'kube-controller-manager';

/** Memory of the kube-controller-manager: plain data. */
export interface ManagerMemory {
  readonly caches: Caches;
  readonly indexes: Indexes;
  /** Controller name → its queue. */
  readonly queues: Map<string, WorkQueue>;
  /** Controller name → what it alone remembers (expectations, pending evictions). */
  readonly own: Map<string, unknown>;
  readonly events: EventMemory;
  /** All watches are open and have brought their lists; no controller works before, nor while the API server is away. */
  synced: boolean;
}

/** What a controller may use while it handles one change or one key. Lives as long as the kernel event. */
export interface Control {
  readonly ctx: Context;
  readonly api: Api;
  readonly client: Client;
  readonly memory: ManagerMemory;
  /** The controller at work. */
  controller: Controller;
}

/** One resource that a controller hears of, and which of its keys each change concerns. */
export interface Watch {
  /** `*`: every kind that users have added. */
  readonly resource: ResourceKey | '*';
  /** Keys to reconcile. May note what the change means for the controller's own memory. */
  keys(c: Control, change: Change): readonly string[];
}

/**
 * A controller: what it watches, and how it brings the world behind one key nearer to what the key's object asks for.
 * `reconcile` reads caches, plans (pure functions beside it) and performs; errors rise to the work queue, which backs off.
 */
export interface Controller {
  readonly name: string;
  readonly watches: readonly Watch[];
  /** Its own memory at the start; read with `ownMemory`. */
  memory?(): unknown;
  /** A pod that was found at rest uses more now (`namespace/name`), or the metrics of any pod may have changed. */
  usageChanged?(c: Control, pod: string | undefined): void;
  reconcile(c: Control, key: string): void;
}

/** The controller's own memory, as its `memory` function made it. */
export const ownMemory = <M>(c: Control): M => c.memory.own.get(c.controller.name) as M;

/** Adds a key to the controller's queue, now or later. */
export function requeue(c: Control, key: string, delayMs = 0): void {
  const queue = c.memory.queues.get(c.controller.name)!;
  if (delayMs > 0) enqueueAfter(c.ctx, managerAddress, queue, key, delayMs);
  else enqueue(c.ctx, managerAddress, queue, key);
}

/** Writes an event about an object in the name of a component. */
export function tell(
  c: Control,
  component: string,
  object: EventObject,
  type: EventInput['type'],
  reason: string,
  message: string,
): void {
  recordEvent(c.ctx, c.client, c.memory.events, { object, type, reason, message, component });
}

/** A deed that no write carries: something that did not happen to an object, and why. What follows is its doing. */
export function refrain(c: Control, resource: ResourceKey, object: EventObject, { code, params }: Why): void {
  const { name, namespace, uid } = object.metadata;
  const ref = `${resource}/${namespace ? `${namespace}/` : ''}${name}`;
  c.ctx.cause = c.ctx.record({ by: managerAddress, code, ref, uid, params });
}

/** One step of a plan. Plans are data, so that tests and the page can read them. */
export type Action =
  | { readonly do: 'create'; readonly resource: ResourceKey; readonly object: unknown; readonly why: Why }
  | { readonly do: 'update'; readonly resource: ResourceKey; readonly object: unknown; readonly why: Why }
  | { readonly do: 'update-status'; readonly resource: ResourceKey; readonly object: unknown; readonly why: Why }
  | { readonly do: 'delete'; readonly resource: ResourceKey; readonly object: EventObject; readonly why: Why }
  | {
      readonly do: 'event';
      readonly object: EventObject;
      readonly type: EventInput['type'];
      readonly reason: string;
      readonly message: string;
    }
  | { readonly do: 'again'; readonly afterMs: number }
  /** What is known does not fit together (a cache is behind): come again, with back-off. */
  | { readonly do: 'fail'; readonly message: string };

/**
 * Performs the steps of a plan in order. The first that fails ends it by throwing: what was planned behind it rests on it,
 * and the key comes again.
 */
export function perform(c: Control, component: string, key: string, actions: readonly Action[]): void {
  for (const action of actions) {
    switch (action.do) {
      case 'create':
        c.client.create(c.ctx, action.resource, action.object as never, { why: action.why });
        break;
      case 'update':
        c.client.update(c.ctx, action.resource, action.object as never, { why: action.why });
        break;
      case 'update-status':
        c.client.updateStatus(c.ctx, action.resource, action.object as never, { why: action.why });
        break;
      case 'delete': {
        const { name, namespace, uid } = action.object.metadata;
        c.client.delete(c.ctx, action.resource, name, namespace, {
          why: action.why,
          options: { preconditions: { uid }, propagationPolicy: 'Background' },
        });
        break;
      }
      case 'event':
        tell(c, component, action.object, action.type, action.reason, action.message);
        break;
      case 'again':
        requeue(c, key, action.afterMs);
        break;
      case 'fail':
        throw failure(500, 'InternalError', action.message);
    }
  }
}
