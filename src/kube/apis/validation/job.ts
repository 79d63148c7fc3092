import type { V1Job, V1JobSpec, V1JobTemplateSpec, V1SuccessPolicyRule } from '../../../generated/types.ts';
import {
  equal,
  type FieldError,
  invalidValue,
  isDns1123Label,
  isDns1123Subdomain,
  matchesSelector,
  notSupported,
  requiredValue,
  tooLong,
  tooMany,
} from '../../apimachinery/index.ts';
import { isUsableSelector, labelSelector, notNegative, sentences } from './basics.ts';
import { failurePolicy } from './podfailurepolicy.ts';
import { podTemplate } from './podspec.ts';
import { printedTemplate } from './printed-template.ts';

/*
 * Jobs and the Job templates of CronJobs. Kubernetes: pkg/apis/batch/validation.
 * Simplified: writes to a Job's status are not checked; here only the controller makes them.
 */

const most = {
  parallelism: 100_000,
  failedIndexes: 100_000,
  successRules: 20,
  succeededIndexesBytes: 65_536,
  managedBy: 63,
};
/** Above so many completions with a limit per index, stricter limits hold. */
const manyCompletions = 100_000;
const whenMany = 10_000;

/** The rules that hold for a Job's spec wherever it stands. Kubernetes: validateJobSpec. */
function jobSpec(spec: V1JobSpec, path: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const field of [
    'parallelism',
    'completions',
    'activeDeadlineSeconds',
    'backoffLimit',
    'ttlSecondsAfterFinished',
    'backoffLimitPerIndex',
    'maxFailedIndexes',
  ] as const)
    errors.push(...notNegative(spec[field], `${path}.${field}`));
  if (spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined)
    errors.push(requiredValue(`${path}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified'));
  if (spec.managedBy !== undefined) errors.push(...managedBy(spec.managedBy, `${path}.managedBy`));
  errors.push(...completionMode(spec, path));
  if (spec.podFailurePolicy) errors.push(...failurePolicy(spec, `${path}.podFailurePolicy`));
  if (spec.successPolicy) errors.push(...successPolicy(spec, `${path}.successPolicy`));
  if (spec.podReplacementPolicy !== undefined) {
    const allowed = spec.podFailurePolicy ? ['Failed'] : ['Failed', 'TerminatingOrFailed'];
    if (!allowed.includes(spec.podReplacementPolicy))
      errors.push(notSupported(`${path}.podReplacementPolicy`, spec.podReplacementPolicy, allowed));
  }
  errors.push(...podTemplate(spec.template ?? {}, `${path}.template`));
  errors.push(...restartPolicy(spec, `${path}.template.spec.restartPolicy`));
  return errors;
}

function restartPolicy({ template, podFailurePolicy }: V1JobSpec, path: string): FieldError[] {
  const policy = template?.spec?.restartPolicy;
  if (!policy || policy === 'Always') return [requiredValue(path, 'valid values: "OnFailure", "Never"')];
  if (policy !== 'OnFailure' && policy !== 'Never') return [notSupported(path, policy, ['OnFailure', 'Never'])];
  return podFailurePolicy && policy !== 'Never'
    ? [invalidValue(path, policy, 'only "Never" is supported when podFailurePolicy is specified')]
    : [];
}

function completionMode(spec: V1JobSpec, path: string): FieldError[] {
  const { completionMode: mode, completions, parallelism, maxFailedIndexes, backoffLimitPerIndex } = spec;
  if (mode === undefined || mode === 'NonIndexed') {
    const needsIndexes = (field: 'backoffLimitPerIndex' | 'maxFailedIndexes'): FieldError[] =>
      spec[field] === undefined
        ? []
        : [invalidValue(`${path}.${field}`, spec[field], 'requires indexed completion mode')];
    return [...needsIndexes('backoffLimitPerIndex'), ...needsIndexes('maxFailedIndexes')];
  }
  if (mode !== 'Indexed') return [notSupported(`${path}.completionMode`, mode, ['NonIndexed', 'Indexed'])];
  const errors: FieldError[] = [];
  const atMost = (field: 'parallelism' | 'maxFailedIndexes', limit: number, tail: string): void => {
    const value = spec[field];
    if (value !== undefined && value > limit)
      errors.push(invalidValue(`${path}.${field}`, value, `must be less than or equal to ${limit}${tail}`));
  };
  if (completions === undefined) errors.push(requiredValue(`${path}.completions`, 'when completion mode is Indexed'));
  atMost('parallelism', most.parallelism, ' when completion mode is Indexed');
  if (completions !== undefined && maxFailedIndexes !== undefined && maxFailedIndexes > completions)
    errors.push(
      invalidValue(`${path}.maxFailedIndexes`, maxFailedIndexes, 'must be less than or equal to completions'),
    );
  atMost('maxFailedIndexes', most.failedIndexes, '');
  if (completions !== undefined && completions > manyCompletions && backoffLimitPerIndex !== undefined) {
    const tail = ` when completions are above ${manyCompletions} and used with backoff limit per index`;
    if (maxFailedIndexes === undefined)
      errors.push(
        requiredValue(`${path}.maxFailedIndexes`, `must be specified when completions is above ${manyCompletions}`),
      );
    if (parallelism !== undefined) atMost('parallelism', whenMany, tail);
    atMost('maxFailedIndexes', whenMany, tail);
  }
  return errors;
}

const pathPattern = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";

/** `acme.io/controller`. Kubernetes: apimachinery validation.IsDomainPrefixedPath. */
function managedBy(value: string, at: string): FieldError[] {
  const errors: FieldError[] = [];
  const slash = value.indexOf('/');
  const [host, path] = [value.slice(0, Math.max(slash, 0)), value.slice(slash + 1)];
  if (value === '') errors.push(requiredValue(at));
  else if (host === '' || path === '')
    errors.push(invalidValue(at, value, 'must be a domain-prefixed path (such as "acme.io/foo")'));
  else {
    for (const reason of isDns1123Subdomain(host)) errors.push(invalidValue(at, host, reason));
    if (!new RegExp(`^${pathPattern}$`).test(path))
      errors.push(invalidValue(at, path, `Invalid path (regex used for validation is '${pathPattern}')`));
  }
  if (value.length > most.managedBy) errors.push(tooLong(at, most.managedBy));
  return errors;
}

function successPolicy(spec: V1JobSpec, path: string): FieldError[] {
  if (spec.completionMode !== 'Indexed')
    return [invalidValue(path, { Rules: spec.successPolicy!.rules ?? null }, 'requires indexed completion mode')];
  const errors: FieldError[] = [];
  const rules = spec.successPolicy!.rules ?? [];
  if (rules.length === 0)
    errors.push(
      requiredValue(`${path}.rules`, 'at least one rules must be specified when the successPolicy is specified'),
    );
  if (rules.length > most.successRules) errors.push(tooMany(`${path}.rules`, rules.length, most.successRules));
  for (const [i, rule] of rules.entries())
    errors.push(...successRule(rule, spec.completions ?? 0, `${path}.rules[${i}]`));
  return errors;
}

function successRule(rule: V1SuccessPolicyRule, completions: number, path: string): FieldError[] {
  const { succeededCount, succeededIndexes } = rule;
  const errors: FieldError[] = [];
  if (succeededCount === undefined && succeededIndexes === undefined)
    errors.push(requiredValue(path, 'at least one of succeededCount or succeededIndexes must be specified'));
  let total = 0;
  if (succeededIndexes !== undefined) {
    const at = `${path}.succeededIndexes`;
    if (succeededIndexes.length > most.succeededIndexesBytes) errors.push(tooLong(at, most.succeededIndexesBytes));
    const counted = countIndexes(succeededIndexes, completions);
    if (typeof counted === 'number') total = counted;
    else errors.push(invalidValue(at, succeededIndexes, `error parsing succeededIndexes: ${counted}`));
  }
  if (succeededCount !== undefined) {
    const at = `${path}.succeededCount`;
    errors.push(...notNegative(succeededCount, at));
    const within = (limit: number, what: string): void => {
      if (succeededCount > limit)
        errors.push(invalidValue(at, succeededCount, `must be less than or equal to ${limit} (${what})`));
    };
    within(completions, 'the number of specified completions');
    if (succeededIndexes !== undefined) within(total, 'the number of indexes in the specified succeededIndexes field');
  }
  return errors;
}

/** How many indexes `0,2-4` names, or what is wrong with it. Kubernetes: validateIndexesFormat. */
function countIndexes(text: string, completions: number): number | string {
  if (text === '') return 0;
  let total = 0;
  let last: number | undefined;
  for (const part of text.split(',')) {
    const limits = part.split('-');
    if (limits.length > 2) return `the fragment "${part}" violates the requirement that an index interval can have at most two parts separated by '-'`; // prettier-ignore
    const bounds: number[] = [];
    for (const limit of limits) {
      if (!/^[+-]?\d+$/.test(limit)) return `cannot convert string to integer for index: "${limit}"`;
      const index = Number(limit);
      if (index >= completions) return `too large index: "${limit}"`;
      bounds.push(index);
    }
    const [first, end = first] = bounds as [number, number?];
    if (last !== undefined && last >= first) return `non-increasing order, previous: ${last}, current: ${first}`;
    if (bounds.length > 1 && first >= end) return `non-increasing order, previous: ${first}, current: ${end}`;
    total += end - first + 1;
    last = end;
  }
  return total;
}

/** A Job's spec with its selector and the labels that it must find. Kubernetes: ValidateJobSpec. */
export const selectingJobSpec = (spec: V1JobSpec, path: string): FieldError[] => [
  ...jobSpec(spec, path),
  ...selectorAndTemplate(spec, path),
];

function selectorAndTemplate({ selector, template }: V1JobSpec, path: string): FieldError[] {
  const errors = selector ? labelSelector(selector, `${path}.selector`) : [requiredValue(`${path}.selector`)];
  const labels = template?.metadata?.labels;
  const matches = selector !== undefined && isUsableSelector(selector) && matchesSelector(selector, labels);
  if (!matches && (selector === undefined || isUsableSelector(selector)))
    errors.push(
      invalidValue(`${path}.template.metadata.labels`, labels ?? null, '`selector` does not match template `labels`'),
    );
  return errors;
}

/** What the API server generates must not have been given otherwise. Kubernetes: validateGeneratedSelector. */
export function generatedSelector({ metadata, spec }: V1Job): FieldError[] {
  if (spec?.manualSelector || !spec?.selector) return [];
  const wanted: Readonly<Record<string, string>> = {
    'controller-uid': metadata.uid,
    'job-name': metadata.name,
    'batch.kubernetes.io/controller-uid': metadata.uid,
    'batch.kubernetes.io/job-name': metadata.name,
  };
  const errors: FieldError[] = [];
  const labels = spec.template?.metadata?.labels ?? {};
  const path = 'spec.template.metadata';
  for (const [key, value] of Object.entries(wanted)) {
    if (labels[key] === undefined) errors.push(requiredValue(`${path}.labels`, `must be '${value}'`));
    else if (labels[key] !== value)
      errors.push(invalidValue(`${path}.labels[${key}]`, labels[key], `must be '${value}'`));
  }
  if (isUsableSelector(spec.selector) && !matchesSelector(spec.selector, wanted))
    errors.push(invalidValue('spec.selector', spec.selector, '`selector` not auto-generated'));
  return errors;
}

/** Pods of an Indexed Job are called after it: `name-index` must be a host name. */
export function hostnames({ metadata, spec }: V1Job): FieldError[] {
  if (spec?.completionMode !== 'Indexed' || !spec.completions) return [];
  const last = `${metadata.name}-${spec.completions - 1}`;
  return isDns1123Label(last).length > 0
    ? [invalidValue('metadata.name', metadata.name, `will not able to create pod with invalid DNS label: ${last}`)]
    : [];
}

/** A name that is no label makes odd host names. Kubernetes: WarningsOnCreate of Jobs and CronJobs. */
export function nameWarnings({ metadata: { name } }: { metadata: { name: string } }): string[] {
  const reasons = isDns1123Label(name);
  if (reasons.length === 0) return [];
  const why =
    'this is used in Pod names and hostnames, which can result in surprising behavior; a DNS label is recommended';
  return [`metadata.name: ${why}: [${reasons.join(' ')}]`];
}

/** What the API server says to a Job that it accepts. Kubernetes: pkg/api/job/warnings.go. */
export function jobWarnings(job: V1Job): string[] {
  const { completionMode, completions = 0, parallelism = 0 } = job.spec!;
  const many = completionMode === 'Indexed' && completions > manyCompletions && parallelism > whenMany;
  const why = `In Indexed Jobs with a number of completions higher than ${manyCompletions} and a parallelism higher than ${whenMany}, Kubernetes might not be able to track completedIndexes when a big number of indexes fail`; // prettier-ignore
  return [...nameWarnings(job), ...(many ? [`spec: ${why}`] : [])];
}

/** The Job in a CronJob has no selector yet. Kubernetes: ValidateJobTemplateSpec. */
export function jobTemplate({ spec }: V1JobTemplateSpec, path: string): FieldError[] {
  const errors = jobSpec(spec ?? ({} as V1JobSpec), `${path}.spec`);
  if (spec?.selector)
    errors.push(invalidValue(`${path}.spec.selector`, spec.selector, '`selector` will be auto-generated'));
  if (spec?.manualSelector)
    errors.push(notSupported(`${path}.spec.manualSelector`, spec.manualSelector, ['nil', 'false']));
  return errors;
}

/** What never changes once a Job is stored. */
const immutable = ['completionMode', 'podFailurePolicy', 'backoffLimitPerIndex', 'managedBy', 'successPolicy'] as const;

/** Every forbidden change of a Job. Kubernetes: ValidateJobSpecUpdate. */
export function jobUpdate(next: V1Job, old: V1Job): FieldError[] {
  const [to, from] = [next.spec!, old.spec!];
  const errors = selectingJobSpec(to, 'spec'); // once more, as the API server does
  const kept = (field: keyof V1JobSpec): void => {
    if (!equal(to[field], from[field]))
      errors.push(invalidValue(`spec.${field}`, to[field] ?? null, sentences.immutable));
  };
  if (to.completionMode !== 'Indexed') kept('completions');
  else if (to.completions !== from.completions && to.completions !== to.parallelism)
    errors.push(
      invalidValue('spec.completions', to.completions, 'can only be modified in tandem with spec.parallelism'),
    );
  kept('selector');
  if (!equal(mutable(next, old), from.template))
    errors.push(invalidValue('spec.template', printedTemplate(to.template), sentences.immutable));
  for (const field of immutable) kept(field);
  return errors;
}

/**
 * The new template with everything that may change put back to what it was: of a suspended Job without pods (it has not
 * started, or its condition Suspended says so) the rules where its pods go, and what they ask for.
 */
function mutable({ spec: to }: V1Job, { spec: from, status }: V1Job): V1JobSpec['template'] {
  const [next, old] = [to!.template, from!.template];
  const paused = status?.conditions?.some((c) => c.type === 'Suspended' && c.status === 'True') === true;
  if (!from!.suspend || (status?.startTime !== undefined && !paused) || (status?.active ?? 0) > 0) return next;
  const { nodeSelector, tolerations, schedulingGates } = old.spec!;
  const affinity = { ...next.spec?.affinity, nodeAffinity: old.spec!.affinity?.nodeAffinity };
  const hasAffinity = Object.values(affinity).some((rules) => rules !== undefined);
  const resources = (list: 'containers' | 'initContainers') =>
    next.spec?.[list]?.map((c, i) => ({ ...c, resources: old.spec?.[list]?.[i]?.resources }));
  return {
    ...next,
    metadata: { ...next.metadata, labels: old.metadata?.labels, annotations: old.metadata?.annotations },
    spec: {
      ...next.spec!,
      containers: resources('containers') ?? [],
      ...(next.spec?.initContainers && { initContainers: resources('initContainers') }),
      affinity: hasAffinity
        ? affinity
        : old.spec!.affinity && Object.keys(old.spec!.affinity).length === 0
          ? {}
          : undefined,
      nodeSelector,
      tolerations,
      schedulingGates,
    },
  };
}
