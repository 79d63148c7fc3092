import type {
  V1CustomResourceColumnDefinition,
  V1CustomResourceDefinition,
  V1CustomResourceDefinitionNames,
  V1CustomResourceDefinitionSpec,
  V1CustomResourceDefinitionVersion,
  V1CustomResourceSubresources,
  V1SelectableField,
} from '../../../generated/types.ts';
import {
  duplicateValue,
  equal,
  forbiddenValue,
  invalidValue,
  isDns1035Label,
  isDns1123Subdomain,
  notSupported,
  requiredValue,
  tooMany,
  type FieldError,
} from '../../apimachinery/index.ts';
import { isKnownFormat } from './formats.ts';
import { propertyOf, valuesOf, type Schema } from './schema.ts';
import { validateDefaults, validateSchemaRules } from './schema-rules.ts';
import { validateStructural } from './structural.ts';

type Definition = V1CustomResourceDefinition;
type Spec = V1CustomResourceDefinitionSpec;
type Version = V1CustomResourceDefinitionVersion;

/** Everything wrong with a new definition. Kubernetes: apiextensions-apiserver/pkg/apis/apiextensions/validation. */
export function validateDefinition(definition: Definition): FieldError[] {
  const { metadata, spec, status } = definition;
  const errors: FieldError[] = [];
  if (metadata.name && metadata.name !== `${spec.names.plural}.${spec.group}`)
    errors.push(invalidValue('metadata.name', metadata.name, 'must be spec.names.plural+"."+spec.group'));
  errors.push(...specErrors(spec), ...storedErrors(status?.storedVersions ?? [], spec.versions));
  errors.push(...approvalErrors(definition));
  if (spec.preserveUnknownFields)
    errors.push(
      invalidValue(
        'spec.preserveUnknownFields',
        true,
        'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead',
      ),
    );
  return errors;
}

const immutable = 'field is immutable';

/** What may not change: names under which objects lie in the store. */
export function validateDefinitionUpdate(next: Definition, old: Definition): FieldError[] {
  const established = old.status?.conditions?.some(({ type, status }) => type === 'Established' && status === 'True');
  const errors: FieldError[] = [];
  const keep = (path: string, value: string, before: string): void => {
    if (value !== before) errors.push(invalidValue(path, value, immutable));
  };
  if (established) {
    keep('spec.scope', next.spec.scope, old.spec.scope);
    keep('spec.names.kind', next.spec.names.kind, old.spec.names.kind);
  }
  keep('spec.group', next.spec.group, old.spec.group);
  keep('spec.names.plural', next.spec.names.plural, old.spec.names.plural);
  return errors;
}

/** Formats that mean nothing: they are ignored. */
export function formatWarnings({ spec }: Definition): string[] {
  const found: string[] = [];
  const walk = (s: Schema): void => {
    if (s.format && !isKnownFormat(s.type, s.format)) found.push(`unrecognized format ${JSON.stringify(s.format)}`);
    const inner = [s.items, s.not, valuesOf(s), ...(s.allOf ?? []), ...(s.anyOf ?? []), ...(s.oneOf ?? [])];
    for (const each of [...inner, ...Object.values(s.properties ?? {})]) if (each) walk(each);
  };
  for (const { schema } of spec.versions) if (schema?.openAPIV3Schema) walk(schema.openAPIV3Schema as Schema);
  return found;
}

/** What all versions have alike is held, and complained of, as one thing. Kubernetes: the internal form of a definition. */
const same = <T>(versions: readonly Version[], of: (version: Version) => T | undefined): T | undefined => {
  const [first, ...others] = versions.map(of);
  return first !== undefined && others.every((other) => equal(other, first)) ? first : undefined;
};

/** The schemas of a definition with the paths under which they are complained of. */
export function schemasOf({ versions }: Spec): readonly (readonly [schema: Schema, path: string])[] {
  const one = same(versions, (version) => version.schema);
  if (one) return [[one.openAPIV3Schema as Schema, 'spec.validation.openAPIV3Schema']];
  return versions.flatMap(({ schema }, i) =>
    schema?.openAPIV3Schema
      ? [[schema.openAPIV3Schema as Schema, `spec.versions[${i}].schema.openAPIV3Schema`] as const]
      : [],
  );
}

