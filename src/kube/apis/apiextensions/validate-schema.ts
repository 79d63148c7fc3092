import {
  equal,
  invalidValue,
  notSupported,
  requiredValue,
  tooLong,
  tooMany,
  type FieldError,
} from '../../apimachinery/index.ts';
import { goRegExp } from '../../apimachinery/regexp.ts';
import { hasFormat, isKnownFormat } from './formats.ts';
import { isFields, propertyOf, valuesOf, type Schema } from './schema.ts';

/** What one part of a schema says of a value; `matches` counts what was right, to find the best of several alternatives. */
interface Result {
  readonly errors: FieldError[];
  matches: number;
}

/** Where the errors of a subtree go that the old object had at the same place: they are forgiven. Undefined: nothing to compare. */
type Old = { readonly value: unknown } | undefined;

/**
 * Everything about a value that its schema forbids. `old` is what it was before: what has not changed is not complained of
 * (ratcheting). `at` stands before the paths of the errors, not in their sentences.
 * Kubernetes: kube-openapi/pkg/validation/validate, apiextensions-apiserver/pkg/apiserver/validation.
 */
export function validateBySchema(value: unknown, schema: Schema, old?: Old, at = ''): FieldError[] {
  const { errors } = check(value, schema, '', old);
  if (at === '') return errors;
  return errors.map((error) =>
    error.path === '<nil>' ? { ...error, path: at } : { ...error, path: `${at}.${error.path}` },
  );
}

function check(value: unknown, schema: Schema, path: string, old: Old): Result {
  const result: Result = { errors: [], matches: 0 };
  const merge = (part: Result): void => {
    result.errors.push(...part.errors);
    result.matches += part.matches + 1;
  };
  const types = schema['x-kubernetes-int-or-string'] ? ['integer', 'string'] : schema.type ? [schema.type] : [];
  const format = schema.format && isKnownFormat(types[0], schema.format) ? schema.format : '';
  if (types.length > 0 || format) merge(checkType(value, types, format, schema, path));
  if (value !== null) {
    merge(checkAlternatives(value, schema, path));
    if (typeof value === 'string') {
      merge(only(checkString(value, schema, path)));
      if (format && !hasFormat(format, value)) merge(only([wrongType(path, format, value)]));
    }
    if (typeof value === 'number') merge(only(checkNumber(value, types, format, schema, path)));
    if (Array.isArray(value)) merge(checkList(value, schema, path, old));
  }
  merge(only(checkEnum(value, schema, path)));
  if (isFields(value)) merge(checkObject(value, schema, path, old));
  if (result.errors.length > 0 && old && equal(value, old.value)) result.errors.length = 0;
  return result;
}

const only = (errors: FieldError[]): Result => ({ errors, matches: errors.length > 0 ? 0 : 1 });
const pathOf = (path: string): string => (path === '' ? '<nil>' : path.replace(/^\./, ''));
/** Go's sentence about a value: `spec.replicas in body should be …`. */
const inBody = (path: string, rest: string): string => `${path} in body ${rest}`;
const invalidIn = (path: string, value: unknown, rest: string): FieldError =>
  invalidValue(pathOf(path), value, inBody(path, rest));

const typeName = (value: unknown): string => {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
};

const wrongType = (path: string, wanted: string, found: string): FieldError => ({
  ...invalidValue(pathOf(path), found, inBody(path, `must be of type ${wanted}: ${JSON.stringify(found)}`)),
  type: 'FieldValueTypeInvalid',
});

function checkType(value: unknown, types: readonly string[], format: string, schema: Schema, path: string): Result {
  if (value === null)
    return only(types.length > 0 && !schema.nullable ? [wrongType(path, types.join(','), 'null')] : []);
  const found = typeName(value);
  const right = types.includes(found) || (found === 'integer' && types.includes('number'));
  const isText = typeof value === 'string' || Array.isArray(value);
  if (!isText && format && !right)
    return only([wrongType(path, format, found === 'number' ? 'float64' : found === 'integer' ? 'int64' : '')]);
  if (!types.includes('number') && !types.includes('integer') && format && isText) return only([]);
  return only(right ? [] : [wrongType(path, types.join(','), found)]);
}

/** Errors of schemas as a whole have no path: a real server prints `<nil>`. */
const whole = (path: string, rest: string): FieldError => invalidValue('<nil>', '', `${JSON.stringify(path)} ${rest}`);

function checkAlternatives(value: unknown, schema: Schema, path: string): Result {
  const result: Result = { errors: [], matches: 1 };
  const { anyOf = [], oneOf = [], allOf = [], not } = schema;
  const tried = (schemas: readonly Schema[]): { valid: number; best: Result | undefined } => {
    let valid = 0;
    let best: Result | undefined;
    for (const each of schemas) {
      const one = check(value, each, path, undefined);
      if (one.errors.length === 0) valid++;
      else if (valid === 0 && (!best || one.matches > best.matches)) best = one;
    }
    return { valid, best: valid === 0 ? best : undefined };
  };
  if (anyOf.length > 0) {
    const { valid, best } = tried(anyOf);
    if (valid === 0)
      result.errors.push(whole(path, 'must validate at least one schema (anyOf)'), ...(best?.errors ?? []));
  }
  if (oneOf.length > 0) {
    const { valid, best } = tried(oneOf);
    const found = valid === 0 ? 'Found none valid' : `Found ${valid} valid alternatives`;
    if (valid !== 1)
      result.errors.push(
        whole(path, `must validate one and only one schema (oneOf). ${found}`),
        ...(best?.errors ?? []),
      );
  }
  if (allOf.length > 0) {
    const results = allOf.map((each) => check(value, each, path, undefined));
    const wrong = results.filter((one) => one.errors.length > 0);
    result.errors.push(...wrong.flatMap((one) => one.errors));
    if (wrong.length > 0)
      result.errors.push(
        whole(path, `must validate all the schemas (allOf)${wrong.length === allOf.length ? '. None validated' : ''}`),
      );
  }
  if (not && check(value, not, path, undefined).errors.length === 0)
    result.errors.push(whole(path, 'must not validate the schema (not)'));
  return result;
}

