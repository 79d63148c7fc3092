import { deepFreeze } from '../../../kernel/index.ts';
import type { V1Container, V1PodSpec, V1Volume } from '../../../generated/types.ts';
import { forbidden, randomLetters, type KubeObject } from '../../apimachinery/index.ts';
import type { ServiceAccount } from '../../apis/index.ts';
import { read } from '../../etcd/etcd.ts';
import type { Call } from '../call.ts';

/** Where programs look for their token. */
const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount';

/** Shared by all pods: token (a little over an hour), the cluster's certificate, the namespace. */
const projected = deepFreeze<NonNullable<V1Volume['projected']>>({
  sources: [
    { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    {
      downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] },
    },
  ],
  defaultMode: 0o644,
});

/**
 * Gives a pod its service account: the name, its image pull secrets, and the token volume in every container.
 * Kubernetes: plugin/pkg/admission/serviceaccount.
 * Simplified: the account `default` counts as there even in the moments before its controller has made it; the real
 * plugin waits up to a second for it.
 */
export function withServiceAccount(call: Call, pod: KubeObject, spec: V1PodSpec): V1PodSpec {
  const namespace = pod.metadata.namespace!;
  const name = spec.serviceAccountName || 'default';
  const account = read(call.etcd, 'serviceaccounts', `${namespace}/${name}`) as ServiceAccount | undefined;
  if (!account && name !== 'default') {
    throw forbidden(
      '',
      'pods',
      pod.metadata.name,
      `error looking up service account ${namespace}/${name}: serviceaccount "${name}" not found`,
    );
  }
  const next: V1PodSpec = { ...spec, serviceAccountName: name, serviceAccount: name };
  if (!spec.imagePullSecrets?.length && account?.imagePullSecrets?.length) {
    next.imagePullSecrets = account.imagePullSecrets;
  }
  if (!(spec.automountServiceAccountToken ?? account?.automountServiceAccountToken ?? true)) return next;
  mountToken(call, next);
  return next;
}

function mountToken(call: Call, spec: V1PodSpec): void {
  const lacks = (container: V1Container): boolean =>
    !container.volumeMounts?.some((mount) => mount.mountPath === mountPath);
  const lists = [spec.containers, spec.initContainers ?? []];
  if (!lists.some((list) => list.some(lacks))) return;
  let name = (spec.volumes ?? []).find((volume) => volume.name.startsWith('kube-api-access-'))?.name;
  if (!name) {
    name = `kube-api-access-${randomLetters(call.ctx.random('names'), 5)}`;
    spec.volumes = [...(spec.volumes ?? []), { name, projected: projected as NonNullable<V1Volume['projected']> }];
  }
  const mount = { name, readOnly: true, mountPath };
  const mounted = (container: V1Container): V1Container =>
    lacks(container) ? { ...container, volumeMounts: [...(container.volumeMounts ?? []), mount] } : container;
  spec.containers = spec.containers.map(mounted);
  if (spec.initContainers) spec.initContainers = spec.initContainers.map(mounted);
}
