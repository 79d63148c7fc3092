import { Optional, type Environment } from '@marcbachmann/cel-js';
import type { V1ValidationRule } from '../../../generated/types.ts';
import {
  equal,
  invalidValue,
  requiredValue,
  forbiddenValue,
  duplicateValue,
  type FieldError,
} from '../../apimachinery/index.ts';
import { childPath, isFields, propertyOf, valuesOf, type Schema } from '../../apis/apiextensions/schema.ts';
import { oldField, oldItems } from '../../apis/apiextensions/validate-schema.ts';
import { schemasOf } from '../../apis/apiextensions/validate-definition.ts';
import type { CustomResourceDefinition } from '../../apis/index.ts';
import { newEnvironment } from '../cel/environment.ts';
import { checkExpression } from '../cel/issues.ts';
import { declareType } from '../cel/types.ts';
import { schemaValue, type Times } from '../cel/values.ts';

/** What stood at a place before; undefined where nothing can be compared. */
type Old = { readonly value: unknown } | undefined;

/** A rule, ready to run. */
interface Program {
  readonly rule: V1ValidationRule;
  readonly usesOld: boolean;
  run(context: Readonly<Record<string, unknown>>): unknown;
  message?(context: Readonly<Record<string, unknown>>): unknown;
}

/** A pure cache over the schemas of frozen definitions. */
const programs = new WeakMap<Schema, readonly Program[]>();
const rulesOf = (schema: Schema): readonly V1ValidationRule[] => schema['x-kubernetes-validations'] ?? [];

let dynamic: Environment | undefined;
/** Where rules run: what they may name was checked when their definition was made. */
const runtime = (): Environment =>
  (dynamic ??= newEnvironment().registerVariable('self', 'dyn').registerVariable('oldSelf', 'dyn'));

const times: Times = (kind, text) => {
  try {
    return runtime().evaluate(`${kind}(self)`, { self: text }) as unknown;
  } catch {
    return text;
  }
};

const usesOld = (expression: string): boolean =>
  /\boldSelf\b/.test(expression.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, ''));

function programsOf(schema: Schema): readonly Program[] {
  let found = programs.get(schema);
  if (!found) {
    found = rulesOf(schema).map((rule) => {
      const run = runtime().parse(rule.rule);
      const message = rule.messageExpression ? runtime().parse(rule.messageExpression) : undefined;
      return { rule, usesOld: usesOld(rule.rule), run, ...(message && { message }) };
    });
    programs.set(schema, found);
  }
  return found;
}

/** Errors after which no rule can rely on the object. */
const blocking: ReadonlySet<FieldError['type']> = new Set([
  'FieldValueNotSupported',
  'FieldValueRequired',
  'FieldValueTooLong',
  'FieldValueTooMany',
  'FieldValueTypeInvalid',
]);

/**
 * What the rules of a schema (`x-kubernetes-validations`) forbid. `errors` are those found so far: after some of them the rules
 * are not asked. Kubernetes: apiextensions-apiserver/pkg/apiserver/schema/cel/validation.go.
 */
export function validateByRules(
  schema: Schema,
  object: unknown,
  old: unknown,
  errors: readonly FieldError[],
): readonly FieldError[] {
  if (!hasRules(schema)) return [];
  if (errors.some(({ type }) => blocking.has(type)))
    return [
      invalidValue(
        '<nil>',
        null,
        'some validation rules were not checked because the object was invalid; correct the existing errors to complete validation',
      ),
    ];
  const found: FieldError[] = [];
  const before = old === undefined ? undefined : { value: old };
  walk(object, withMetadata(schema), '', before, false, found);
  return found;
}

/** A pure cache: most schemas have no rules, and need no walk. */
const withRules = new WeakMap<Schema, boolean>();

function hasRules(schema: Schema): boolean {
  let has = withRules.get(schema);
  if (has === undefined) {
    const inner = [schema.items, valuesOf(schema), ...Object.values(schema.properties ?? {})];
    has = rulesOf(schema).length > 0 || inner.some((each) => each && hasRules(each));
    withRules.set(schema, has);
  }
  return has;
}

const text: Schema = { type: 'string' };
const rooted = new WeakMap<Schema, Schema>();

/** At the root a rule sees what every object has, beside its fields. */
function withMetadata(schema: Schema): Schema {
  let root = rooted.get(schema);
  if (!root) {
    const metadata: Schema = { type: 'object', properties: { name: text, generateName: text } };
    root = { ...schema, properties: { ...schema.properties, apiVersion: text, kind: text, metadata } };
    rooted.set(schema, root);
  }
  return root;
}

/** `forgiven`: the nearest place around that can be compared has not changed, so that nothing in it is complained of. */
function walk(value: unknown, schema: Schema, path: string, old: Old, forgiven: boolean, found: FieldError[]): void {
  if (value === null || value === undefined) return;
  const unchanged = old === undefined ? forgiven : equal(value, old.value);
  if (rulesOf(schema).length > 0) runRules(value, schema, path, old, unchanged, found);
  if (Array.isArray(value)) {
    const { items } = schema;
    if (!items || !hasRules(items)) return;
    const before = oldItems(schema, old);
    for (const [i, item] of value.entries()) walk(item, items, childPath(path, i), before?.(item), unchanged, found);
    return;
  }
  if (!isFields(value)) return;
  const values = valuesOf(schema);
  for (const [key, inner] of Object.entries(value)) {
    const property = propertyOf(schema, key);
    const at = property ? childPath(path, key) : `${path}[${key}]`;
    const of = property ?? values;
    if (of && hasRules(of)) walk(inner, of, at, oldField(old, key), unchanged, found);
  }
}

