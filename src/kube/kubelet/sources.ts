import { decodeBase64, isReason, Unreachable } from '../apimachinery/index.ts';
import type { ConfigMap, Secret } from '../apis/index.ts';
import type { Kubelet } from './memory.ts';

/** The objects that pods take values from. */
export interface SourceObjects {
  readonly configmaps: ConfigMap;
  readonly secrets: Secret;
}

/** Name of one object in an error: `configmap "x" not found`. */
export class MissingSource extends Error {
  override name = 'MissingSource';
}

/**
 * Reads a ConfigMap or Secret as it is now; while the API server is out of reach, as it was last read.
 * Throws `MissingSource` with the kubelet's text.
 */
export function readSource<R extends 'configmaps' | 'secrets'>(
  k: Kubelet,
  resource: R,
  namespace: string,
  name: string,
): SourceObjects[R] {
  const key = `${resource}/${namespace}/${name}`;
  const kind = resource === 'configmaps' ? 'configmap' : 'secret';
  try {
    const object = k.client.get(k.ctx, resource, name, namespace);
    k.memory.known.set(key, object as never);
    return object as SourceObjects[R];
  } catch (error) {
    if (isReason(error, 'NotFound')) throw new MissingSource(`${kind} ${JSON.stringify(name)} not found`);
    if (!(error instanceof Unreachable)) throw error;
    const known = k.memory.known.get(key);
    if (!known) throw new MissingSource(`failed to sync ${kind} cache: timed out waiting for the condition`);
    return known as unknown as SourceObjects[R];
  }
}

/** The values of an object as text. Binary data is shown as its bytes. */
export function valuesOf(object: ConfigMap | Secret): Readonly<Record<string, string>> {
  const data = object.data ?? {};
  if (object.kind === 'Secret') {
    const values: Record<string, string> = {};
    for (const key in data) values[key] = decodeBase64(data[key]!);
    return values;
  }
  const binary = (object as ConfigMap).binaryData;
  if (!binary) return data;
  const values: Record<string, string> = { ...data };
  for (const key in binary) values[key] = decodeBase64(binary[key]!);
  return values;
}
