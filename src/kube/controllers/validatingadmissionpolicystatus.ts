import { cached } from '../client/index.ts';
import type { Controller } from './controller.ts';

const resource = 'validatingadmissionpolicies.admissionregistration.k8s.io';

/**
 * Says in the status of a policy that its expressions were looked at. Simplified: it never warns, because expressions are not
 * checked against the types of the objects. Kubernetes: pkg/controller/validatingadmissionpolicystatus.
 */
export const policyStatusController: Controller = {
  name: 'validatingadmissionpolicystatus',
  watches: [{ resource, keys: (_, { key, type }) => (type === 'DELETED' ? [] : [key]) }],
  reconcile(c, key) {
    const policy = cached(c.memory.caches, resource, key);
    if (!policy) return;
    const { generation: observedGeneration } = policy.metadata;
    if (policy.status?.observedGeneration === observedGeneration) return;
    const status = { ...policy.status, observedGeneration, typeChecking: {} };
    c.client.updateStatus(c.ctx, resource, { ...policy, status }, { why: { code: 'admissionpolicy.check' } });
  },
};
