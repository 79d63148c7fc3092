import type { AnyKind } from '../../apis/kind.ts';
import type { ApiRequest, WatchSelector } from '../request.ts';

/** The query of an address: a URLSearchParams where there is one. */
export interface Query {
  get(name: string): string | null;
  getAll(name: string): string[];
}

/** What an HTTP client sent, as far as the API cares. Headers by their lower-case name; the body is text. */
export interface HttpRequest {
  readonly method: string;
  readonly path: string;
  readonly query: Query;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

/** In which shape an object is wanted: itself, as a row of a `Table`, or as its metadata alone. */
export type Shape = 'object' | 'Table' | 'PartialObjectMetadata';

/** How table rows carry their object: `Metadata` unless the client says otherwise. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

/** A watch as it came over HTTP. */
export interface WatchCall {
  readonly kind: AnyKind;
  readonly selector: WatchSelector;
  /** What was seen already; undefined begins with the present state. */
  readonly resourceVersion: string | undefined;
  readonly allowBookmarks: boolean;
  /**
   * The present state first, then a bookmark that says that it was all (the stream of lists); false: not even where the
   * watch begins with the present. Undefined: the client does not say.
   */
  readonly sendInitialEvents: boolean | undefined;
  readonly timeoutSeconds: number | undefined;
  readonly shape: Shape;
  readonly includeObject: IncludeObject;
}

/** What a request turns out to be. */
export type Route =
  | {
      readonly to: 'api';
      /** Of the objects that the answer may hold; undefined for what others serve. */
      readonly kind: AnyKind | undefined;
      readonly request: ApiRequest;
      readonly shape: Shape;
      readonly includeObject: IncludeObject;
      /** What the client is told of its own text, beside what the API server says. */
      readonly warnings?: readonly string[];
    }
  | { readonly to: 'watch'; readonly watch: WatchCall }
  /** A document that depends on nothing but which kinds are served. */
  | { readonly to: 'document'; readonly body: unknown; readonly contentType?: string }
  | { readonly to: 'text'; readonly code: number; readonly text: string };
