import type { V1ParamKind, V1ParamRef } from '../../../../generated/types.ts';
import { matchesSelector, type KubeObject } from '../../../apimachinery/index.ts';
import { range } from '../../../etcd/etcd.ts';
import { catalogueIn } from '../../customresources/kinds.ts';
import type { Attempt } from './match.ts';

/** Objects that a binding names as parameters of its policy, or why there are none. Kubernetes: generic.CollectParams. */
export function paramsOf(
  paramKind: V1ParamKind | undefined,
  paramRef: V1ParamRef | undefined,
  { call, object, old }: Attempt,
): readonly (KubeObject | undefined)[] | string {
  if (!paramKind || !paramRef) return [undefined];
  const kind = catalogueIn(call.etcd).for(paramKind.apiVersion ?? '', paramKind.kind ?? '');
  if (!kind) return `paramKind kind \`${paramKind.apiVersion}, Kind=${paramKind.kind}\` not known`;
  const namespace = paramRef.namespace || (object ?? old)!.metadata.namespace;
  if (paramRef.namespace && !kind.namespaced)
    return 'paramRef.namespace must not be provided for a cluster-scoped `paramKind`';
  if (kind.namespaced && !namespace)
    return 'cannot use namespaced paramRef in policy binding that matches cluster-scoped resources';
  const { name, selector } = paramRef;
  const found = [...range(call.etcd, kind.custom?.inStore.key ?? kind.key).values()].filter(
    ({ metadata }) =>
      (!kind.namespaced || metadata.namespace === namespace) &&
      (name ? metadata.name === name : matchesSelector(selector, metadata.labels)),
  );
  if (found.length > 0 || paramRef.parameterNotFoundAction === 'Allow') return found;
  return 'no params found for policy binding with `Deny` parameterNotFoundAction';
}
