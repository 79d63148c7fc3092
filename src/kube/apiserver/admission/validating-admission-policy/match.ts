import type { V1MatchResources, V1NamedRuleWithOperations } from '../../../../generated/types.ts';
import { matchesSelector, type KubeObject } from '../../../apimachinery/index.ts';
import { read } from '../../../etcd/etcd.ts';
import type { Call } from '../../call.ts';

/** One request as policies see it. */
export interface Attempt {
  readonly call: Call;
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE';
  readonly object: KubeObject | undefined;
  readonly old: KubeObject | undefined;
}

/** Whether a policy, or a binding, is about a request. Kubernetes: apiserver/pkg/admission/plugin/policy/matching. */
export function matches(match: V1MatchResources, attempt: Attempt): boolean {
  const { resourceRules = [], excludeResourceRules = [] } = match;
  if (!inNamespace(match, attempt) || !hasLabels(match, attempt)) return false;
  if (excludeResourceRules.some((rule) => hits(rule, attempt, match.matchPolicy))) return false;
  return resourceRules.length === 0 || resourceRules.some((rule) => hits(rule, attempt, match.matchPolicy));
}

/** A namespace is judged by its own labels, and what has none by nothing. */
function inNamespace({ namespaceSelector }: V1MatchResources, { call, object, old }: Attempt): boolean {
  if (!namespaceSelector) return true;
  const { kind, etcd } = call;
  const subject = (object ?? old)!;
  if (kind.key === 'namespaces') return matchesSelector(namespaceSelector, subject.metadata.labels);
  if (!kind.namespaced) return true;
  return matchesSelector(namespaceSelector, read(etcd, 'namespaces', subject.metadata.namespace!)?.metadata.labels);
}

const hasLabels = ({ objectSelector }: V1MatchResources, { object, old }: Attempt): boolean =>
  !objectSelector ||
  [object, old].some((each) => each !== undefined && matchesSelector(objectSelector, each.metadata.labels));

const holds = (values: readonly string[] | undefined, value: string): boolean =>
  values?.some((each) => each === '*' || each === value) ?? false;

function hits(
  rule: V1NamedRuleWithOperations,
  { call, operation, object, old }: Attempt,
  policy: string | undefined,
): boolean {
  const { kind, request } = call;
  const { scope = '*', resourceNames = [] } = rule;
  if (scope !== '*' && (scope === 'Namespaced') !== kind.namespaced) return false;
  if (!holds(rule.operations, operation) || !holds(rule.apiGroups, kind.group)) return false;
  // An equivalent rule is about the same objects, whatever version it names.
  if (policy === 'Exact' && !holds(rule.apiVersions, kind.version)) return false;
  const part = call.through ?? request.subresource;
  const right = part
    ? [`${kind.resource}/${part}`, `*/${part}`, `${kind.resource}/*`, '*/*']
    : [kind.resource, '*', '*/*'];
  if (!rule.resources?.some((resource) => right.includes(resource))) return false;
  return resourceNames.length === 0 || resourceNames.includes((object ?? old)!.metadata.name);
}
