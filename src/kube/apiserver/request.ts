import type { V1Status } from '../../generated/types.ts';
import type { KubeObject } from '../apimachinery/meta.ts';
import type { Why } from '../deeds.ts';
import type { User } from './authorization/user.ts';

/** How a patch body is to be read. */
export type PatchType = 'json' | 'merge' | 'strategic' | 'apply';

/** One request, as a client library would send it over HTTP. Data only. */
export interface ApiRequest {
  readonly verb: 'get' | 'list' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection';
  /** Resource key: `pods`, `deployments.apps`. */
  readonly resource: string;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly subresource?:
    | 'status'
    | 'scale'
    | 'binding'
    | 'eviction'
    | 'finalize'
    | 'approval'
    | 'token'
    | 'ephemeralcontainers'
    | undefined;
  readonly body?: unknown;
  readonly patchType?: PatchType | undefined;
  readonly options?: RequestOptions | undefined;
  /** Who asks, where it is not the administrator or one of the cluster's own processes: then roles decide. */
  readonly user?: User | undefined;
  /** Why the caller does it: becomes the deed that "Why?" shows. */
  readonly why?: Why | undefined;
}

/** Query parameters and DeleteOptions, in Kubernetes' spelling. */
export interface RequestOptions {
  readonly labelSelector?: string | undefined;
  readonly fieldSelector?: string | undefined;
  readonly dryRun?: boolean | undefined;
  readonly fieldManager?: string | undefined;
  readonly fieldValidation?: 'Ignore' | 'Warn' | 'Strict' | undefined;
  /** Fields that the body gave twice, of which the last one counts: `spec.replicas`. Told when fields are validated strictly. */
  readonly givenTwice?: readonly string[] | undefined;
  readonly force?: boolean | undefined;
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan' | undefined;
  readonly gracePeriodSeconds?: number | undefined;
  readonly preconditions?:
    | { readonly uid?: string | undefined; readonly resourceVersion?: string | undefined }
    | undefined;
  readonly limit?: number | undefined;
  readonly continue?: string | undefined;
  readonly resourceVersion?: string | undefined;
}

/** A list as the API server answers it; items are shared, frozen objects in key order. */
export interface ObjectList {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: {
    readonly resourceVersion: string;
    readonly continue?: string;
    readonly remainingItemCount?: number;
  };
  readonly items: readonly KubeObject[];
}

/** The answer: an object, a list, or a Status (always one when `code` ≥ 400). */
export interface ApiResponse {
  readonly code: number;
  readonly body: KubeObject | ObjectList | V1Status;
  readonly warnings?: readonly string[];
}

/** What a watch is opened on. Fan-out is indexed by resource and, for pods, by `spec.nodeName`. */
export interface WatchSelector {
  readonly resource: string;
  readonly namespace?: string | undefined;
  readonly fieldSelector?: string | undefined;
  readonly labelSelector?: string | undefined;
}

/** One watch event. `BOOKMARK` (no object) marks the end of the initial list. */
export interface WatchEntry {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object?: KubeObject | undefined;
  /** `keyOf(object)`, made once for all who receive it. */
  readonly key?: string | undefined;
  /** BOOKMARK only: the state of the store that the initial list shows. */
  readonly resourceVersion?: string | undefined;
  /** Seq of the write's deed: whoever handles the entry sets `ctx.cause` to it. */
  readonly cause: number;
}
