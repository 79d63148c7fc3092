import { deepFreeze } from '../../../kernel/index.ts';
import type { V1PodSpec, V1Toleration } from '../../../generated/types.ts';
import { forbidden, type KubeObject } from '../../apimachinery/index.ts';
import { memoised } from '../../apis/defaulting.ts';
import type { PriorityClass } from '../../apis/index.ts';
import { read } from '../../etcd/etcd.ts';
import type { Call } from '../call.ts';
import { withLimitDefaults } from './limit-ranger.ts';
import { defaultPriorityClass } from './priority-class.ts';
import { withRuntimeClass } from './runtime-class.ts';
import { withServiceAccount } from './service-account.ts';

const classes = 'priorityclasses.scheduling.k8s.io';

/** Seconds that a pod stays on a node that is not ready or cannot be reached, unless it says otherwise. */
const tolerationSeconds = 300;

/** Completes a new pod: default requests and limits, tolerations, priority, service account. Kubernetes: the plugins of these names. */
export function admitPod(call: Call, given: KubeObject): KubeObject {
  const pod = withLimitDefaults(call, given);
  const spec = withPriority(call, pod.metadata.name, withTolerations(classed(call, pod)));
  return { ...pod, spec: withServiceAccount(call, pod, spec) };
}

const classed = (call: Call, pod: KubeObject): V1PodSpec => {
  const spec = pod['spec'] as V1PodSpec;
  return spec.runtimeClassName || spec.overhead ? withRuntimeClass(call, pod.metadata.name, spec) : spec;
};

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

/** One answer per class: pods of one template share their completed spec. */
const withClass = new WeakMap<PriorityClass, (spec: V1PodSpec) => V1PodSpec>();
const withoutClass = memoised((spec: V1PodSpec): V1PodSpec => ({
  ...spec,
  priority: 0,
  preemptionPolicy: 'PreemptLowerPriority',
}));

function completer(priorityClass: PriorityClass | undefined): (spec: V1PodSpec) => V1PodSpec {
  if (!priorityClass) return withoutClass;
  let complete = withClass.get(priorityClass);
  if (!complete) {
    const { value = 0, preemptionPolicy = 'PreemptLowerPriority', metadata } = priorityClass;
    complete = memoised((spec) => ({
      ...spec,
      priorityClassName: metadata.name,
      priority: value,
      preemptionPolicy,
    }));
    withClass.set(priorityClass, complete);
  }
  return complete;
}

/** The number behind `priorityClassName`, or behind the class that is the default. Kubernetes: plugin/pkg/admission/priority. */
function withPriority(call: Call, name: string, spec: V1PodSpec): V1PodSpec {
  const className = spec.priorityClassName;
  const priorityClass = className
    ? (read(call.etcd, classes, className) as PriorityClass | undefined)
    : defaultPriorityClass(call);
  if (className && !priorityClass)
    throw forbidden('', 'pods', name, `no PriorityClass with name ${className} was found`);
  return checkPriority(name, spec, completer(priorityClass)(spec));
}

function checkPriority(name: string, given: V1PodSpec, computed: V1PodSpec): V1PodSpec {
  const refuse = (what: string, said: unknown, wanted: unknown): never => {
    throw forbidden(
      '',
      'pods',
      name,
      `the ${what} (${said}) must not be provided in pod spec; priority admission controller computed ${wanted} from the given PriorityClass name`,
    );
  };
  if (given.priority !== undefined && given.priority !== computed.priority)
    refuse('integer value of priority', given.priority, computed.priority);
  if (given.preemptionPolicy !== undefined && given.preemptionPolicy !== computed.preemptionPolicy)
    refuse('string value of PreemptionPolicy', given.preemptionPolicy, computed.preemptionPolicy);
  return computed;
}
