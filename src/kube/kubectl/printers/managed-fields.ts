import { withManagedFields } from '../../apimachinery/managedfields/index.ts';
import type { KubeObject } from '../../apimachinery/index.ts';
import type { Invocation } from '../command.ts';

/** An object or list as `-o yaml` and `-o json` print it: without managedFields, unless `--show-managed-fields`. */
export function forPrinting(run: Invocation, subject: unknown): unknown {
  const { items } = subject as { items?: readonly KubeObject[] };
  const one = run.has('show-managed-fields') ? (object: KubeObject) => completed(run, object) : stripped;
  return items ? { ...(subject as object), items: items.map(one) } : one(subject as KubeObject);
}

function stripped(object: KubeObject): KubeObject {
  if (!object.metadata?.managedFields) return object;
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata } as KubeObject;
}

/** What is stored does not tell all of it. */
function completed(run: Invocation, object: KubeObject): KubeObject {
  const kind = run.kinds.for(object.apiVersion, object.kind);
  return kind ? withManagedFields(kind, object) : object;
}
