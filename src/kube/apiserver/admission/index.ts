import type { KubeObject } from '../../apimachinery/index.ts';
import type { Call } from '../call.ts';
import { admitIngress } from './ingress-class.ts';
import { admitNamespace } from './namespace-lifecycle.ts';
import { admitNode } from './node-taints.ts';
import { admitPod } from './pod.ts';
import { admitPriorityClass } from './priority-class.ts';
import { admitClaim, admitVolume } from './storage.ts';

/**
 * Everything that stands between a decoded, defaulted new object and its validation: refuses (throws) or completes it.
 * Later plugins (limit ranges, quota, pod security, webhooks) join here. Kubernetes: plugin/pkg/admission.
 */
export function admitCreate(call: Call, object: KubeObject): KubeObject {
  admitNamespace(call, object);
  admitPriorityClass(call, object);
  if (call.kind.key === 'pods') return admitPod(call, object);
  if (call.kind.key === 'ingresses.networking.k8s.io') return admitIngress(call, object);
  if (call.kind.key === 'persistentvolumeclaims') return admitClaim(call, object);
  if (call.kind.key === 'persistentvolumes') return admitVolume(object);
  return call.kind.key === 'nodes' ? admitNode(object) : object;
}
