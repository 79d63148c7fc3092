import type {
  V2CrossVersionObjectReference,
  V2HPAScalingRules,
  V2HorizontalPodAutoscaler,
  V2MetricIdentifier,
  V2MetricSpec,
  V2MetricTarget,
} from '../../../generated/types.ts';
import {
  type FieldError,
  forbiddenValue,
  invalidValue,
  isDns1123Label,
  isPathSegmentName,
  nanoOf,
  notSupported,
  requiredValue,
} from '../../apimachinery/index.ts';
import { notNegative } from './basics.ts';

type Spec = V2HorizontalPodAutoscaler['spec'];

/** Longest stabilization window and longest period of a policy, seconds. */
const maxWindow = 3600;
const maxPeriod = 1800;

/** Kubernetes: pkg/apis/autoscaling/validation validateHorizontalPodAutoscalerSpec; scaling to zero is off by default. */
export function autoscalerSpec(spec: Partial<Spec> = {}): FieldError[] {
  const { minReplicas, maxReplicas = 0, scaleTargetRef, metrics = [], behavior } = spec;
  const errors: FieldError[] = [];
  if (minReplicas !== undefined && minReplicas < 1)
    errors.push(invalidValue('spec.minReplicas', minReplicas, 'must be greater than or equal to 1'));
  if (maxReplicas < 1) errors.push(requiredValue('spec.maxReplicas', 'must be set and greater than 0'));
  if (minReplicas !== undefined && maxReplicas < minReplicas)
    errors.push(invalidValue('spec.maxReplicas', maxReplicas, 'must be greater than or equal to `minReplicas`'));
  errors.push(...reference(scaleTargetRef, 'spec.scaleTargetRef'));
  for (const [i, metric] of metrics.entries()) errors.push(...metricSpec(metric, `spec.metrics[${i}]`));
  if (minReplicas === 0 && !metrics.some(({ type }) => type === 'Object' || type === 'External')) {
    errors.push(
      forbiddenValue(
        'spec.metrics',
        'must specify at least one Object or External metric to support scaling to zero replicas',
      ),
    );
  }
  errors.push(...scalingRules(behavior?.scaleUp, 'spec.behavior.scaleUp'));
  errors.push(...scalingRules(behavior?.scaleDown, 'spec.behavior.scaleDown'));
  return errors;
}

/** Kubernetes: ValidateHorizontalPodAutoscalerStatusUpdate. */
export const autoscalerStatus = (status: V2HorizontalPodAutoscaler['status']): FieldError[] => [
  ...notNegative(status?.currentReplicas, 'status.currentReplicas'),
  ...notNegative(status?.desiredReplicas, 'status.desiredReplicas'),
];

/** Kubernetes: ValidateCrossVersionObjectReference. */
function reference(ref: Partial<V2CrossVersionObjectReference> = {}, path: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const field of ['kind', 'name'] as const) {
    const value = ref[field];
    if (value)
      errors.push(...isPathSegmentName(value).map((reason) => invalidValue(`${path}.${field}`, value, reason)));
    else errors.push(requiredValue(`${path}.${field}`));
  }
  return errors;
}

/** Type of a metric → the field that describes it. */
const sources = {
  ContainerResource: 'containerResource',
  External: 'external',
  Object: 'object',
  Pods: 'pods',
  Resource: 'resource',
} as const;
type Source = (typeof sources)[keyof typeof sources];

/** In the order in which Kubernetes looks at them. */
const order: readonly Source[] = ['object', 'external', 'pods', 'resource', 'containerResource'];

/** Kubernetes: validateMetricSpec. */
function metricSpec(spec: V2MetricSpec, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const at = `${path}.type`;
  const known = Object.hasOwn(sources, spec.type ?? '');
  if (!spec.type) errors.push(requiredValue(at, 'must specify a metric source type'));
  if (!known) errors.push(notSupported(at, spec.type ?? '', Object.keys(sources)));
  const present = order.filter((source) => spec[source]);
  const [first] = present;
  if (first) errors.push(...validators[first](spec, `${path}.${first}`));
  if (!known) errors.push(notSupported(at, spec.type ?? '', Object.keys(sources)));
  const expected = known ? sources[spec.type as keyof typeof sources] : undefined;
  if (expected && !spec[expected])
    errors.push(requiredValue(`${path}.${expected}`, 'must populate information for the given metric source'));
  if (present.length !== 1) {
    for (const source of present)
      if (source !== expected)
        errors.push(forbiddenValue(`${path}.${source}`, 'must populate the given metric source only'));
  }
  return errors;
}

