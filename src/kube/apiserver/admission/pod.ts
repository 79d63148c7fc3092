import { deepFreeze } from '../../../kernel/index.ts';
import type { V1PodSpec, V1Toleration } from '../../../generated/types.ts';
import { forbidden, type KubeObject } from '../../apimachinery/index.ts';
import { memoised } from '../../apis/defaulting.ts';
import { read } from '../../etcd/etcd.ts';
import type { Call } from '../call.ts';
import { withServiceAccount } from './service-account.ts';

/** Seconds that a pod stays on a node that is not ready or cannot be reached, unless it says otherwise. */
const tolerationSeconds = 300;

/** Completes a new pod: default tolerations, priority, service account. Kubernetes: the plugins of these names. */
export function admitPod(call: Call, pod: KubeObject): KubeObject {
  const spec = withPriority(call, pod.metadata.name, withTolerations(pod['spec'] as V1PodSpec));
  return { ...pod, spec: withServiceAccount(call, pod, spec) };
}

/** Completes a changed pod: the default tolerations come back when they were left out. */
export function admitPodUpdate(pod: KubeObject, old: KubeObject): KubeObject {
  if (pod['spec'] === old['spec']) return pod;
  return { ...pod, spec: withTolerations(pod['spec'] as V1PodSpec) };
}

const notReady = deepFreeze<V1Toleration>({
  key: 'node.kubernetes.io/not-ready',
  operator: 'Exists',
  effect: 'NoExecute',
  tolerationSeconds,
});
const unreachable = deepFreeze<V1Toleration>({ ...notReady, key: 'node.kubernetes.io/unreachable' });
const both = deepFreeze([notReady, unreachable]);

/** Kubernetes: DefaultTolerationSeconds. Computed once per shared spec. */
const withTolerations = memoised((spec: V1PodSpec): V1PodSpec => {
  const given = spec.tolerations ?? [];
  const covers = (wanted: V1Toleration): boolean =>
    given.some(({ key, effect }) => (!key || key === wanted.key) && (!effect || effect === 'NoExecute'));
  const missing = both.filter((toleration) => !covers(toleration));
  if (missing.length === 0) return spec;
  return { ...spec, tolerations: given.length === 0 ? (both as V1Toleration[]) : [...given, ...missing] };
});

/** Priority classes that exist without being objects. */
const systemPriorities: Readonly<Record<string, number>> = {
  'system-node-critical': 2_000_001_000,
  'system-cluster-critical': 2_000_000_000,
};

const withDefaultPriority = memoised((spec: V1PodSpec): V1PodSpec => ({
  ...spec,
  priority: 0,
  preemptionPolicy: 'PreemptLowerPriority',
}));

/** The number behind `priorityClassName`. Kubernetes: Priority. */
function withPriority(call: Call, name: string, spec: V1PodSpec): V1PodSpec {
  const className = spec.priorityClassName;
  if (!className) return checkPriority(name, spec, withDefaultPriority(spec));
  const object = read(call.etcd, 'priorityclasses.scheduling.k8s.io', className);
  const known = object as { value?: number; preemptionPolicy?: string } | undefined;
  const priority =
    known?.value ?? (Object.hasOwn(systemPriorities, className) ? systemPriorities[className] : undefined);
  if (priority === undefined) {
    throw forbidden('', 'pods', name, `no PriorityClass with name ${className} was found`);
  }
  const preemptionPolicy = known?.preemptionPolicy ?? 'PreemptLowerPriority';
  return checkPriority(name, spec, { ...spec, priority, preemptionPolicy });
}

function checkPriority(name: string, given: V1PodSpec, computed: V1PodSpec): V1PodSpec {
  if (given.priority === undefined || given.priority === computed.priority) return computed;
  throw forbidden(
    '',
    'pods',
    name,
    `the integer value of priority (${given.priority}) must not be provided in pod spec; priority admission controller computed ${computed.priority} from the given PriorityClass name`,
  );
}
