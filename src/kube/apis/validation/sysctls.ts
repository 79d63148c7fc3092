import type { V1Sysctl } from '../../../generated/types.ts';
import { duplicateValue, type FieldError, invalidValue, requiredValue } from '../../apimachinery/index.ts';

const segment = '[a-z0-9]([-_a-z0-9]*[a-z0-9])?';
const pattern = `^(${segment}[\\./])*${segment}$`;
const right = new RegExp(pattern);

/** Settings of the kernel that a pod asks for. Kubernetes: pkg/apis/core/validation validateSysctls. */
export function sysctls(list: readonly V1Sysctl[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [i, { name }] of list.entries()) {
    const at = `${path}[${i}].name`;
    if (!name) errors.push(requiredValue(at));
    else if (name.length > 253 || !right.test(name))
      errors.push(invalidValue(at, name, `must have at most 253 characters and match regex ${pattern}`));
    else if (seen.has(name)) errors.push(duplicateValue(at, name));
    seen.add(name);
  }
  return errors;
}
