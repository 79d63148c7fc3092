import type { AnyKind } from '../kind.ts';
import { valuesOf, type Schema } from './schema.ts';

const apiVersion = {
  description:
    'APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources',
  type: 'string',
};
const kindField = {
  description:
    'Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds',
  type: 'string',
};
const metadataText =
  "Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata";

/** `com.example.stable.v1.CronTab`. */
export const customName = ({ group, version, kind }: AnyKind): string =>
  [...group.split('.').reverse(), version, kind].join('.');

/** A schema as it is published: an embedded object has what every object has. */
function published(schema: Schema, metadata: object): object {
  const values = valuesOf(schema);
  const embedded = schema['x-kubernetes-embedded-resource'] ? { apiVersion, kind: kindField, metadata } : {};
  const properties = Object.entries(schema.properties ?? {}).map(([key, inner]) => [key, published(inner, metadata)]);
  return {
    ...schema,
    ...((schema.properties || schema['x-kubernetes-embedded-resource']) && {
      properties: { ...Object.fromEntries(properties), ...embedded },
    }),
    ...(schema.items && { items: published(schema.items, metadata) }),
    ...(values && { additionalProperties: published(values, metadata) }),
  };
}

/**
 * The schemas of a custom kind and of its lists. `metadataRef` is where the schema of metadata stands.
 * Kubernetes: apiextensions-apiserver/pkg/controller/openapi/builder.
 */
export function customSchemas(
  kind: AnyKind,
  metadataRef: string,
  listRef: string,
  refTo: (name: string) => string,
): Record<string, object> {
  const { schema, listKind } = kind.custom!;
  const metadata = { description: metadataText, allOf: [{ $ref: metadataRef }] };
  const own = published(schema, metadata) as { properties?: object };
  const name = customName(kind);
  const group = { group: kind.group, version: kind.version };
  return {
    [name]: {
      ...own,
      type: 'object',
      properties: { ...own.properties, apiVersion, kind: kindField, metadata },
      'x-kubernetes-group-version-kind': [{ ...group, kind: kind.kind }],
    },
    [`${name.slice(0, -kind.kind.length)}${listKind}`]: {
      description: `${listKind} is a list of ${kind.kind}`,
      type: 'object',
      required: ['items'],
      properties: {
        apiVersion,
        items: {
          description: `List of ${kind.resource}. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md`,
          type: 'array',
          items: { $ref: refTo(name) },
        },
        kind: kindField,
        metadata: { description: metadataText.replace('object', 'list'), allOf: [{ $ref: listRef }] },
      },
      'x-kubernetes-group-version-kind': [{ ...group, kind: listKind }],
    },
  };
}
