import { decode, type Decoded } from '../apimachinery/decode.ts';
import type { KubeObject } from '../apimachinery/index.ts';
import { isObject } from '../apimachinery/patch/index.ts';
import { pruned } from '../apis/apiextensions/schema.ts';
import type { AnyKind } from '../apis/kind.ts';

/** Reads a value as an object of the kind: by its model, or by the schema that its definition gives. */
export function decodeObject(kind: AnyKind, value: unknown, settled?: unknown): Decoded<KubeObject> {
  if (!kind.custom || !isObject(value)) return decode<KubeObject>(kind.model, value, settled);
  const unknown: string[] = [];
  const object = pruned(value, kind.custom.schema, unknown) as unknown as KubeObject;
  if (object.metadata === undefined || object.metadata === null) return { object, unknown };
  const metadata = decode<KubeObject['metadata']>('V1ObjectMeta', object.metadata);
  return {
    object: metadata.object === object.metadata ? object : { ...object, metadata: metadata.object },
    unknown: [...metadata.unknown.map((path) => `metadata.${path}`), ...unknown],
  };
}
