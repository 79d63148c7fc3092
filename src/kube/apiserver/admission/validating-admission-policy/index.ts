import { failure, type KubeObject } from '../../../apimachinery/index.ts';
import type { ObjectOf } from '../../../apis/index.ts';
import { range } from '../../../etcd/etcd.ts';
import type { Call } from '../../call.ts';
import { decisionsOf, type Decision } from './evaluate.ts';
import { matches, type Attempt } from './match.ts';
import { paramsOf } from './params.ts';

const policies = 'validatingadmissionpolicies.admissionregistration.k8s.io';
const bindings = 'validatingadmissionpolicybindings.admissionregistration.k8s.io';

type Policy = ObjectOf<typeof policies>;
type Binding = ObjectOf<typeof bindings>;

const codes: Readonly<Record<string, number>> = {
  Unauthorized: 401,
  Forbidden: 403,
  RequestEntityTooLarge: 413,
  Invalid: 422,
};

/** Nothing stands above the policies themselves: who has locked himself out can get in again. */
export const exempt = /^(validating|mutating)admissionpol(icies|icybindings)\.admissionregistration\.k8s\.io$/;

/**
 * Refuses, or warns of, what the policies in force do not let through. `object` is undefined for a deletion. Without a binding no
 * policy is asked, so that a cluster without one pays one look-up a write.
 * Simplified: a policy holds at once, not when the API servers have heard of it; audit annotations go nowhere.
 * Kubernetes: apiserver/pkg/admission/plugin/policy/validating.
 */
export function checkAdmissionPolicies(call: Call, object: KubeObject | undefined, old?: KubeObject): void {
  const bound = range(call.etcd, bindings);
  if (bound.size === 0 || exempt.test(call.kind.key)) return;
  const operation = object === undefined ? 'DELETE' : old === undefined ? 'CREATE' : 'UPDATE';
  const attempt: Attempt = { call, operation, object, old };
  let denied: { readonly decision: Decision; readonly head: string } | undefined;
  for (const stored of range(call.etcd, policies).values()) {
    const policy = stored as unknown as Policy;
    const { name } = policy.metadata;
    const own = [...bound.values()].filter((each) => (each as unknown as Binding).spec.policyName === name);
    if (own.length === 0 || !matches(policy.spec?.matchConstraints ?? {}, attempt)) continue;
    for (const each of own) {
      const binding = each as unknown as Binding;
      if (!matches(binding.spec.matchResources ?? {}, attempt)) continue;
      const head = `ValidatingAdmissionPolicy '${name}' with binding '${binding.metadata.name}'`;
      for (const decision of decisionsFor(policy, binding, attempt)) {
        const { validationActions } = binding.spec;
        if (validationActions.includes('Warn'))
          call.warnings.push(`Validation failed for ${head}: ${decision.message}`);
        if (validationActions.includes('Deny')) denied ??= { decision, head };
      }
    }
  }
  if (denied) deny(attempt, `${denied.head} denied request: ${denied.decision.message}`, denied.decision.reason);
}

function deny({ call, object, old }: Attempt, message: string, given: string): never {
  const { group, resource } = call.kind;
  const { name } = (object ?? old)!.metadata;
  const reason = given || 'Invalid';
  const what = group ? `${resource}.${group}` : resource;
  throw failure(codes[reason] ?? 422, reason, `${what} ${JSON.stringify(name)} is forbidden: ${message}`, {
    ...(name && { name }),
    ...(group && { group }),
    kind: resource,
    causes: [{ message }],
  });
}

/** One round of decisions for each object of parameters; without parameters one. */
function decisionsFor(policy: Policy, binding: Binding, attempt: Attempt): Decision[] {
  const found = paramsOf(policy.spec!.paramKind, binding.spec.paramRef, attempt);
  if (typeof found === 'string') {
    if (policy.spec?.failurePolicy === 'Ignore') return [];
    return [{ message: `failed to configure binding: ${found}`, reason: '' }];
  }
  return found.flatMap((params) => decisionsOf(policy, attempt, params));
}
