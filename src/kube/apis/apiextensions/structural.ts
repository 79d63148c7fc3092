import { forbiddenValue, invalidValue, requiredValue, type FieldError } from '../../apimachinery/index.ts';
import { goRegExp } from '../../apimachinery/regexp.ts';
import { equal } from '../../apimachinery/index.ts';
import { propertyOf, valuesOf, type Schema } from './schema.ts';

/** Where a schema stands: at the root, as the items of a list, or as a field. */
type Level = 'root' | 'item' | 'field';

const keyed = (path: string, name: string): string => `${path}.properties[${name}]`;

/**
 * What keeps a schema from being structural: every field must have a type outside of `allOf`, `anyOf`, `oneOf` and `not`, so
 * that what to prune is plain. Sorted, as a real server tells them.
 * Kubernetes: apiextensions-apiserver/pkg/apiserver/schema/validation.go ValidateStructural.
 */
export function validateStructural(schema: Schema, path: string): FieldError[] {
  const errors = [...invariants(schema, 'root', path), ...completeness(schema, schema, path, path)];
  const textOf = (error: FieldError): string => `${error.path}: ${error.message}`;
  return errors.sort((a, b) => (textOf(a) < textOf(b) ? -1 : 1));
}

const noType: Readonly<Record<Level, string>> = {
  root: 'must not be empty at the root',
  item: 'must not be empty for specified array items',
  field: 'must not be empty for specified object fields',
};

function invariants(s: Schema, level: Level, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (s.type === 'array' && !s.items) errors.push(requiredValue(`${path}.items`, 'must be specified'));
  if (s.items) errors.push(...invariants(s.items, 'item', `${path}.items`));
  for (const [name, property] of Object.entries(s.properties ?? {}))
    errors.push(...invariants(property, 'field', keyed(path, name)));
  if (s.additionalProperties !== undefined) {
    if (level === 'root') errors.push(forbiddenValue(`${path}.additionalProperties`, 'must not be used at the root'));
    const values = valuesOf(s);
    if (values) errors.push(...invariants(values, 'field', `${path}.additionalProperties`));
  }
  errors.push(...extensions(s, path), ...alternatives(s, intOrString(s.anyOf), intOrString(s.allOf?.[0]?.anyOf), path));
  errors.push(...typeErrors(s, level, path), ...metadataErrors(s, level, path));
  return errors;
}

/** The one alternative of types that is allowed, with `x-kubernetes-int-or-string`. */
const intOrString = (anyOf: readonly Schema[] | undefined): boolean =>
  anyOf?.length === 2 && equal(anyOf, [{ type: 'integer' }, { type: 'string' }]);

function extensions(s: Schema, path: string): FieldError[] {
  if (!s['x-kubernetes-int-or-string']) return [];
  const sentence = 'must be false if x-kubernetes-int-or-string is true';
  return (['x-kubernetes-preserve-unknown-fields', 'x-kubernetes-embedded-resource'] as const).flatMap((name) =>
    s[name] ? [invalidValue(`${path}.${name}`, true, sentence)] : [],
  );
}

function typeErrors(s: Schema, level: Level, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const at = `${path}.type`;
  const embedded = s['x-kubernetes-embedded-resource'] === true;
  if (embedded && s.type !== 'object') {
    const sentence = 'must be object if x-kubernetes-embedded-resource is true';
    errors.push(s.type ? invalidValue(at, s.type, sentence) : requiredValue(at, sentence));
  } else if (!s.type && !s['x-kubernetes-int-or-string'] && !s['x-kubernetes-preserve-unknown-fields'])
    errors.push(requiredValue(at, noType[level]));
  if (embedded && s.additionalProperties !== undefined)
    errors.push(
      forbiddenValue(`${path}.additionalProperties`, 'must not be used if x-kubernetes-embedded-resource is set'),
    );
  if (level === 'root' && s.type && s.type !== 'object')
    errors.push(invalidValue(at, s.type, 'must be object at the root'));
  if (embedded && !s['x-kubernetes-preserve-unknown-fields'] && Object.keys(s.properties ?? {}).length === 0)
    errors.push(
      requiredValue(
        `${path}.properties`,
        'must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields',
      ),
    );
  return errors;
}

