import type { V1CustomResourceColumnDefinition } from '../../../generated/types.ts';
import { age } from '../../apimachinery/duration.ts';
import { evaluate, printValue } from '../../apimachinery/jsonpath.ts';
import { millisOf } from '../../apimachinery/meta.ts';
import { nameColumn } from '../cells.ts';
import type { Column } from '../kind.ts';

/** Columns of a definition that gives none. */
const ageAlone: readonly V1CustomResourceColumnDefinition[] = [
  {
    name: 'Age',
    type: 'date',
    description:
      'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata',
    jsonPath: '.metadata.creationTimestamp',
  },
];

/** A cell of a declared column; null, which prints as nothing, where there is no value of its type. */
function cellOf(type: string, value: unknown, nowMs: number): string | number | boolean | null {
  if (value === undefined || value === null) return type === 'string' && value === null ? '<nil>' : null;
  switch (type) {
    case 'string':
      return printValue(value);
    case 'integer':
      return typeof value === 'number' ? Math.trunc(value) : null;
    case 'number':
      return typeof value === 'number' ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'date':
      if (typeof value !== 'string') return null;
      return Number.isNaN(millisOf(value)) ? '<invalid>' : (age(value, nowMs) ?? '<unknown>');
    default:
      return null;
  }
}

/**
 * The columns of a custom kind: its name, then what `additionalPrinterColumns` declare, or its age.
 * Kubernetes: apiextensions-apiserver/pkg/registry/customresource/tableconvertor.
 */
export function customColumns(
  declared: readonly V1CustomResourceColumnDefinition[] | undefined,
): readonly Column<unknown>[] {
  const columns = (declared?.length ? declared : ageAlone).map(
    ({ name, type, format, priority, description, jsonPath }): Column<unknown> => ({
      name,
      type: type as Column<unknown>['type'] & string,
      ...(format && { format }),
      ...(priority && { priority }),
      description: description || `Custom resource definition column (in JSONPath format): ${jsonPath}`,
      cell: (object, nowMs) => cellOf(type, evaluate(jsonPath, object)[0], nowMs),
    }),
  );
  return [nameColumn as Column<unknown>, ...columns];
}
