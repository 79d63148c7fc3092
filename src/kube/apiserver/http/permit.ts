import type { V1SubjectAccessReview } from '../../../generated/types.ts';
import { refusal } from '../authorization/forbidden.ts';
import type { Attributes } from '../authorization/rbac.ts';
import type { ApiRequest, ApiResponse } from '../request.ts';
import type { StreamCall } from './streams.ts';
import type { HttpRequest, WatchCall } from './types.ts';
import { userOf } from './user.ts';

/** What a watch wants to do. */
export const watches = ({ kind, selector }: WatchCall): Attributes => ({
  verb: 'watch',
  group: kind.group,
  resource: kind.resource,
  namespace: selector.namespace,
});

const byMethod: Readonly<Record<string, string>> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

/**
 * What a stream wants to do. To run something in a pod is to create, whichever method a WebSocket begins with.
 * Kubernetes: AuthorizePodWebsocketUpgradeCreatePermission.
 */
export function streams(call: StreamCall, method: string): Attributes {
  const verb = call.to === 'log' ? 'get' : call.to === 'proxy' ? (byMethod[method] ?? '') : 'create';
  const resource = call.to === 'proxy' ? call.resource : 'pods';
  const subresource = call.to === 'exec' && call.command === null ? 'attach' : call.to;
  const name = call.to === 'proxy' ? call.name : call.pod;
  return { verb, group: '', resource, subresource, namespace: call.namespace || undefined, name };
}

/**
 * Throws 403 when an account speaks for somebody for whom its roles do not let it speak; the administrator may for all.
 * Kubernetes: apiserver/pkg/endpoints/filters/impersonation.go.
 */
export function permitImpersonation(
  ask: (request: ApiRequest) => ApiResponse,
  { headers }: Pick<HttpRequest, 'headers'>,
): void {
  const { authorization, 'impersonate-user': name, 'impersonate-group': groups } = headers;
  if (authorization === undefined || name === undefined) return;
  const may = (resource: string, who: string, namespace?: string): void =>
    permit(ask, { headers: { authorization } }, { verb: 'impersonate', group: '', resource, name: who, namespace });
  const [, namespace, account] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name) ?? [];
  if (account) may('serviceaccounts', account, namespace);
  else may('users', name);
  for (const group of groups?.split(',') ?? []) may('groups', group.trim());
}

/** Throws 401 or 403 when whoever sends a request may not do what it wants. Nothing is asked for the administrator. */
export function permit(
  ask: (request: ApiRequest) => ApiResponse,
  http: Pick<HttpRequest, 'headers'>,
  wanted: Attributes,
): void {
  const user = userOf(http);
  if (!user) return;
  const { name, groups } = user;
  const spec = { user: name, groups: [...groups], resourceAttributes: wanted };
  const { body } = ask({ verb: 'create', resource: 'subjectaccessreviews.authorization.k8s.io', body: { spec } });
  const { status } = body as unknown as V1SubjectAccessReview;
  if (!status?.allowed) throw refusal(user, wanted, status?.reason ?? '');
}