function checkString(value: string, { maxLength, minLength, pattern }: Schema, path: string): FieldError[] {
  const length = [...value].length;
  if (maxLength !== undefined && length > maxLength) return [tooLong(pathOf(path), maxLength)];
  if (minLength !== undefined && length < minLength)
    return [invalidIn(path, value, `should be at least ${minLength} chars long`)];
  if (pattern && goRegExp(pattern)?.test(value) === false) return [invalidIn(path, value, `should match '${pattern}'`)];
  return [];
}

function checkNumber(
  value: number,
  types: readonly string[],
  format: string,
  schema: Schema,
  path: string,
): FieldError[] {
  const { multipleOf, maximum, minimum, exclusiveMaximum, exclusiveMinimum } = schema;
  const errors: FieldError[] = [];
  if (types.length === 1 && types[0] === 'integer' && format === 'int32' && Math.abs(value + 0.5) > 2 ** 31)
    errors.push(invalidValue('<nil>', '', `Checked value must be of type integer with format int32 in ${path}`));
  if (multipleOf !== undefined && !Number.isInteger(multipleOf < 1 ? (1 / multipleOf) * value : value / multipleOf))
    errors.push(invalidIn(path, value, `should be a multiple of ${multipleOf}`));
  if (minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum))
    errors.push(invalidIn(path, value, `should be greater than ${exclusiveMinimum ? '' : 'or equal to '}${minimum}`));
  if (maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum))
    errors.push(invalidIn(path, value, `should be less than ${exclusiveMaximum ? '' : 'or equal to '}${maximum}`));
  return errors;
}

function checkEnum(value: unknown, { enum: values }: Schema, path: string): FieldError[] {
  if (!values?.length || values.some((each) => equal(each, value))) return [];
  return [
    notSupported(
      pathOf(path),
      value,
      values.map((each) => (typeof each === 'string' ? each : JSON.stringify(each))),
    ),
  ];
}

function checkList(value: readonly unknown[], schema: Schema, path: string, old: Old): Result {
  const { items, minItems, maxItems, uniqueItems } = schema;
  const result: Result = { errors: [], matches: 1 };
  const take = (part: Result): void => {
    result.errors.push(...part.errors);
    result.matches += part.matches;
  };
  const before = oldItems(schema, old);
  if (items) for (const [i, item] of value.entries()) take(check(item, items, `${path}[${i}]`, before?.(item)));
  if (minItems !== undefined && value.length < minItems)
    result.errors.push(invalidIn(path, value.length, `should have at least ${minItems} items`));
  if (maxItems !== undefined && value.length > maxItems)
    result.errors.push(tooMany(pathOf(path), value.length, maxItems));
  if (uniqueItems && value.some((item, i) => value.slice(0, i).some((other) => equal(item, other))))
    result.errors.push(invalidIn(path, '', "shouldn't contain duplicates"));
  return result;
}

/** Items of a list that is a map are the same when their keys are; of other lists none is known again. */
export function oldItems(schema: Schema, old: Old): ((item: unknown) => Old) | undefined {
  const keys = schema['x-kubernetes-list-map-keys'];
  const before = old?.value;
  if (schema['x-kubernetes-list-type'] !== 'map' || !keys?.length || !Array.isArray(before)) return undefined;
  const keyOf = (item: unknown): string | undefined =>
    isFields(item)
      ? JSON.stringify(keys.map((key) => item[key] ?? (schema.items && propertyOf(schema.items, key)?.default) ?? null))
      : undefined;
  const byKey = new Map(before.map((item) => [keyOf(item), item] as const));
  return (item) => {
    const key = keyOf(item);
    return key !== undefined && byKey.has(key) ? { value: byKey.get(key) } : undefined;
  };
}

/** What stood at a field before. */
export const oldField = (old: Old, key: string): Old =>
  old && isFields(old.value) && Object.hasOwn(old.value, key) ? { value: old.value[key] } : undefined;

function checkObject(value: Readonly<Record<string, unknown>>, schema: Schema, path: string, old: Old): Result {
  const { properties = {}, additionalProperties, required = [], maxProperties, minProperties } = schema;
  const result: Result = { errors: [], matches: 1 };
  const take = (part: Result): void => {
    result.errors.push(...part.errors);
    result.matches += part.matches;
  };
  const count = Object.keys(value).length;
  if (minProperties !== undefined && count < minProperties)
    result.errors.push(invalidIn(path, count, `should have at least ${minProperties} properties`));
  if (maxProperties !== undefined && count > maxProperties)
    result.errors.push(tooMany(pathOf(path), count, maxProperties));
  const values = valuesOf(schema);
  for (const [key, inner] of Object.entries(value)) {
    if (propertyOf(schema, key)) continue;
    if (additionalProperties === false)
      result.errors.push(invalidValue(pathOf(path), key, `${path}.${key} in body is a forbidden property`));
    else if (values) take(check(inner, values, `${path}.${key}`, oldField(old, key)));
  }
  for (const [key, property] of Object.entries(properties))
    if (Object.hasOwn(value, key)) take(check(value[key], property, path ? `${path}.${key}` : key, oldField(old, key)));
  for (const key of required)
    if (!Object.hasOwn(value, key)) result.errors.push(requiredValue(pathOf(`${path}.${key}`)));
  return result;
}
