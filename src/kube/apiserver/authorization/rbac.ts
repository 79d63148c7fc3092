import type { RbacV1Subject, V1PolicyRule, V1RoleRef } from '../../../generated/types.ts';
import { goQuote } from '../../apimachinery/field-errors.ts';
import type { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from '../../apis/index.ts';
import { range, read, type EtcdState } from '../../etcd/etcd.ts';
import { accountName, mastersGroup, type User } from './user.ts';

/** What somebody wants to do: with a resource, or, when `path` is given, with an address that is none. */
export interface Attributes {
  readonly verb: string;
  readonly group?: string | undefined;
  readonly resource?: string | undefined;
  readonly subresource?: string | undefined;
  readonly namespace?: string | undefined;
  readonly name?: string | undefined;
  readonly path?: string | undefined;
}

/** Whether they may, and by what. RBAC only ever allows: what nobody allows is refused. */
export interface Decision {
  readonly allowed: boolean;
  readonly reason: string;
}

const matches = (list: readonly string[] | undefined, wanted: string): boolean =>
  list?.some((item) => item === '*' || item === wanted) ?? false;

/** `pods`, `pods/log`, and every form of rule that covers them. Kubernetes: rbac/v1/evaluation_helpers.go. */
function resourceMatches(resources: readonly string[] | undefined, resource: string, subresource: string): boolean {
  const combined = subresource ? `${resource}/${subresource}` : resource;
  return (
    resources?.some(
      (item) => item === '*' || item === combined || (subresource !== '' && item === `*/${subresource}`),
    ) ?? false
  );
}

const pathMatches = (urls: readonly string[] | undefined, path: string): boolean =>
  urls?.some((url) => url === '*' || url === path || (url.endsWith('*') && path.startsWith(url.replace(/\*+$/, '')))) ??
  false;

/** Whether one rule allows it. */
export function ruleAllows(rule: V1PolicyRule, wanted: Attributes): boolean {
  if (!matches(rule.verbs, wanted.verb)) return false;
  if (wanted.path !== undefined) return pathMatches(rule.nonResourceURLs, wanted.path);
  const names = rule.resourceNames ?? [];
  return (
    matches(rule.apiGroups, wanted.group ?? '') &&
    resourceMatches(rule.resources, wanted.resource ?? '', wanted.subresource ?? '') &&
    (names.length === 0 || names.includes(wanted.name ?? ''))
  );
}

function isAbout(subject: RbacV1Subject, user: User, namespace: string | undefined): boolean {
  const { kind, name } = subject;
  if (kind === 'User') return user.name === name;
  if (kind === 'Group') return user.groups.includes(name);
  const of = subject.namespace ?? namespace;
  return kind === 'ServiceAccount' && of !== undefined && user.name === accountName(of, name);
}

const told = ({ kind, name, namespace }: RbacV1Subject, of: string | undefined): string =>
  `${kind} ${goQuote(kind === 'ServiceAccount' ? `${name}/${namespace ?? of}` : name)}`;

/** A rule that a binding gives to a user, and the sentence that says so; or why there is none. */
type Grant = { readonly rule: V1PolicyRule; readonly by: string } | { readonly missing: string };

const bindingsKey = 'rolebindings.rbac.authorization.k8s.io';

/** Every rule that holds for a user: those of the whole cluster first, then those of a namespace. Kubernetes: VisitRulesFor. */
export function* grantsOf(etcd: EtcdState, user: User, namespace: string | undefined): Generator<Grant> {
  for (const binding of range(etcd, 'clusterrolebindings.rbac.authorization.k8s.io').values()) {
    const { metadata, roleRef, subjects } = binding as unknown as ClusterRoleBinding;
    const subject = subjects?.find((each) => isAbout(each, user, undefined));
    if (subject)
      yield* rulesOf(
        etcd,
        roleRef,
        undefined,
        `ClusterRoleBinding ${goQuote(metadata.name)}`,
        told(subject, undefined),
      );
  }
  if (!namespace) return;
  for (const binding of range(etcd, bindingsKey).values()) {
    const { metadata, roleRef, subjects } = binding as unknown as RoleBinding;
    if (metadata.namespace !== namespace) continue;
    const subject = subjects?.find((each) => isAbout(each, user, namespace));
    const name = goQuote(`${metadata.name}/${namespace}`);
    if (subject) yield* rulesOf(etcd, roleRef, namespace, `RoleBinding ${name}`, told(subject, namespace));
  }
}

function* rulesOf(
  etcd: EtcdState,
  { kind, name }: V1RoleRef,
  namespace: string | undefined,
  binding: string,
  subject: string,
): Generator<Grant> {
  const resource = kind === 'Role' ? 'roles' : 'clusterroles';
  const key = kind === 'Role' ? `${namespace}/${name}` : name;
  const role = read(etcd, `${resource}.rbac.authorization.k8s.io`, key) as unknown as Role | ClusterRole | undefined;
  if (!role) {
    yield { missing: `${resource.slice(0, -1)}.rbac.authorization.k8s.io ${goQuote(name)} not found` };
    return;
  }
  const by = `${binding} of ${kind} ${goQuote(name)} to ${subject}`;
  for (const rule of role.rules ?? []) yield { rule, by };
}

/** Whether a user may do something, and why. Kubernetes: plugin/pkg/auth/authorizer/rbac. Cost: O(bindings). */
export function decide(etcd: EtcdState, user: User, wanted: Attributes): Decision {
  if (user.groups.includes(mastersGroup)) return { allowed: true, reason: '' };
  const missing: string[] = [];
  for (const grant of grantsOf(etcd, user, wanted.namespace)) {
    if ('missing' in grant) missing.push(grant.missing);
    else if (ruleAllows(grant.rule, wanted)) return { allowed: true, reason: `RBAC: allowed by ${grant.by}` };
  }
  const [first, ...more] = missing;
  const what = more.length > 0 ? `[${missing.join(', ')}]` : first;
  return { allowed: false, reason: what === undefined ? '' : `RBAC: ${what}` };
}
