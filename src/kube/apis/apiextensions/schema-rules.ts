import {
  equal,
  forbiddenValue,
  invalidValue,
  notSupported,
  requiredValue,
  type FieldError,
} from '../../apimachinery/index.ts';
import { metaFields, propertyOf, pruned, valuesOf, type Schema } from './schema.ts';
import { validateBySchema } from './validate-schema.ts';

const types = ['array', 'boolean', 'integer', 'number', 'object', 'string'];

/** What the walk knows of where it stands. */
interface Place {
  /** Why no defaults may be given here. */
  readonly noDefaults?: string;
  /** Within the metadata of an object. */
  readonly inMetadata?: true;
}

/**
 * What no schema of a definition may say, structural or not.
 * Kubernetes: apiextensions-apiserver/pkg/apis/apiextensions/validation ValidateCustomResourceDefinitionOpenAPISchema.
 */
export function validateSchemaRules(s: Schema, path: string, isRoot = true, place: Place = {}): FieldError[] {
  const errors = [...unsupported(s, path, place)];
  if (s.uniqueItems)
    errors.push(
      forbiddenValue(
        `${path}.uniqueItems`,
        'uniqueItems cannot be set to true since the runtime complexity becomes quadratic',
      ),
    );
  const values = valuesOf(s);
  if (
    s.additionalProperties !== undefined &&
    s.additionalProperties !== true &&
    Object.keys(s.properties ?? {}).length > 0
  )
    errors.push(
      forbiddenValue(`${path}.additionalProperties`, 'additionalProperties and properties are mutual exclusive'),
    );
  if (values) {
    const inside = place.inMetadata
      ? { ...place, noDefaults: 'inside additionalProperties applying to object metadata' }
      : place;
    errors.push(...validateSchemaRules(values, `${path}.additionalProperties`, false, inside));
  }
  for (const [name, property] of Object.entries(s.properties ?? {})) {
    const isMeta = (isRoot || s['x-kubernetes-embedded-resource'] === true) && metaFields.has(name);
    const inside: Place = isMeta
      ? { ...place, inMetadata: true, ...(isRoot && { noDefaults: `in top-level ${name}` }) }
      : place;
    errors.push(...validateSchemaRules(property, `${path}.properties[${name}]`, false, inside));
  }
  if (s.not) errors.push(...validateSchemaRules(s.not, `${path}.not`, false, place));
  for (const name of ['allOf', 'oneOf', 'anyOf'] as const)
    for (const [i, each] of (s[name] ?? []).entries())
      errors.push(...validateSchemaRules(each, `${path}.${name}[${i}]`, false, place));
  if (s.items && !Array.isArray(s.items)) errors.push(...validateSchemaRules(s.items, `${path}.items`, false, place));
  errors.push(...mapRules(s, path), ...listRules(s, path), ...keyRules(s, path), ...ruleTexts(s, path));
  return errors;
}

function unsupported(s: Schema, path: string, { noDefaults, inMetadata }: Place): FieldError[] {
  const errors: FieldError[] = [];
  const given = s as Readonly<Record<string, unknown>>;
  if (s.type && !types.includes(s.type)) errors.push(notSupported(`${path}.type`, s.type, types));
  if (s.default !== undefined && noDefaults !== undefined)
    errors.push(forbiddenValue(`${path}.default`, `must not be set ${noDefaults}`));
  for (const name of ['id', 'additionalItems', 'patternProperties', 'definitions', 'dependencies', '$ref'])
    if (given[name] !== undefined) errors.push(forbiddenValue(`${path}.${name}`, `${name} is not supported`));
  if (s.type === 'null')
    errors.push(forbiddenValue(`${path}.type`, 'type cannot be set to null, use nullable as an alternative'));
  if (Array.isArray(s.items))
    errors.push(forbiddenValue(`${path}.items`, 'items must be a schema object and not an array'));
  if (inMetadata && s['x-kubernetes-embedded-resource'])
    errors.push(forbiddenValue(`${path}.x-kubernetes-embedded-resource`, 'must not be used inside of resource meta'));
  return errors;
}

/** A type that another field of the schema asks for. */
const typeFor = (s: Schema, path: string, type: string, why: string): FieldError[] => {
  if (s.type === type) return [];
  const sentence = `must be ${type} if ${why} is specified`;
  return [s.type ? invalidValue(`${path}.type`, s.type, sentence) : requiredValue(`${path}.type`, sentence)];
};

function mapRules(s: Schema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (s['x-kubernetes-preserve-unknown-fields'] === false)
    errors.push(invalidValue(`${path}.x-kubernetes-preserve-unknown-fields`, false, 'must be true or undefined'));
  const type = s['x-kubernetes-map-type'];
  if (type === undefined) return errors;
  errors.push(...typeFor(s, path, 'object', 'x-kubernetes-map-type'));
  if (type !== 'atomic' && type !== 'granular')
    errors.push(notSupported(`${path}.x-kubernetes-map-type`, type, ['atomic', 'granular']));
  return errors;
}

