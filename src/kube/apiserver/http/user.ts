import { decodeBase64, failure, type ApiError } from '../../apimachinery/index.ts';
import { accountUser, impersonated, type User } from '../authorization/user.ts';
import type { HttpRequest } from './types.ts';

const unauthorized = (): ApiError => failure(401, 'Unauthorized', 'Unauthorized');

/** The account that a token is for. Simplified: tokens of this cluster carry no signature that would be checked. */
function accountOf(token: string): User {
  const claims = token.split('.')[1];
  if (claims === undefined) throw unauthorized();
  try {
    const { sub } = JSON.parse(decodeBase64(claims.replaceAll('-', '+').replaceAll('_', '/'))) as { sub?: unknown };
    const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(String(sub)) ?? [];
    if (namespace && name) return accountUser(namespace, name);
  } catch {
    // Falls through: it is no token of this cluster.
  }
  throw unauthorized();
}

/**
 * Who sends a request: the account of its token, or whom the administrator speaks for. Undefined is the administrator, who
 * shows nothing. Throws 401 for a token that is none.
 * Kubernetes: apiserver/pkg/authentication/request, endpoints/filters/impersonation.go.
 */
export function userOf({ headers }: Pick<HttpRequest, 'headers'>): User | undefined {
  const { authorization } = headers;
  const token = authorization?.startsWith('Bearer ') ? authorization.slice('Bearer '.length).trim() : '';
  const name = headers['impersonate-user'];
  if (name === undefined) return token ? accountOf(token) : undefined;
  const groups = headers['impersonate-group']?.split(',').map((group) => group.trim()) ?? [];
  return impersonated(name, groups);
}
