import type { V1Container, V1PodSpec, V1PodTemplateSpec } from '../../../generated/types.ts';
import {
  duplicateValue,
  type FieldError,
  invalidValue,
  isDns1123Label,
  isDns1123Subdomain,
  notSupported,
  requiredValue,
} from '../../apimachinery/index.ts';
import { labelKey, labels } from './basics.ts';
import { containers } from './container.ts';
import { affinity, spreadConstraints, tolerations } from './placement.ts';
import { volumes } from './volume.ts';
import { sysctls } from './sysctls.ts';

/** What was right once for a frozen spec is right for the 30,000 pods that share it. Keyed by path too, in the inner map. */
const checked = new WeakMap<object, Map<string, readonly FieldError[]>>();

/** Every wrong field of a pod spec. Kubernetes: pkg/apis/core/validation ValidatePodSpec. */
export function podSpec(spec: V1PodSpec | undefined, path: string): readonly FieldError[] {
  if (!spec) return [requiredValue(`${path}.containers`)];
  const known = checked.get(spec)?.get(path);
  if (known) return known;
  const errors = check(spec, path);
  if (Object.isFrozen(spec)) {
    let byPath = checked.get(spec);
    if (!byPath) checked.set(spec, (byPath = new Map()));
    byPath.set(path, errors);
  }
  return errors;
}

function check(spec: V1PodSpec, path: string): FieldError[] {
  const mountable = new Set<string>();
  const errors = volumes(spec.volumes ?? [], `${path}.volumes`, mountable);
  const names = new Set<string>();
  const list = spec.containers ?? [];
  if (list.length === 0) errors.push(requiredValue(`${path}.containers`));
  errors.push(...containers(list, `${path}.containers`, mountable, names, 'app'));
  errors.push(...hostPorts(list, `${path}.containers`));
  errors.push(...containers(spec.initContainers ?? [], `${path}.initContainers`, mountable, names, 'init'));
  errors.push(...choices(spec, path));
  errors.push(...labels(spec.nodeSelector, `${path}.nodeSelector`));
  if (spec.affinity) errors.push(...affinity(spec.affinity, `${path}.affinity`));
  for (const [i, gate] of (spec.readinessGates ?? []).entries()) {
    errors.push(...labelKey(gate.conditionType, `${path}.readinessGates[${i}].conditionType`));
  }
  errors.push(...spreadConstraints(spec.topologySpreadConstraints ?? [], `${path}.topologySpreadConstraints`));
  errors.push(...identities(spec, path));
  if (spec.securityContext?.sysctls)
    errors.push(...sysctls(spec.securityContext.sysctls, `${path}.securityContext.sysctls`));
  errors.push(...tolerations(spec.tolerations ?? [], `${path}.tolerations`));
  return errors;
}

function choices(spec: V1PodSpec, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const { restartPolicy, dnsPolicy } = spec;
  if (!restartPolicy) errors.push(requiredValue(`${path}.restartPolicy`));
  else if (!['Always', 'OnFailure', 'Never'].includes(restartPolicy)) {
    errors.push(notSupported(`${path}.restartPolicy`, restartPolicy, ['Always', 'Never', 'OnFailure']));
  }
  if (!dnsPolicy) errors.push(requiredValue(`${path}.dnsPolicy`));
  else if (!['ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None'].includes(dnsPolicy)) {
    errors.push(
      notSupported(`${path}.dnsPolicy`, dnsPolicy, ['ClusterFirst', 'ClusterFirstWithHostNet', 'Default', 'None']),
    );
  }
  return errors;
}

/** Names that the spec refers to, and limits on its life. */
function identities(spec: V1PodSpec, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const named = (value: string | undefined, field: string, rule: (text: string) => readonly string[]): void => {
    if (value) for (const reason of rule(value)) errors.push(invalidValue(`${path}.${field}`, value, reason));
  };
  named(spec.serviceAccountName, 'serviceAccountName', isDns1123Subdomain);
  named(spec.nodeName, 'nodeName', isDns1123Subdomain);
  if (
    spec.activeDeadlineSeconds !== undefined &&
    (spec.activeDeadlineSeconds < 1 || spec.activeDeadlineSeconds > 2_147_483_647)
  ) {
    errors.push(
      invalidValue(
        `${path}.activeDeadlineSeconds`,
        spec.activeDeadlineSeconds,
        'must be between 1 and 2147483647, inclusive',
      ),
    );
  }
  named(spec.hostname, 'hostname', isDns1123Label);
  named(spec.subdomain, 'subdomain', isDns1123Label);
  named(spec.priorityClassName, 'priorityClassName', isDns1123Subdomain);
  return errors;
}

/** Host ports of one pod must differ: `TCP//80`. */
function hostPorts(list: readonly V1Container[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  const taken = new Set<string>();
  for (const [i, c] of list.entries()) {
    for (const [j, port] of (c.ports ?? []).entries()) {
      if (!port.hostPort) continue;
      const key = `${port.protocol ?? 'TCP'}/${port.hostIP ?? ''}/${port.hostPort}`;
      if (taken.has(key)) errors.push(duplicateValue(`${path}[${i}].ports[${j}].hostPort`, key));
      taken.add(key);
    }
  }
  return errors;
}

/** Every wrong field of a pod template. Kubernetes: ValidatePodTemplateSpec. */
export function podTemplate(template: V1PodTemplateSpec, path: string): FieldError[] {
  const errors = labels(template.metadata?.labels, `${path}.labels`);
  for (const key of Object.keys(template.metadata?.annotations ?? {}))
    errors.push(...labelKey(key.toLowerCase(), `${path}.annotations`));
  errors.push(...podSpec(template.spec, `${path}.spec`));
  return errors;
}
