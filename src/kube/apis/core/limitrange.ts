import type { V1LimitRange, V1LimitRangeItem } from '../../../generated/types.ts';
import {
  compareQuantity,
  duplicateValue,
  forbiddenValue,
  invalidValue,
  isQualifiedName,
  requiredValue,
  type FieldError,
} from '../../apimachinery/index.ts';
import { createdColumn, nameColumn } from '../cells.ts';
import { defineKind } from '../kind.ts';

/** An absent default is the maximum, an absent default request the default limit, or the minimum. Kubernetes: SetDefaults_LimitRangeItem. */
function itemDefaults(item: V1LimitRangeItem): V1LimitRangeItem {
  if (item.type !== 'Container') return item;
  const limits = { ...item.max, ...item.default };
  const requests = { ...item.min, ...limits, ...item.defaultRequest };
  return {
    ...item,
    ...(Object.keys(limits).length > 0 && { default: limits }),
    ...(Object.keys(requests).length > 0 && { defaultRequest: requests }),
  };
}

const standardTypes = ['Pod', 'Container', 'PersistentVolumeClaim'];

/** Kubernetes: ValidateLimitRange. */
function validate({ spec }: V1LimitRange): FieldError[] {
  const seen = new Set<string>();
  return (spec?.limits ?? []).flatMap((item, i) => {
    const path = `spec.limits[${i}]`;
    const errors: FieldError[] = isQualifiedName(item.type).map((why) => invalidValue(`${path}.type`, item.type, why));
    if (!standardTypes.includes(item.type) && !item.type.includes('/'))
      errors.push(invalidValue(`${path}.type`, item.type, 'must be a standard limit type or fully qualified'));
    if (seen.has(item.type)) errors.push(duplicateValue(`${path}.type`, item.type));
    seen.add(item.type);
    if (item.type === 'Pod') {
      for (const field of ['default', 'defaultRequest'] as const)
        if (Object.keys(item[field] ?? {}).length > 0)
          errors.push(forbiddenValue(`${path}.${field}`, "may not be specified when `type` is 'Pod'"));
    }
    if (item.type === 'PersistentVolumeClaim' && !item.min?.['storage'] && !item.max?.['storage'])
      errors.push(
        requiredValue(
          `${path}.limits`,
          'either minimum or maximum storage value is required, but neither was provided',
        ),
      );
    const keys = new Set(
      [item.max, item.min, item.default, item.defaultRequest].flatMap((list) => Object.keys(list ?? {})),
    );
    for (const key of [...keys].sort()) errors.push(...compared(item, key, path));
    return errors;
  });
}

function compared(item: V1LimitRangeItem, key: string, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const [min, max, limit, request] = [
    item.min?.[key],
    item.max?.[key],
    item.default?.[key],
    item.defaultRequest?.[key],
  ];
  const above = (a: string | undefined, b: string | undefined): boolean =>
    a !== undefined && b !== undefined && compareQuantity(a, b) > 0;
  const complain = (field: string, value: string, what: string): void =>
    void errors.push(invalidValue(`${path}.${field}[${key}]`, value, what));
  if (above(min, max)) complain('min', min!, `min value ${min} is greater than max value ${max}`);
  if (above(min, request))
    complain('defaultRequest', request!, `min value ${min} is greater than default request value ${request}`);
  if (above(request, max))
    complain('defaultRequest', request!, `default request value ${request} is greater than max value ${max}`);
  if (above(request, limit))
    complain(
      'defaultRequest',
      request!,
      `default request value ${request} is greater than default limit value ${limit}`,
    );
  if (above(min, limit)) complain('default', min!, `min value ${min} is greater than default value ${limit}`);
  if (above(limit, max)) complain('default', max!, `default value ${limit} is greater than max value ${max}`);
  return errors;
}

/** LimitRange: bounds and defaults for what containers, pods and claims of a namespace ask for. Kubernetes: pkg/registry/core/limitrange. */
export const limitRange = defineKind({
  group: '',
  version: 'v1',
  kind: 'LimitRange',
  key: 'limitranges',
  model: 'V1LimitRange',
  shortNames: ['limits'],
  defaults(range) {
    if (range.spec) range.spec = { ...range.spec, limits: range.spec.limits.map(itemDefaults) };
  },
  validate,
  columns: [nameColumn, createdColumn],
  example: {
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: { name: 'example' },
    spec: { limits: [{ type: 'Container', max: { cpu: '1' }, defaultRequest: { cpu: '100m' } }] },
  },
});