function runRules(
  value: unknown,
  schema: Schema,
  path: string,
  old: Old,
  unchanged: boolean,
  found: FieldError[],
): void {
  const self = schemaValue(value, schema, times);
  const before =
    old && old.value !== null && old.value !== undefined ? schemaValue(old.value, schema, times) : undefined;
  for (const program of programsOf(schema)) {
    const { rule } = program;
    const optional = rule.optionalOldSelf === true;
    if (program.usesOld && before === undefined && !optional) continue;
    const oldSelf = optional ? (before === undefined ? Optional.none() : Optional.of(before)) : before;
    const context = { self, oldSelf };
    const at = path || '<nil>';
    let holds: unknown;
    try {
      holds = program.run(context);
    } catch (error) {
      const sentence = `${runtimeSentence(error)} evaluating rule: ${(rule.message || rule.rule).trim()}`;
      found.push(invalidValue(at, schema.type ?? '', sentence));
      continue;
    }
    if (holds === true || (unchanged && !program.usesOld)) continue;
    found.push(refusal(program, context, value, schema, path));
  }
}

const runtimeSentence = (error: unknown): string => {
  const { code = '', summary = '' } = error as { code?: string; summary?: string };
  if (code === 'no_such_key') return `no such key: ${summary.replace(/^No such key: /, '')}`;
  const index = /index out of bounds, index (\d+)/.exec(summary)?.[1];
  return index === undefined ? summary : `index out of bounds: ${index}`;
};

function refusal(
  { rule, message }: Program,
  context: object,
  value: unknown,
  schema: Schema,
  path: string,
): FieldError {
  let detail = rule.message ? rule.message.trim() : `failed rule: ${rule.rule.trim()}`;
  try {
    const told = message?.(context as Readonly<Record<string, unknown>>);
    if (typeof told === 'string' && told.trim() !== '' && !/[\n\r]/.test(told)) detail = told;
  } catch {
    // A message that cannot be made gives way to the plain one.
  }
  const under = rule.fieldPath?.replace(/^\./, '');
  const at = (under ? childPath(path, under) : path) || '<nil>';
  switch (rule.reason) {
    case 'FieldValueForbidden':
      return forbiddenValue(at, detail);
    case 'FieldValueRequired':
      return requiredValue(at, detail);
    case 'FieldValueDuplicate':
      return duplicateValue(at, value);
    default:
      // Of objects and lists the value is not told.
      return schema.type === 'object' || schema.type === 'array'
        ? { type: 'FieldValueInvalid', path: at, message: `Invalid value: ${detail}` }
        : invalidValue(at, value, detail);
  }
}

/** Rules of a definition's schemas that cannot be compiled. */
export const checkRules = ({ spec }: CustomResourceDefinition): FieldError[] =>
  schemasOf(spec).flatMap(([schema, path]) =>
    hasRules(schema) ? compiled(withMetadata(schema), path, undefined) : [],
  );

/** `lost` is the part of the schema above which old and new values can still be told from each other. */
function compiled(schema: Schema, path: string, lost: string | undefined): FieldError[] {
  const errors = rulesOf(schema).flatMap((rule, i) =>
    ruleErrors(schema, rule, `${path}.x-kubernetes-validations[${i}]`, lost),
  );
  for (const [name, property] of Object.entries(schema.properties ?? {})) {
    const inside = schema['x-kubernetes-map-type'] === 'atomic' ? (lost ?? path) : lost;
    errors.push(...compiled(property, `${path}.properties[${name}]`, inside));
  }
  const values = valuesOf(schema);
  if (values) errors.push(...compiled(values, `${path}.additionalProperties`, lost));
  if (schema.items) {
    const inside = schema['x-kubernetes-list-type'] === 'map' ? lost : (lost ?? path);
    errors.push(...compiled(schema.items, `${path}.items`, inside));
  }
  return errors;
}

function ruleErrors(schema: Schema, rule: V1ValidationRule, at: string, lost: string | undefined): FieldError[] {
  if (rule.rule.trim() === '') return [];
  const env = newEnvironment();
  const type = declareType(env, schema, 'selfType');
  env.registerVariable('self', type).registerVariable('oldSelf', rule.optionalOldSelf ? `optional<${type}>` : type);
  const shown = {
    Rule: rule.rule,
    Message: rule.message ?? '',
    MessageExpression: rule.messageExpression ?? '',
    Reason: rule.reason ?? null,
    FieldPath: rule.fieldPath ?? '',
    OptionalOldSelf: rule.optionalOldSelf ?? null,
  };
  const errors: FieldError[] = [];
  const compile = (expression: string, wanted: string, where: string, head: string): void => {
    const { type: given, issue } = checkExpression(env, expression);
    const named =
      wanted === 'bool' ? 'cel expression must evaluate to a bool' : 'messageExpression must evaluate to a string';
    if (issue !== undefined) errors.push(invalidValue(where, shown, `${head}compilation failed: ${issue}`));
    else if (given !== wanted && given !== 'dyn') errors.push(invalidValue(where, shown, named));
  };
  compile(rule.rule, 'bool', `${at}.rule`, '');
  if (rule.messageExpression?.trim())
    compile(rule.messageExpression, 'string', `${at}.messageExpression`, 'messageExpression ');
  if (usesOld(rule.rule) && lost !== undefined)
    errors.push(
      invalidValue(
        `${at}.rule`,
        rule.rule,
        `oldSelf cannot be used on the uncorrelatable portion of the schema within ${lost}`,
      ),
    );
  else if (!usesOld(rule.rule) && rule.optionalOldSelf !== undefined)
    errors.push(
      invalidValue(`${at}.optionalOldSelf`, rule.optionalOldSelf, 'may not be set if oldSelf is not used in rule'),
    );
  return errors;
}