function specErrors(spec: Spec): FieldError[] {
  const errors: FieldError[] = [];
  const { group, scope, names, versions, conversion } = spec;
  if (!group) errors.push(requiredValue('spec.group'));
  else if (isDns1123Subdomain(group).length > 0)
    errors.push(invalidValue('spec.group', group, isDns1123Subdomain(group).join(',')));
  else if (!group.includes('.'))
    errors.push(invalidValue('spec.group', group, 'should be a domain with at least one dot'));
  if (!scope) errors.push(requiredValue('spec.scope'));
  else if (scope !== 'Cluster' && scope !== 'Namespaced')
    errors.push(notSupported('spec.scope', scope, ['Cluster', 'Namespaced']));
  const schema = same(versions, (version) => version.schema);
  const subresources = same(versions, (version) => version.subresources);
  const columns = same(versions, (version) => version.additionalPrinterColumns);
  const selectable = same(versions, (version) => version.selectableFields);
  for (const [i, version] of versions.entries())
    if (!version.schema?.openAPIV3Schema) errors.push(requiredValue(`spec.versions[${i}].schema.openAPIV3Schema`));
  for (const [i, version] of versions.entries()) {
    const at = `spec.versions[${i}]`;
    const wrong = isDns1035Label(version.name);
    if (wrong.length > 0) errors.push(invalidValue(`${at}.name`, version.name, wrong.join(',')));
    errors.push(...deprecationErrors(version, `${at}.deprecationWarning`));
    if (!schema)
      errors.push(...schemaErrors(version.schema?.openAPIV3Schema as Schema, `${at}.schema.openAPIV3Schema`));
    if (!subresources) errors.push(...subresourceErrors(version.subresources, `${at}.subresources`));
    if (!columns) errors.push(...columnErrors(version.additionalPrinterColumns, `${at}.additionalPrinterColumns`));
    if (!selectable) errors.push(...selectableErrors(version, version.selectableFields, `${at}.selectableFields`));
  }
  if (new Set(versions.map(({ name }) => name)).size < versions.length)
    errors.push(versionsError(versions, 'must contain unique version names'));
  if (versions.filter(({ storage }) => storage).length !== 1)
    errors.push(versionsError(versions, 'must have exactly one version marked as storage version'));
  for (const field of ['plural', 'singular', 'kind', 'listKind'] as const)
    if (!names[field]) errors.push(requiredValue(`spec.names.${field}`));
  errors.push(...nameErrors(names, 'spec.names'));
  if (schema) errors.push(...schemaErrors(schema.openAPIV3Schema as Schema, 'spec.validation.openAPIV3Schema'));
  errors.push(...subresourceErrors(subresources, 'spec.subresources'));
  errors.push(...columnErrors(columns, 'spec.additionalPrinterColumns'));
  if (selectable) errors.push(...selectableErrors(versions[0]!, selectable, 'spec.selectableFields'));
  errors.push(...conversionErrors(conversion));
  return errors;
}

/** Shown in the internal form, under the names of Go. */
const versionsError = (versions: readonly Version[], sentence: string): FieldError =>
  invalidValue(
    'spec.versions',
    versions.map(({ name, served, storage, deprecated = false }) => ({
      Name: name,
      Served: served,
      Storage: storage,
      Deprecated: deprecated,
      DeprecationWarning: null,
      Schema: null,
      Subresources: null,
      AdditionalPrinterColumns: null,
      SelectableFields: null,
    })),
    sentence,
  );

function deprecationErrors({ deprecated, deprecationWarning: warning }: Version, at: string): FieldError[] {
  if (warning === undefined) return [];
  if (!deprecated) return [invalidValue(at, warning, 'can only be set for deprecated versions')];
  if (warning === '') return [invalidValue(at, warning, 'must not be an empty string')];
  return warning.length > 256 ? [invalidValue(at, warning, 'must be <= 256 characters long')] : [];
}

