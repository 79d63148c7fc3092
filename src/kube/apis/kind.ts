import type { Models } from '../../generated/types.ts';
import type { KubeObject } from '../apimachinery/meta.ts';
import type { FieldError } from '../apimachinery/status.ts';
import type { CustomKind } from './apiextensions/customkind.ts';

/** Name of a generated model: `V1Pod`. */
export type ModelName = keyof Models;

/** In place of `readonly`: what defaulting may change. The API server hands over a private copy. */
export type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** One column of `kubectl get`. `priority` 1 shows only with `-o wide`. Cells: string, number, undefined for `<none>`, null for nothing. */
export interface Column<T> {
  readonly name: string;
  readonly type?: 'string' | 'integer' | 'number' | 'date' | 'boolean';
  readonly format?: string;
  readonly priority?: number;
  readonly description?: string;
  /** `nowMs` is virtual time: ages are computed from it. `wide`: with `-o wide`, where long cells are not shortened. */
  cell(object: T, nowMs: number, wide?: boolean): string | number | boolean | null | undefined;
}

/** Something an object points at: drawn as an edge by the stage, followed by the inspector. */
export interface Ref {
  /** Resource key: `configmaps`, `deployments.apps`. */
  readonly resource: string;
  readonly name: string;
  readonly namespace?: string | undefined;
  /** Field that holds the reference: `spec.volumes[0].configMap`. */
  readonly path: string;
  /** How: `env`, `volume`, `owner`, `scaleTarget`, `selects` … */
  readonly how: string;
}

/** Conversion between a version that is served and the one that is stored. */
export interface View {
  /** Key of the stored kind. */
  readonly of: string;
  toStored(object: KubeObject): KubeObject;
  fromStored(object: KubeObject): KubeObject;
  /** Fields of selectors that have another name in what is stored. Kubernetes: AddFieldLabelConversionFunc. */
  readonly fieldLabels?: Readonly<Record<string, string>>;
}

/**
 * The contract of a kind. The API server, kubectl, editor, discovery, garbage collector and stage all read this record,
 * so that a new kind is one file and one line in `apis/index.ts`.
 */
export interface KindRecord<M extends ModelName = ModelName, R extends string = string> {
  /** '' is the core group. */
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Plural, lower case: `deployments`. */
  readonly resource: string;
  /** `pods`, `deployments.apps`: unique over all kinds; what clients pass. */
  readonly key: R;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
  /** Model in the generated field table: decoding, unknown fields, schema. */
  readonly model: M;
  /** Has `/status`: then a write to the main resource keeps the old status and the reverse. */
  readonly statusSubresource: boolean;
  /** Has `/scale`. */
  readonly scale: boolean;
  /** `metadata.generation` counts changes of spec. */
  readonly generation: boolean;
  /** A deletion that asks for nothing leaves the dependents alone. Kubernetes: DefaultGarbageCollectionPolicy. */
  readonly orphansByDefault?: boolean;
  /** Rule for `metadata.name`; default is DNS-1123 subdomain. */
  readonly nameRule?: 'dns1123-subdomain' | 'dns1123-label' | 'dns1035-label' | 'path-segment';
  /**
   * Fills in defaults, in place: the object and its metadata are private, anything deeper may be frozen and shared
   * (a pod template's spec), so it is replaced, never written into. Must be idempotent.
   */
  defaults(object: Mutable<Models[M]>): void;
  /** Every wrong field of a new object. Metadata is checked by the API server. */
  validate(object: Models[M]): FieldError[];
  /** Every forbidden or wrong change. Runs after `validate(next)`. */
  validateUpdate(next: Models[M], old: Models[M]): FieldError[];
  /** What the API server says to an object that it accepts, as `Warning:` headers. */
  warnings?(object: Models[M]): string[];
  /** Clears what users may not set at creation (status). Under the same rule as `defaults`. */
  prepareForCreate?(object: Mutable<Models[M]>): void;
  prepareForUpdate?(next: Mutable<Models[M]>, old: Models[M]): void;
  /** What the object points at. */
  refs?(object: Models[M]): Ref[];
  /** The record shows the objects of another kind in a further version. */
  readonly view?: View;
  /** A CustomResourceDefinition declares the kind; its schema stands in the place of the model. */
  readonly custom?: CustomKind;
  readonly columns: readonly Column<Models[M]>[];
  /** A minimal valid manifest: gallery, tests, documentation. */
  readonly example: object;
  /** Paths that are stored but not acted on (`spec.hostAliases`); the page tells whoever uses one. */
  readonly storedOnly: readonly string[];
}

/** Any kind, its object type forgotten. */
export type AnyKind = Omit<
  KindRecord,
  'defaults' | 'validate' | 'validateUpdate' | 'warnings' | 'prepareForCreate' | 'prepareForUpdate' | 'refs' | 'columns'
> & {
  defaults(object: unknown): void;
  validate(object: unknown): FieldError[];
  validateUpdate(next: unknown, old: unknown): FieldError[];
  warnings?(object: unknown): string[];
  prepareForCreate?(object: unknown): void;
  prepareForUpdate?(next: unknown, old: unknown): void;
  refs?(object: unknown): Ref[];
  readonly columns: readonly Column<unknown>[];
};

type Given<M extends ModelName, R extends string> = Partial<KindRecord<M, R>> &
  Pick<KindRecord<M, R>, 'group' | 'version' | 'kind' | 'key' | 'model' | 'columns' | 'example'>;

/** Builds a kind's record; what is not given takes the usual value (namespaced, plural from the key, no subresources). */
export function defineKind<const M extends ModelName, const R extends string>(given: Given<M, R>): KindRecord<M, R> {
  return {
    resource: given.group ? given.key.slice(0, -given.group.length - 1) : given.key,
    singular: given.kind.toLowerCase(),
    shortNames: [],
    categories: [],
    namespaced: true,
    statusSubresource: false,
    scale: false,
    generation: false,
    storedOnly: [],
    defaults: () => {},
    validate: () => [],
    validateUpdate: () => [],
    ...given,
  };
}
