import type { V1PodSpec } from '../../../generated/types.ts';
import { quantityValue, milliValue } from '../../apimachinery/index.ts';

/**
 * The quality of service of a pod: Guaranteed when every container has limits for CPU and memory and these sum up to
 * the requests, BestEffort when none has any, Burstable otherwise. Written at creation, kept for life.
 * Kubernetes: pkg/apis/core/v1/helper/qos/qos.go.
 */
export function qosClass(spec: V1PodSpec): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  let any = false;
  let guaranteed = true;
  const total = { requests: { cpu: 0, memory: 0 }, limits: { cpu: 0, memory: 0 } };
  for (const container of [...(spec.initContainers ?? []), ...spec.containers]) {
    const { requests = {}, limits = {} } = container.resources ?? {};
    for (const name of ['cpu', 'memory'] as const) {
      const amount = name === 'cpu' ? milliValue : quantityValue;
      const request = amount(requests[name]);
      const limit = amount(limits[name]);
      if (request > 0 || limit > 0) any = true;
      if (limit === 0) guaranteed = false;
      total.requests[name] += request;
      total.limits[name] += limit;
    }
  }
  if (!any) return 'BestEffort';
  const same = total.requests.cpu === total.limits.cpu && total.requests.memory === total.limits.memory;
  return guaranteed && same ? 'Guaranteed' : 'Burstable';
}