function nameErrors(names: V1CustomResourceDefinitionNames, at: string): FieldError[] {
  const errors: FieldError[] = [];
  const check = (path: string, name: string | undefined, head = '', shown = name): void => {
    const wrong = name ? isDns1035Label(name) : [];
    if (wrong.length > 0) errors.push(invalidValue(path, shown, head + wrong.join(',')));
  };
  const { plural, singular, kind, listKind, shortNames = [], categories = [] } = names;
  const mixed = 'may have mixed case, but should otherwise match: ';
  check(`${at}.plural`, plural);
  check(`${at}.singular`, singular);
  check(`${at}.kind`, kind.toLowerCase(), mixed, kind);
  check(`${at}.listKind`, listKind?.toLowerCase(), mixed, listKind);
  for (const [i, name] of shortNames.entries()) check(`${at}.shortNames[${i}]`, name);
  if (kind && kind === listKind)
    errors.push(invalidValue(`${at}.listKind`, listKind, 'kind and listKind may not be the same'));
  for (const [i, name] of categories.entries()) check(`${at}.categories[${i}]`, name);
  return errors;
}

function schemaErrors(schema: Schema | undefined, at: string): FieldError[] {
  if (!schema) return [];
  const errors: FieldError[] = [];
  if (schema.nullable) errors.push(forbiddenValue(`${at}.nullable`, 'nullable cannot be true at the root'));
  const structural = validateStructural(schema, at);
  errors.push(...(structural.length > 0 ? structural : validateDefaults(schema, at)));
  errors.push(...validateSchemaRules(schema, at));
  return errors;
}

/** A path such as `.spec.replicas`. */
function pathErrors(path: string, at: string, roots: readonly string[]): FieldError[] {
  if (!path.startsWith('.')) return [invalidValue(at, path, 'must be a simple json path starting with .')];
  if (roots.some((root) => path.startsWith(`.${root}.`))) return [];
  const where = roots.length === 1 ? `.${roots[0]}` : 'either .spec or .status';
  return roots.length === 0 ? [] : [invalidValue(at, path, `should be a json path under ${where}`)];
}

function subresourceErrors(subresources: V1CustomResourceSubresources | undefined, at: string): FieldError[] {
  const scale = subresources?.scale;
  if (!scale) return [];
  const errors: FieldError[] = [];
  for (const [field, root] of [
    ['specReplicasPath', 'spec'],
    ['statusReplicasPath', 'status'],
  ] as const) {
    if (!scale[field]) errors.push(requiredValue(`${at}.scale.${field}`));
    else errors.push(...pathErrors(scale[field], `${at}.scale.${field}`, [root]));
  }
  if (scale.labelSelectorPath)
    errors.push(...pathErrors(scale.labelSelectorPath, `${at}.scale.labelSelectorPath`, ['spec', 'status']));
  return errors;
}

const columnTypes = ['boolean', 'date', 'integer', 'number', 'string'];
const columnFormats = ['byte', 'date', 'date-time', 'double', 'float', 'int32', 'int64', 'password'];

function columnErrors(columns: readonly V1CustomResourceColumnDefinition[] | undefined, at: string): FieldError[] {
  return (columns ?? []).flatMap(({ name, type, format, jsonPath }, i) => {
    const where = `${at}[${i}]`;
    const errors: FieldError[] = [];
    if (!name) errors.push(requiredValue(`${where}.name`));
    const oneOf = `must be one of ${columnTypes.join(',')}`;
    if (!type) errors.push(requiredValue(`${where}.type`, oneOf));
    else if (!columnTypes.includes(type)) errors.push(invalidValue(`${where}.type`, type, oneOf));
    if (format && !columnFormats.includes(format))
      errors.push(invalidValue(`${where}.format`, format, `must be one of ${columnFormats.join(',')}`));
    if (!jsonPath) errors.push(requiredValue(`${where}.JSONPath`));
    else errors.push(...pathErrors(jsonPath, `${where}.JSONPath`, []));
    return errors;
  });
}

const mostSelectable = 8;

