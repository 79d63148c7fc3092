import { qosClass } from './qos.ts';
import { podDefaults } from './pod-defaults.ts';
import { defineKind } from '../kind.ts';

/** Pod. Kubernetes: pkg/registry/core/pod. */
export const pod = defineKind({
  group: '',
  version: 'v1',
  kind: 'Pod',
  key: 'pods',
  model: 'V1Pod',
  shortNames: ['po'],
  categories: ['all'],
  statusSubresource: true,
  generation: true,
  defaults(pod) {
    pod.spec = podDefaults(pod.spec ?? { containers: [] });
  },
  prepareForCreate(pod) {
    pod.status = { phase: 'Pending', qosClass: qosClass(pod.spec!) };
    if (pod.spec!.schedulingGates?.length) {
      const condition = {
        type: 'PodScheduled',
        status: 'False',
        lastProbeTime: null as unknown as string,
        lastTransitionTime: pod.metadata.creationTimestamp,
        reason: 'SchedulingGated',
        message: 'Scheduling is blocked due to non-empty scheduling gates',
      };
      pod.status.conditions = [condition];
    }
  },
  columns: [],
  example: { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'example' } },
});
