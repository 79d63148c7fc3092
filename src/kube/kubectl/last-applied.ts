import { goJson } from '../apimachinery/go-json.ts';
import type { KubeObject } from '../apimachinery/index.ts';
import { threeWayPatch, type Json } from '../apimachinery/patch/index.ts';
import type { AnyKind } from '../apis/kind.ts';

/** Annotation in which kubectl keeps what was applied last. */
export const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** The object as it is applied, without the annotation. */
export function withoutLastApplied(object: KubeObject, namespace: string | undefined): KubeObject {
  const { [lastApplied]: _, ...annotations } = object.metadata?.annotations ?? {};
  return { ...object, metadata: { ...object.metadata, annotations, ...(namespace && { namespace }) } };
}

/** The object as kubectl sends it at first: with what is applied written into its annotation. */
export function withLastApplied(object: KubeObject, namespace: string | undefined): KubeObject {
  const bare = withoutLastApplied(object, namespace);
  const { annotations } = bare.metadata;
  const text = `${goJson(bare)}\n`;
  return { ...bare, metadata: { ...bare.metadata, annotations: { ...annotations, [lastApplied]: text } } };
}

/** The patch that brings a live object to what is applied, or undefined when it is there already. */
export function applyPatch(kind: AnyKind, wanted: KubeObject, live: KubeObject): Json | undefined {
  const before = live.metadata.annotations?.[lastApplied];
  let original: unknown;
  try {
    original = before === undefined ? undefined : JSON.parse(before);
  } catch {
    original = undefined;
  }
  return threeWayPatch(kind.model, original, wanted as unknown as Json, live as unknown as Json);
}
