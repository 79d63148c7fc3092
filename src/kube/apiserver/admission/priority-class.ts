import { forbidden, type KubeObject } from '../../apimachinery/index.ts';
import type { PriorityClass } from '../../apis/index.ts';
import { range } from '../../etcd/etcd.ts';
import type { Call } from '../call.ts';

const key = 'priorityclasses.scheduling.k8s.io';

/** The class of pods that name none: of several defaults the one of the lowest value. There are a handful of classes. */
export function defaultPriorityClass({ etcd }: Call): PriorityClass | undefined {
  let found: PriorityClass | undefined;
  for (const object of range(etcd, key).values()) {
    const candidate = object as unknown as PriorityClass;
    if (candidate.globalDefault && (!found || (candidate.value ?? 0) < (found.value ?? 0))) found = candidate;
  }
  return found;
}

/** Only one class may be the default. Kubernetes: plugin/pkg/admission/priority validatePriorityClass. */
export function admitPriorityClass(call: Call, object: KubeObject): void {
  if (call.kind.key !== key || !(object as unknown as PriorityClass).globalDefault) return;
  const other = defaultPriorityClass(call);
  if (!other || other.metadata.name === object.metadata.name) return;
  throw forbidden(
    'scheduling.k8s.io',
    'priorityclasses',
    object.metadata.name,
    `PriorityClass ${other.metadata.name} is already marked as default. Only one default can exist`,
  );
}