function selectableErrors(
  version: Version,
  fields: readonly V1SelectableField[] | undefined,
  at: string,
): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [i, { jsonPath }] of (fields ?? []).entries()) {
    const where = `${at}[${i}].jsonPath`;
    if (!jsonPath) {
      errors.push(requiredValue(where));
      continue;
    }
    const steps = jsonPath.replace(/^\./, '').split('.');
    let schema = version.schema?.openAPIV3Schema as Schema | undefined;
    for (const step of steps) schema = schema && (propertyOf(schema, step) ?? valuesOf(schema));
    if (!jsonPath.startsWith('.') || !schema) {
      errors.push(invalidValue(where, jsonPath, 'is an invalid path: does not refer to a valid field'));
      continue;
    }
    if (steps[0] === 'metadata') errors.push(invalidValue(where, jsonPath, 'must not point to fields in metadata'));
    if (!['string', 'boolean', 'integer'].includes(schema.type ?? ''))
      errors.push(
        invalidValue(
          where,
          jsonPath,
          'must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.',
        ),
      );
    if (seen.has(jsonPath)) errors.push(duplicateValue(where, jsonPath));
    seen.add(jsonPath);
  }
  if (seen.size > mostSelectable) errors.push(tooMany(at, seen.size, mostSelectable));
  return errors;
}

function conversionErrors(conversion: Spec['conversion']): FieldError[] {
  if (!conversion) return [];
  const { strategy, webhook } = conversion;
  const at = 'spec.conversion';
  if (!strategy) return [requiredValue(`${at}.strategy`)];
  if (strategy === 'None')
    return webhook?.clientConfig
      ? [forbiddenValue(`${at}.webhookClientConfig`, 'should not be set when strategy is not set to Webhook')]
      : [];
  if (strategy !== 'Webhook') return [notSupported(`${at}.strategy`, strategy, ['None', 'Webhook'])];
  const errors: FieldError[] = [];
  const { clientConfig, conversionReviewVersions: reviews = [] } = webhook ?? {};
  if (!clientConfig)
    errors.push(requiredValue(`${at}.webhookClientConfig`, 'required when strategy is set to Webhook'));
  else if ((clientConfig.url === undefined) === (clientConfig.service === undefined))
    errors.push(requiredValue(`${at}.webhookClientConfig`, 'exactly one of url or service is required'));
  if (reviews.length === 0) errors.push(requiredValue(`${at}.conversionReviewVersions`));
  else if (!reviews.includes('v1') && !reviews.includes('v1beta1'))
    errors.push(invalidValue(`${at}.conversionReviewVersions`, reviews, 'must include at least one of v1, v1beta1'));
  return errors;
}

function storedErrors(stored: readonly string[], versions: readonly Version[]): FieldError[] {
  const at = 'status.storedVersions';
  if (stored.length === 0) return [invalidValue(at, stored, 'must have at least one stored version')];
  return stored.flatMap((name, i) =>
    versions.some((version) => version.name === name)
      ? []
      : [
          invalidValue(
            `${at}[${i}]`,
            name,
            `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`,
          ),
        ],
  );
}

const approvedAnnotation = 'api-approved.kubernetes.io';

/** Groups of the Kubernetes community want an approval. Kubernetes: apihelpers.GetAPIApprovalState. */
function approvalErrors({ metadata, spec }: Definition): FieldError[] {
  if (!/(^|\.)(k8s\.io|kubernetes\.io)$/.test(spec.group)) return [];
  const value = metadata.annotations?.[approvedAnnotation] ?? '';
  const at = `metadata.annotations[${approvedAnnotation}]`;
  if (value === '')
    return [
      requiredValue(
        at,
        'protected groups must have approval annotation "api-approved.kubernetes.io", see https://github.com/kubernetes/enhancements/pull/1111',
      ),
    ];
  if (value.startsWith('unapproved') || /^https?:\/\/[^/\s]+/.test(value)) return [];
  return [
    invalidValue(
      at,
      value,
      'protected groups must have approval annotation "api-approved.kubernetes.io" with either a URL or a reason starting with "unapproved", see https://github.com/kubernetes/enhancements/pull/1111',
    ),
  ];
}
