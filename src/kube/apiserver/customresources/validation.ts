import { invalidValue, requiredValue, type FieldError, type KubeObject } from '../../apimachinery/index.ts';
import type { CustomKind } from '../../apis/apiextensions/customkind.ts';
import { validateListTypes } from '../../apis/apiextensions/list-types.ts';
import { childPath, isFields, metaFields, propertyOf, valuesOf, type Schema } from '../../apis/apiextensions/schema.ts';
import { validateBySchema } from '../../apis/apiextensions/validate-schema.ts';
import { definitionsKey } from '../../apis/apiextensions/customresourcedefinition.ts';
import type { CustomResourceDefinition } from '../../apis/index.ts';
import type { AnyKind } from '../../apis/kind.ts';
import { checkRules, validateByRules } from './rules.ts';

/** What the kind itself says of a new object; for a definition, also what is wrong with its rules. */
export function validateNew(kind: AnyKind, object: KubeObject): readonly FieldError[] {
  if (kind.custom) return validateCustom(kind.custom, object);
  const errors = kind.validate(object);
  return kind.key === definitionsKey && errors.length === 0
    ? checkRules(object as unknown as CustomResourceDefinition)
    : errors;
}

/**
 * Everything that is wrong with a custom object by its definition; `old` is what it was before an update, whose unchanged parts
 * are not complained of. `part` is `status` for an update of that alone.
 * Kubernetes: apiextensions-apiserver/pkg/registry/customresource/{strategy,status_strategy,validator}.go.
 */
export function validateCustom(
  custom: CustomKind,
  object: KubeObject,
  old?: KubeObject,
  part?: 'status',
): readonly FieldError[] {
  const { schema } = custom;
  const errors =
    part === undefined ? validateBySchema(object, schema, old && { value: old }) : validateStatus(schema, object, old!);
  if (part === undefined) errors.push(...replicasErrors(object, custom.scale?.spec));
  errors.push(...replicasErrors(object, custom.scale?.status), ...selectorErrors(object, custom.scale?.selector));
  if (part === undefined) errors.push(...embeddedErrors(object, schema, '', true));
  const twice = validateListTypes(object, schema);
  if (twice.length > 0 && (!old || validateListTypes(old, schema).length === 0)) errors.push(...twice);
  return [...errors, ...validateByRules(schema, object, old, errors)];
}

/** Finalizers of custom objects may have any name; a new one that others might take for theirs is warned of. */
export function finalizerWarnings({ metadata }: KubeObject, old?: KubeObject): string[] {
  const before = old?.metadata.finalizers ?? [];
  const fresh = (metadata.finalizers ?? []).filter((name) => !before.includes(name) && !name.includes('/'));
  return fresh
    .filter((name) => !['orphan', 'foregroundDeletion', 'kubernetes'].includes(name))
    .sort()
    .map((name) => {
      const better = name.includes('.') ? 'including a path (/) ' : '';
      return `metadata.finalizers: ${JSON.stringify(name)}: prefer a domain-qualified finalizer name ${better}to avoid accidental conflicts with other finalizer writers`;
    });
}

function validateStatus(schema: Schema, object: KubeObject, old: KubeObject): FieldError[] {
  const property = propertyOf(schema, 'status');
  if (!property || !Object.hasOwn(object, 'status')) return [];
  const before = Object.hasOwn(old, 'status') ? { value: old['status'] } : undefined;
  return validateBySchema(object['status'], property, before, 'status');
}

/** The value at `.spec.replicas`; undefined where there is none. */
export function valueAt(object: unknown, path: string): unknown {
  let value = object;
  for (const step of path.replace(/^\./, '').split('.')) {
    if (!isFields(value) || !Object.hasOwn(value, step)) return undefined;
    value = value[step];
  }
  return value;
}

const mostReplicas = 2 ** 31 - 1;

function replicasErrors(object: KubeObject, path: string | undefined): FieldError[] {
  const value = path === undefined ? undefined : valueAt(object, path);
  if (path === undefined || value === undefined) return [];
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    const type = typeof value === 'number' ? 'float64' : typeof value;
    return [
      invalidValue(path, 0, `${path} accessor error: ${JSON.stringify(value)} is of the type ${type}, expected int64`),
    ];
  }
  if (value < 0) return [invalidValue(path, value, 'should be a non-negative integer')];
  return value > mostReplicas ? [invalidValue(path, value, `should be less than or equal to ${mostReplicas}`)] : [];
}

function selectorErrors(object: KubeObject, path: string | undefined): FieldError[] {
  const value = path === undefined ? undefined : valueAt(object, path);
  if (value === undefined || typeof value === 'string') return [];
  const shown = JSON.stringify(value);
  return [invalidValue(path!, '', `${path} accessor error: ${shown} is of the type ${typeof value}, expected string`)];
}

/** Objects inside an object must say what they are. Kubernetes: apiserver/schema/objectmeta/validation.go. */
function embeddedErrors(value: unknown, schema: Schema, path: string, isRoot = false): FieldError[] {
  if (Array.isArray(value))
    return schema.items ? value.flatMap((item, i) => embeddedErrors(item, schema.items!, childPath(path, i))) : [];
  if (!isFields(value)) return [];
  const embedded = schema['x-kubernetes-embedded-resource'] === true && !isRoot;
  const errors: FieldError[] = [];
  if (embedded)
    for (const field of ['apiVersion', 'kind'])
      if (!value[field]) errors.push(requiredValue(childPath(path, field), 'must not be empty'));
  const values = valuesOf(schema);
  for (const [key, inner] of Object.entries(value)) {
    if ((embedded || isRoot) && metaFields.has(key)) continue;
    const property = propertyOf(schema, key) ?? values;
    if (property) errors.push(...embeddedErrors(inner, property, childPath(path, key)));
  }
  return errors;
}
