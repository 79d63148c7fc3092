/** Who sends a request. Kubernetes: apiserver/pkg/authentication/user Info. */
export interface User {
  readonly name: string;
  readonly groups: readonly string[];
  readonly uid?: string | undefined;
  readonly extra?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** The group that may do everything, whatever roles say. */
export const mastersGroup = 'system:masters';
/** The group of everybody who has said who they are. */
export const authenticatedGroup = 'system:authenticated';

/** Whoever shows no credentials: the administrator of this cluster, as the kubeconfig of a small cluster has it. */
export const administrator: User = { name: 'kubernetes-admin', groups: [mastersGroup, authenticatedGroup] };

const accountPrefix = 'system:serviceaccount:';

/** Name that a ServiceAccount has as a user. */
export const accountName = (namespace: string, name: string): string => `${accountPrefix}${namespace}:${name}`;

/** A ServiceAccount as a user, with the groups of all accounts and of those of its namespace. */
export const accountUser = (namespace: string, name: string): User => ({
  name: accountName(namespace, name),
  groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, authenticatedGroup],
});

/**
 * Somebody whom the administrator speaks for (`--as`). A ServiceAccount without groups gets its own.
 * Kubernetes: apiserver/pkg/endpoints/filters/impersonation.go.
 */
export function impersonated(name: string, groups: readonly string[]): User {
  const [, namespace, account] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name) ?? [];
  if (account && groups.length === 0) return accountUser(namespace!, account);
  const anonymous = name === 'system:anonymous';
  const own = anonymous ? 'system:unauthenticated' : authenticatedGroup;
  return { name, groups: groups.includes(own) ? groups : [...groups, own] };
}
