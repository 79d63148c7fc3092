import type { V1Container, V1PodSpec } from '../../../generated/types.ts';
import { deepFreeze } from '../../../kernel/index.ts';
import type { Draft } from '../../apimachinery/index.ts';
import type { Job, Pod } from '../../apis/index.ts';
import { podFrom } from '../podcontrol.ts';
import { failureAnnotations, failuresBefore, indexAnnotation } from './indexes.ts';
import { matchFailurePolicy } from './policies.ts';
import { trackingFinalizer } from './view.ts';

const indexVariable = 'JOB_COMPLETION_INDEX';
/** Longest base of a generated name. Kubernetes: names.MaxGeneratedNameLength. */
const maxBase = 58;

/** A new pod of the Job, tracked until it is counted. */
export function podOf(job: Job): Draft<Pod> {
  const { template } = job.spec!;
  const finalizers = template.metadata?.finalizers ?? [];
  const tracked = finalizers.includes(trackingFinalizer) ? finalizers : [...finalizers, trackingFinalizer];
  return podFrom(job, { ...template, metadata: { ...template.metadata, finalizers: tracked } });
}

/** The pod of one index: in its name, host name, label, annotation and environment. `replaced` is the index's last failed pod. */
export function indexedPodOf(job: Job, index: number, replaced: Pod | undefined): Draft<Pod> {
  const pod = podOf(job);
  const text = String(index);
  const counts = job.spec!.backoffLimitPerIndex === undefined ? {} : carriedOn(job, replaced);
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      generateName: baseOf(job.metadata.name, `-${index}-`),
      labels: { ...pod.metadata?.labels, [indexAnnotation]: text },
      annotations: { ...pod.metadata?.annotations, [indexAnnotation]: text, ...counts },
    },
    spec: { ...withVariable(pod.spec!), hostname: `${job.metadata.name}-${index}` },
  };
}

function baseOf(name: string, tail: string): string {
  const whole = name + tail;
  return whole.length > maxBase ? name.slice(0, maxBase - tail.length) + tail : whole;
}

/** How often the index has failed, with the pod that is replaced. */
function carriedOn(job: Job, replaced: Pod | undefined): Record<string, string> {
  if (!replaced) return failureAnnotations(0, 0);
  const { counted, ignored } = failuresBefore(replaced);
  const { counts } = matchFailurePolicy(job.spec!.podFailurePolicy, replaced);
  return failureAnnotations(counted + (counts ? 1 : 0), ignored + (counts ? 0 : 1));
}

const prepared = new WeakMap<V1PodSpec, V1PodSpec>(); // pure: the spec of a template → with the variable

/** The spec with the variable in every container, from the pod's own label; shared by all pods of the template. */
function withVariable(spec: V1PodSpec): V1PodSpec {
  const known = prepared.get(spec);
  if (known) return known;
  const add = (container: V1Container): V1Container =>
    container.env?.some(({ name }) => name === indexVariable)
      ? container
      : { ...container, env: [...(container.env ?? []), variable] };
  const result = deepFreeze({
    ...spec,
    containers: spec.containers.map(add),
    ...(spec.initContainers && { initContainers: spec.initContainers.map(add) }),
  });
  prepared.set(spec, result);
  return result;
}

const variable = {
  name: indexVariable,
  valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: `metadata.labels['${indexAnnotation}']` } },
};
