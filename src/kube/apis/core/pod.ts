import type { V1Pod } from '../../../generated/types.ts';
import { age } from '../../apimachinery/duration.ts';
import { ageColumn, nameColumn } from '../cells.ts';
import { defineKind } from '../kind.ts';
import { validatePodUpdate } from '../validation/pod-update.ts';
import { podSpec } from '../validation/podspec.ts';
import { withLabelKeys } from './labelkeys.ts';
import { podDefaults } from './pod-defaults.ts';
import { podRefs, podStoredOnly } from './pod-refs.ts';
import { podPrinted } from './podstatus.ts';
import { qosClass } from './qos.ts';

/** `1/2`: readiness gates whose condition holds, of all. */
function readinessGates(pod: V1Pod): string | undefined {
  const gates = pod.spec?.readinessGates ?? [];
  if (gates.length === 0) return undefined;
  const holds = (type: string): boolean =>
    pod.status?.conditions?.some((c) => c.type === type && c.status === 'True') === true;
  return `${gates.filter((g) => holds(g.conditionType)).length}/${gates.length}`;
}

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
    pod.spec = withLabelKeys(pod.spec!, pod.metadata.labels);
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
  validate: ({ spec }) => [...podSpec(spec, 'spec')],
  validateUpdate: validatePodUpdate,
  refs: (pod) => podRefs(pod.spec, pod.metadata.namespace),
  storedOnly: podStoredOnly(),
  columns: [
    nameColumn,
    { name: 'Ready', cell: (p) => `${podPrinted(p).ready}/${podPrinted(p).total}` },
    { name: 'Status', cell: (p) => podPrinted(p).status },
    {
      name: 'Restarts',
      cell(p, now) {
        const { restarts, lastRestart } = podPrinted(p);
        return restarts > 0 && lastRestart ? `${restarts} (${age(lastRestart, now)} ago)` : String(restarts);
      },
    },
    ageColumn,
    { name: 'IP', priority: 1, cell: (p) => p.status?.podIPs?.[0]?.ip || p.status?.podIP || undefined },
    { name: 'Node', priority: 1, cell: (p) => p.spec?.nodeName || undefined },
    { name: 'Nominated Node', priority: 1, cell: (p) => p.status?.nominatedNodeName || undefined },
    { name: 'Readiness Gates', priority: 1, cell: readinessGates },
  ],
  example: {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'example' },
    spec: { containers: [{ name: 'web', image: 'nginx' }] },
  },
});
