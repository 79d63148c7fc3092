import type { V1PodSpec } from '../../../generated/types.ts';
import { milliValue, quantityValue } from '../../apimachinery/index.ts';

/**
 * The quality of service of a pod: Guaranteed when every container has limits for CPU and memory that equal its
 * requests, BestEffort when none has any, Burstable otherwise. Written at creation, kept for life.
 * Kubernetes: pkg/apis/core/v1/helper/qos/qos.go.
 */
export function qosClass(spec: V1PodSpec): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  let any = false;
  let guaranteed = true;
  for (const container of [...spec.containers, ...(spec.initContainers ?? [])]) {
    const { requests, limits } = container.resources ?? {};
    if (!requests && !limits) {
      guaranteed = false;
      continue;
    }
    for (const name of ['cpu', 'memory'] as const) {
      const amount = name === 'cpu' ? milliValue : quantityValue;
      const limit = amount(limits?.[name]);
      const request = amount(requests?.[name] ?? limits?.[name]);
      if (request > 0 || limit > 0) any = true;
      if (limit === 0 || limit !== request) guaranteed = false;
    }
  }
  return any ? (guaranteed ? 'Guaranteed' : 'Burstable') : 'BestEffort';
}
