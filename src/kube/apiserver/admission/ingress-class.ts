import { millisOf, type KubeObject } from '../../apimachinery/index.ts';
import type { Ingress, IngressClass } from '../../apis/index.ts';
import { defaultClassAnnotation } from '../../apis/networking/ingressclass.ts';
import { range } from '../../etcd/etcd.ts';
import type { Call } from '../call.ts';

/**
 * Gives a new Ingress that names no class the one that is marked as the default; of several the newest.
 * Kubernetes: plugin/pkg/admission/network/defaultingressclass.
 */
export function admitIngress(call: Call, object: KubeObject): KubeObject {
  const ingress = object as unknown as Ingress;
  if (ingress.spec?.ingressClassName !== undefined) return object;
  if (ingress.metadata.annotations?.['kubernetes.io/ingress.class'] !== undefined) return object;
  let chosen: IngressClass | undefined;
  for (const entry of range(call.etcd, 'ingressclasses.networking.k8s.io').values()) {
    const candidate = entry as unknown as IngressClass;
    if (candidate.metadata.annotations?.[defaultClassAnnotation] !== 'true') continue;
    if (!chosen || born(candidate) > born(chosen)) chosen = candidate;
  }
  if (!chosen) return object;
  return { ...object, spec: { ...ingress.spec, ingressClassName: chosen.metadata.name } };
}

const born = ({ metadata }: IngressClass): number => millisOf(metadata.creationTimestamp);