/** Kubernetes: validateObjectSource and its sisters. */
const validators: Readonly<Record<Source, (spec: V2MetricSpec, path: string) => FieldError[]>> = {
  object(spec, path) {
    const { describedObject, metric, target } = spec.object!;
    return [
      ...reference(describedObject, `${path}.describedObject`),
      ...identifier(metric, `${path}.metric`),
      ...metricTarget(target, `${path}.target`),
      ...oneOf(target, ['value', 'averageValue'], path, 'must set either a target value or averageValue'),
    ];
  },
  external(spec, path) {
    const { metric, target } = spec.external!;
    const either = 'must set either a target value for metric or a per-pod target';
    return [
      ...identifier(metric, `${path}.metric`),
      ...metricTarget(target, `${path}.target`),
      ...oneOf(target, ['value', 'averageValue'], path, either),
      ...(target?.value !== undefined && target.averageValue !== undefined
        ? [forbiddenValue(`${path}.target.value`, 'may not set both a target value for metric and a per-pod target')]
        : []),
    ];
  },
  pods(spec, path) {
    const { metric, target } = spec.pods!;
    return [
      ...identifier(metric, `${path}.metric`),
      ...metricTarget(target, `${path}.target`),
      ...oneOf(target, ['averageValue'], path, 'must specify a positive target averageValue'),
    ];
  },
  resource(spec, path) {
    const { name, target } = spec.resource!;
    return [
      ...(name ? [] : [requiredValue(`${path}.name`, 'must specify a resource name')]),
      ...resourceTarget(target, path),
    ];
  },
  containerResource(spec, path) {
    const { name, container, target } = spec.containerResource!;
    const wrong = container ? isDns1123Label(container) : [];
    return [
      ...(name ? [] : [requiredValue(`${path}.name`, 'must specify a resource name')]),
      ...(container ? [] : [requiredValue(`${path}.container`, 'must specify a container')]),
      ...wrong.map((reason) => invalidValue(`${path}.container`, container, reason)),
      ...resourceTarget(target, path),
    ];
  },
};

function resourceTarget(target: V2MetricTarget | undefined, path: string): FieldError[] {
  const errors = metricTarget(target, `${path}.target`);
  if (target?.averageUtilization === undefined && target?.averageValue === undefined) {
    errors.push(
      requiredValue(`${path}.target.averageUtilization`, 'must set either a target raw value or a target utilization'),
    );
  }
  if (target?.averageUtilization !== undefined && target.averageValue !== undefined) {
    errors.push(
      forbiddenValue(`${path}.target.averageValue`, 'may not set both a target raw value and a target utilization'),
    );
  }
  return errors;
}

const oneOf = (
  target: V2MetricTarget | undefined,
  fields: readonly ('value' | 'averageValue')[],
  path: string,
  sentence: string,
): FieldError[] =>
  fields.some((field) => target?.[field] !== undefined) ? [] : [requiredValue(`${path}.target.averageValue`, sentence)];

/** Kubernetes: validateMetricTarget. */
function metricTarget(target: Partial<V2MetricTarget> = {}, path: string): FieldError[] {
  const { type = '', averageUtilization } = target;
  const errors: FieldError[] = [];
  if (!type) errors.push(requiredValue(`${path}.type`, 'must specify a metric target type'));
  if (!['Utilization', 'Value', 'AverageValue'].includes(type))
    errors.push(invalidValue(`${path}.type`, type, 'must be either Utilization, Value, or AverageValue'));
  for (const field of ['value', 'averageValue'] as const) {
    const value = target[field];
    if (value !== undefined && nanoOf(value) <= 0n)
      errors.push(invalidValue(`${path}.${field}`, value, 'must be positive'));
  }
  if (averageUtilization !== undefined && averageUtilization < 1)
    errors.push(invalidValue(`${path}.averageUtilization`, averageUtilization, 'must be greater than 0'));
  return errors;
}

/** Kubernetes: validateMetricIdentifier. */
function identifier(metric: Partial<V2MetricIdentifier> = {}, path: string): FieldError[] {
  const { name } = metric;
  return name
    ? isPathSegmentName(name).map((reason) => invalidValue(`${path}.name`, name, reason))
    : [requiredValue(`${path}.name`, 'must specify a metric name')];
}

/** Kubernetes: validateScalingRules, with the tolerance that is on by default since v1.35. */
function scalingRules(rules: V2HPAScalingRules | undefined, path: string): FieldError[] {
  if (!rules) return [];
  const { stabilizationWindowSeconds: window, selectPolicy, policies = [], tolerance } = rules;
  const errors: FieldError[] = [];
  const at = `${path}.stabilizationWindowSeconds`;
  if (window !== undefined && window < 0)
    errors.push(invalidValue(at, window, 'must be greater than or equal to zero'));
  if (window !== undefined && window > maxWindow)
    errors.push(invalidValue(at, window, `must be less than or equal to ${maxWindow}`));
  if (selectPolicy !== undefined && !['Disabled', 'Max', 'Min'].includes(selectPolicy))
    errors.push(notSupported(`${path}.selectPolicy`, selectPolicy, ['Disabled', 'Max', 'Min']));
  if (policies.length === 0) errors.push(requiredValue(`${path}.policies`, 'must specify at least one Policy'));
  for (const [i, { type, value, periodSeconds }] of policies.entries()) {
    const policy = `${path}.policies[${i}]`;
    if (type !== 'Pods' && type !== 'Percent') errors.push(notSupported(`${policy}.type`, type, ['Percent', 'Pods']));
    if (!(value > 0)) errors.push(invalidValue(`${policy}.value`, value ?? 0, 'must be greater than zero'));
    if (!(periodSeconds > 0))
      errors.push(invalidValue(`${policy}.periodSeconds`, periodSeconds ?? 0, 'must be greater than zero'));
    if (periodSeconds > maxPeriod)
      errors.push(invalidValue(`${policy}.periodSeconds`, periodSeconds, `must be less than or equal to ${maxPeriod}`));
  }
  if (tolerance !== undefined && nanoOf(tolerance) < 0n)
    errors.push(invalidValue(`${path}.tolerance`, tolerance, 'must be greater than or equal to 0'));
  return errors;
}
