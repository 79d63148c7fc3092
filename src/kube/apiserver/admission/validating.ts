import type { KubeObject } from '../../apimachinery/index.ts';
import type { Call } from '../call.ts';
import { checkPodSecurity } from './pod-security/index.ts';
import { checkAdmissionPolicies } from './validating-admission-policy/index.ts';

/** What may refuse an object that is complete and valid, without changing it. `old` is what an update replaces. */
export function admitValid(call: Call, object: KubeObject, old?: KubeObject): void {
  if (call.request.subresource === undefined) checkPodSecurity(call, object, old);
  checkAdmissionPolicies(call, object, old);
}