/** Of the metadata of objects a schema may only say how they are called. */
function metadataErrors(s: Schema, level: Level, path: string): FieldError[] {
  const checked = level === 'root' || s['x-kubernetes-embedded-resource'] === true;
  const errors: FieldError[] = [];
  for (const name of ['kind', 'apiVersion']) {
    const property = propertyOf(s, name);
    if (checked && property && property.type !== 'string')
      errors.push(invalidValue(`${keyed(path, name)}.type`, property.type ?? '', 'must be string'));
  }
  const metadata = propertyOf(s, 'metadata');
  if (!metadata) return errors;
  const at = keyed(path, 'metadata');
  if (checked && metadata.type !== 'object')
    errors.push(invalidValue(`${at}.type`, metadata.type ?? '', 'must be object'));
  if (level !== 'root') return errors;
  const { type: _type, default: _default, properties = {}, ...rest } = metadata;
  const others = Object.keys(properties).filter((name) => name !== 'name' && name !== 'generateName');
  if (others.length > 0 || Object.keys(rest).length > 0)
    errors.push(
      forbiddenValue(
        at,
        'must not specify anything other than name and generateName, but metadata is implicitly specified',
      ),
    );
  return errors;
}

function alternatives(s: Schema, skipAnyOf: boolean, skipFirst: boolean, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (!skipAnyOf)
    for (const [i, each] of (s.anyOf ?? []).entries()) errors.push(...nested(each, `${path}.anyOf[${i}]`));
  for (const [i, each] of (s.allOf ?? []).entries())
    errors.push(...nested(each, `${path}.allOf[${i}]`, skipFirst && i === 0));
  for (const [i, each] of (s.oneOf ?? []).entries()) errors.push(...nested(each, `${path}.oneOf[${i}]`));
  if (s.not) errors.push(...nested(s.not, `${path}.not`));
  if (s.pattern && !goRegExp(s.pattern))
    errors.push(
      invalidValue(
        `${path}.pattern`,
        s.pattern,
        `must be a valid regular expression, but isn't: error parsing regexp: invalid pattern: \`${s.pattern}\``,
      ),
    );
  return errors;
}

/** Fields that belong to the structure and mean nothing in an alternative, with what is said of each. */
const structuralOnly: readonly (readonly [keyof Schema, string])[] = [
  ['type', 'must be empty to be structural'],
  ['additionalProperties', 'must be undefined to be structural'],
  ['default', 'must be undefined to be structural'],
  ['title', 'must be empty to be structural'],
  ['description', 'must be empty to be structural'],
  ['nullable', 'must be false to be structural'],
  ['x-kubernetes-preserve-unknown-fields', 'must be false to be structural'],
  ['x-kubernetes-embedded-resource', 'must be false to be structural'],
  ['x-kubernetes-int-or-string', 'must be false to be structural'],
  ['x-kubernetes-list-map-keys', 'must be empty to be structural'],
  ['x-kubernetes-list-type', 'must be undefined to be structural'],
  ['x-kubernetes-map-type', 'must be undefined to be structural'],
  ['x-kubernetes-validations', 'must be empty to be structural'],
];

function nested(s: Schema, path: string, skipAnyOf = false): FieldError[] {
  const errors = alternatives(s, skipAnyOf, false, path);
  if (s.items) errors.push(...nested(s.items, `${path}.items`));
  for (const [name, property] of Object.entries(s.properties ?? {}))
    errors.push(...nested(property, keyed(path, name)));
  for (const [name, sentence] of structuralOnly) {
    const value = s[name];
    if (value === undefined || value === false || value === '') continue;
    errors.push(forbiddenValue(`${path}.${name}`, sentence));
  }
  if (propertyOf(s, 'metadata'))
    errors.push(forbiddenValue(keyed(path, 'metadata'), 'must not be specified in a nested context'));
  return errors;
}

/** Alternatives may speak only of fields that the structure has. */
function completeness(v: Schema, s: Schema | undefined, at: string, from: string): FieldError[] {
  const lists = (['allOf', 'anyOf', 'oneOf'] as const).flatMap((name) =>
    (v[name] ?? []).map((each, i) => [each, `${from}.${name}[${i}]`] as const),
  );
  const all = v.not ? [[v.not, `${from}.not`] as const, ...lists] : lists;
  return all.flatMap(([each, path]) => nestedCompleteness(each, s, at, path));
}

function nestedCompleteness(v: Schema, s: Schema | undefined, at: string, from: string): FieldError[] {
  if (!s) return [requiredValue(at, `because it is defined in ${from}`)];
  const errors = completeness(v, s, at, from);
  if (v.items) errors.push(...nestedCompleteness(v.items, s.items, `${at}.items`, `${from}.items`));
  for (const [name, property] of Object.entries(v.properties ?? {}))
    errors.push(...nestedCompleteness(property, propertyOf(s, name), keyed(at, name), keyed(from, name)));
  return errors;
}
