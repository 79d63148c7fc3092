import type { V1Container, V1ResourceFieldSelector } from '../../generated/types.ts';
import { milliValue, quantityValue } from '../apimachinery/index.ts';
import type { Kubelet, Worker } from './memory.ts';
import { machineOf } from './machine.ts';

/** `key="value"` lines in order of keys. Kubernetes: pkg/fieldpath, FormatMap. */
const formatMap = (map: Readonly<Record<string, string>> | undefined): string =>
  Object.keys(map ?? {})
    .sort()
    .map((key) => `${key}=${JSON.stringify(map![key])}`)
    .join('\n');

/** The value of a field of the pod for the downward API; '' for what it does not have. */
export function fieldValue(k: Kubelet, w: Worker, path: string): string {
  const { metadata, spec } = w.pod;
  const subscript = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path);
  if (subscript) return metadata[subscript[1] as 'labels' | 'annotations']?.[subscript[2]!] ?? '';
  switch (path) {
    case 'metadata.name':
      return metadata.name;
    case 'metadata.namespace':
      return metadata.namespace ?? '';
    case 'metadata.uid':
      return metadata.uid;
    case 'metadata.labels':
      return formatMap(metadata.labels);
    case 'metadata.annotations':
      return formatMap(metadata.annotations);
    case 'spec.nodeName':
      return spec?.nodeName ?? '';
    case 'spec.serviceAccountName':
      return spec?.serviceAccountName ?? '';
    case 'status.hostIP':
    case 'status.hostIPs':
      return machineOf(k).ip;
    case 'status.podIP':
    case 'status.podIPs':
      return w.ip;
    default:
      return '';
  }
}

/**
 * The value of a container's resource for the downward API, in units of the divisor, rounded up; without a limit the
 * node's allocatable amount. Kubernetes: pkg/api/v1/resource, ExtractContainerResourceValue.
 */
export function resourceValue(
  k: Kubelet,
  w: Worker,
  ref: V1ResourceFieldSelector,
  own: V1Container | undefined,
): string {
  const spec = w.pod.spec!;
  const container = ref.containerName
    ? [...spec.containers, ...(spec.initContainers ?? [])].find((c) => c.name === ref.containerName)
    : own;
  const [list, resource] = ref.resource.split('.') as ['limits' | 'requests', string];
  const divisor = ref.divisor && ref.divisor !== '0' ? ref.divisor : '1';
  const given = container?.resources?.[list]?.[resource];
  const machine = machineOf(k);
  if (resource === 'cpu') {
    const milli = given !== undefined ? milliValue(given) : list === 'limits' ? machine.cpuMilli : 0;
    return String(Math.ceil(milli / Math.max(1, milliValue(divisor))));
  }
  const amount =
    given !== undefined ? quantityValue(given) : list === 'limits' && resource === 'memory' ? machine.memoryBytes : 0;
  return String(Math.ceil(amount / Math.max(1, quantityValue(divisor))));
}
