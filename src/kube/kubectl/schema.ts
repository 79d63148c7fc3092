/** A JSON schema, as far as `kubectl explain` tells of it. */
export interface FieldSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly enum?: readonly unknown[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly items?: FieldSchema;
  readonly additionalProperties?: FieldSchema | boolean;
  readonly allOf?: readonly FieldSchema[];
}

/** Model name → its schema. */
export type Definitions = Readonly<Record<string, FieldSchema>>;

let handed: Definitions | undefined;

/**
 * Hands in the schemas of all models. They are 600 kB, which only `explain` needs: so who runs the simulation loads them when
 * somebody asks. They are data that never changes, and no part of a run.
 */
export const handInSchemas = (definitions: Definitions): void => void (handed = definitions);

/** The schemas, once they were handed in. */
export const schemas = (): Definitions | undefined => handed;
