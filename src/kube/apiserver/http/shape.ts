import type { KubeObject } from '../../apimachinery/index.ts';
import { withManagedFields } from '../../apimachinery/managedfields/index.ts';
import type { AnyKind } from '../../apis/kind.ts';
import type { ApiResponse, ObjectList } from '../request.ts';
import type { IncludeObject, Shape } from './types.ts';

const metadataOf = (object: KubeObject): object => ({
  kind: 'PartialObjectMetadata',
  apiVersion: 'meta.k8s.io/v1',
  metadata: object.metadata,
});

/** One row of a table; what is missing reads `<none>`, as printed. */
function rowOf(kind: AnyKind, object: KubeObject, nowMs: number, include: IncludeObject): object {
  const cells = kind.columns.map((column) => {
    const cell = column.cell(object, nowMs);
    return cell === undefined ? '<none>' : cell;
  });
  if (include === 'None') return { cells };
  return { cells, object: include === 'Object' ? object : metadataOf(object) };
}

const definitionsOf = (kind: AnyKind): object[] =>
  kind.columns.map(({ name, type = 'string', format = '', description = '', priority = 0 }, i) => ({
    name,
    type,
    format: i === 0 && format === '' ? 'name' : format,
    description,
    priority,
  }));

/**
 * Objects as a `Table`, which kubectl prints from. Column definitions stand in the first table of a watch only.
 * Kubernetes: pkg/printers, apiserver/pkg/endpoints/handlers/response.go.
 */
export function tableOf(
  kind: AnyKind,
  metadata: object,
  objects: readonly KubeObject[],
  nowMs: number,
  include: IncludeObject,
  withDefinitions = true,
): object {
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    ...(withDefinitions ? { columnDefinitions: definitionsOf(kind) } : { columnDefinitions: null }),
    rows: objects.map((object) => rowOf(kind, object, nowMs, include)),
  };
}

const isList = (body: ApiResponse['body']): body is ObjectList => Array.isArray((body as ObjectList).items);

/** An answer in the shape that the client asked for. What is no object of the kind (a Status, a Scale) stays itself. */
export function shaped(
  kind: AnyKind,
  body: ApiResponse['body'],
  shape: Shape,
  nowMs: number,
  include: IncludeObject,
): unknown {
  const owned = (object: KubeObject): KubeObject => withManagedFields(kind, object);
  if (shape === 'object') {
    if (isList(body)) return { ...body, items: body.items.map(owned) };
    return (body as KubeObject).kind === kind.kind ? owned(body as KubeObject) : body;
  }
  if (isList(body)) {
    if (shape === 'Table') return tableOf(kind, body.metadata, body.items, nowMs, include);
    return {
      kind: 'PartialObjectMetadataList',
      apiVersion: 'meta.k8s.io/v1',
      metadata: body.metadata,
      items: body.items.map((item) => metadataOf(owned(item))),
    };
  }
  const object = body as KubeObject;
  if (object.kind !== kind.kind) return body;
  if (shape === 'PartialObjectMetadata') return metadataOf(owned(object));
  return tableOf(kind, { resourceVersion: object.metadata.resourceVersion }, [object], nowMs, include);
}
