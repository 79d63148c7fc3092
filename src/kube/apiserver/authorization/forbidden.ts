import { failure, goQuote, type ApiError } from '../../apimachinery/index.ts';
import type { AnyKind } from '../../apis/kind.ts';
import type { EtcdState } from '../../etcd/etcd.ts';
import type { ApiRequest } from '../request.ts';
import { decide, type Attributes } from './rbac.ts';
import type { User } from './user.ts';

/** What somebody may not do, as the server says it. Kubernetes: apiserver/pkg/endpoints/handlers/responsewriters/errors.go. */
function sentence({ name }: User, wanted: Attributes): string {
  const head = `User ${goQuote(name)} cannot ${wanted.verb}`;
  if (wanted.path !== undefined) return `${head} path ${goQuote(wanted.path)}`;
  const where = wanted.namespace ? `in the namespace ${goQuote(wanted.namespace)}` : 'at the cluster scope';
  return `${head} resource ${goQuote(combined(wanted))} in API group ${goQuote(wanted.group ?? '')} ${where}`;
}

const combined = ({ resource = '', subresource }: Attributes): string =>
  subresource ? `${resource}/${subresource}` : resource;

/** 403 for what the roles do not allow. */
export function refusal(user: User, wanted: Attributes, reason: string): ApiError {
  const { group = '', resource = '', name = '' } = wanted;
  const what = group ? `${resource}.${group}` : resource;
  const about = wanted.path === undefined ? `${what}${name && ` ${goQuote(name)}`}` : '';
  return failure(
    403,
    'Forbidden',
    `${about}${about && ' is '}forbidden: ${sentence(user, wanted)}${reason && `: ${reason}`}`,
    { ...(name && { name }), ...(group && { group }), ...(resource && { kind: resource }) },
  );
}

/** Throws when a user may not do something. */
export function authorize(etcd: EtcdState, user: User, wanted: Attributes): void {
  const { allowed, reason } = decide(etcd, user, wanted);
  if (!allowed) throw refusal(user, wanted, reason);
}

/** What a request wants to do. `kind` is undefined for what others than the store serve. */
export function attributesOf(
  { verb, resource, namespace, name, subresource }: ApiRequest,
  kind: Pick<AnyKind, 'group' | 'resource'> | undefined,
): Attributes {
  const dot = resource.indexOf('.');
  const of = kind ?? {
    group: dot < 0 ? '' : resource.slice(dot + 1),
    resource: dot < 0 ? resource : resource.slice(0, dot),
  };
  return { verb, group: of.group, resource: of.resource, subresource, namespace, name };
}