function listRules(s: Schema, path: string): FieldError[] {
  const type = s['x-kubernetes-list-type'];
  const keys = s['x-kubernetes-list-map-keys'] ?? [];
  const errors: FieldError[] = [];
  if (type !== undefined && s.type !== 'array') errors.push(...typeFor(s, path, 'array', 'x-kubernetes-list-type'));
  else if (type === 'set' && s.items) {
    const { items } = s;
    const sentence = 'must be atomic as item of a list with x-kubernetes-list-type=set';
    const list = items['x-kubernetes-list-type'];
    if (items.type === 'array' && list !== undefined && list !== 'atomic')
      errors.push(invalidValue(`${path}.items.x-kubernetes-list-type`, list, sentence));
    if (items.type === 'object' && items['x-kubernetes-map-type'] !== 'atomic')
      errors.push(invalidValue(`${path}.items.x-kubernetes-map-type`, list ?? null, sentence));
  }
  if (type !== undefined && !['atomic', 'set', 'map'].includes(type))
    errors.push(notSupported(`${path}.x-kubernetes-list-type`, type, ['atomic', 'set', 'map']));
  if (keys.length > 0 && type !== 'map') {
    const sentence = 'must be map if x-kubernetes-list-map-keys is non-empty';
    const at = `${path}.x-kubernetes-list-type`;
    errors.push(type === undefined ? requiredValue(at, sentence) : invalidValue(at, type, sentence));
  }
  return errors;
}

/** The keys of a list that is a map, and what a set or map may hold. */
function keyRules(s: Schema, path: string): FieldError[] {
  const type = s['x-kubernetes-list-type'];
  const keys = s['x-kubernetes-list-map-keys'] ?? [];
  const { items } = s;
  const errors: FieldError[] = [];
  const at = `${path}.x-kubernetes-list-map-keys`;
  if (type === 'map') {
    if (keys.length === 0) errors.push(requiredValue(at, 'must not be empty if x-kubernetes-list-type is map'));
    if (!items) errors.push(requiredValue(`${path}.items`, 'must have a schema if x-kubernetes-list-type is map'));
    else if (items.type !== 'object') {
      const sentence = "must be object if parent array's x-kubernetes-list-type is map";
      errors.push(invalidValue(`${path}.items.type`, items.type ?? '', sentence));
    } else {
      for (const [i, key] of keys.entries()) {
        const property = propertyOf(items, key);
        if (!property) errors.push(invalidValue(at, keys, 'entries must all be names of item properties'));
        else if (property.type === 'array' || property.type === 'object')
          errors.push(
            invalidValue(
              `${path}.items.properties[${key}].type`,
              items.type,
              "must be a scalar type if parent array's x-kubernetes-list-type is map",
            ),
          );
        if (keys.indexOf(key) < i) errors.push(invalidValue(at, keys, 'must not contain duplicate entries'));
      }
    }
  }
  if (!items || (type !== 'set' && type !== 'map')) return errors;
  if (items.nullable)
    errors.push(forbiddenValue(`${path}.items.nullable`, `cannot be nullable when x-kubernetes-list-type is ${type}`));
  for (const key of type === 'map' ? keys : []) {
    const property = propertyOf(items, key);
    const where = `${path}.items.properties[${key}]`;
    const head = 'this property is in x-kubernetes-list-map-keys, so it';
    if (property && !items.required?.includes(key) && property.default === undefined)
      errors.push(requiredValue(`${where}.default`, `${head} must have a default or be a required property`));
    if (property?.nullable) errors.push(forbiddenValue(`${where}.nullable`, `${head} cannot be nullable`));
  }
  return errors;
}

const reasons = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired'];

/** The texts of validation rules, before anybody compiles them. */
function ruleTexts(s: Schema, path: string): FieldError[] {
  const hasBreaks = (text: string): boolean => /[\n\r]/.test(text);
  return (s['x-kubernetes-validations'] ?? []).flatMap(
    ({ rule, message = '', messageExpression = '', reason, fieldPath = '' }, i) => {
      const at = `${path}.x-kubernetes-validations[${i}]`;
      const errors: FieldError[] = [];
      if (rule.trim() === '') errors.push(requiredValue(`${at}.rule`, 'rule is not specified'));
      else if (message && message.trim() === '')
        errors.push(invalidValue(`${at}.message`, message, 'must be non-empty if specified'));
      else if (hasBreaks(message.trim()))
        errors.push(invalidValue(`${at}.message`, message, 'must not contain line breaks'));
      else if (hasBreaks(rule.trim()) && message.trim() === '')
        errors.push(requiredValue(`${at}.message`, 'message must be specified if rule contains line breaks'));
      if (messageExpression && messageExpression.trim() === '')
        errors.push(requiredValue(`${at}.messageExpression`, 'messageExpression must be non-empty if specified'));
      if (reason !== undefined && !reasons.includes(reason)) errors.push(notSupported(`${at}.reason`, reason, reasons));
      if (fieldPath && fieldPath.trim() === '')
        errors.push(invalidValue(`${at}.fieldPath`, fieldPath, 'must be non-empty if specified'));
      if (hasBreaks(fieldPath)) errors.push(invalidValue(`${at}.fieldPath`, fieldPath, 'must not contain line breaks'));
      return errors;
    },
  );
}

/**
 * Defaults that their own schema would prune or refuse. Kubernetes: apiserver/schema/defaulting/validation.go.
 */
export function validateDefaults(s: Schema, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (s.default !== undefined) {
    const at = `${path}.default`;
    const unknown: string[] = [];
    const holder = { type: 'object', properties: { default: s } };
    const kept = pruned({ default: s.default }, holder, unknown) as { default: unknown };
    if (!equal(kept.default, s.default)) errors.push(invalidValue(at, s.default, 'must not have unknown fields'));
    errors.push(...validateBySchema(s.default, s, undefined, at));
  }
  if (s.items) errors.push(...validateDefaults(s.items, `${path}.items`));
  for (const [name, property] of Object.entries(s.properties ?? {}))
    errors.push(...validateDefaults(property, `${path}.properties[${name}]`));
  return errors;
}
