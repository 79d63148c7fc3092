import { milliValue, quantityValue, type KubeObject } from '../../apimachinery/index.ts';
import { age } from '../../apimachinery/duration.ts';
import { kindOf, type Lease, type Node, type Pod } from '../../apis/index.ts';
import { compareText } from './order.ts';
import { annotationLines, eventLines, labelLines, longTime, type Sheet } from './sheet.ts';

/** `kubectl describe node`. Kubernetes: describeNode. */
export function describeNode(sheet: Sheet, object: KubeObject): void {
  const node = object as unknown as Node;
  const { metadata, spec = {}, status = {} } = node;
  const prefix = 'node-role.kubernetes.io/';
  const roles = Object.keys(metadata.labels ?? {}).filter((key) => key.startsWith(prefix));
  sheet.line(0, `Name:\t${metadata.name}`);
  sheet.line(
    0,
    `Roles:\t${
      roles
        .map((role) => role.slice(prefix.length))
        .sort(compareText)
        .join(',') || '<none>'
    }`,
  );
  labelLines(sheet, 'Labels', metadata.labels);
  annotationLines(sheet, 'Annotations', metadata.annotations);
  sheet.line(0, `CreationTimestamp:\t${longTime(metadata.creationTimestamp)}`);
  const taints = (spec.taints ?? []).map((t) => `${t.key}${t.value ? `=${t.value}` : ''}:${t.effect}`);
  sheet.line(0, `Taints:\t${taints[0] ?? '<none>'}`);
  for (const taint of taints.slice(1)) sheet.line(0, `\t${taint}`);
  sheet.line(0, `Unschedulable:\t${spec.unschedulable ?? false}`);
  leaseLines(sheet, metadata.name);
  sheet.line(0, 'Conditions:\n  Type\tStatus\tLastHeartbeatTime\tLastTransitionTime\tReason\tMessage');
  sheet.line(0, '  ----\t------\t-----------------\t------------------\t------\t-------');
  for (const c of status.conditions ?? [])
    sheet.line(1, `${c.type} \t${c.status} \t${longTime(c.lastHeartbeatTime)} \t${longTime(c.lastTransitionTime)} \t${c.reason ?? ''} \t${c.message ?? ''}`); // prettier-ignore
  sheet.line(0, 'Addresses:');
  for (const { type, address } of status.addresses ?? []) sheet.line(1, `${type}:\t${address}`);
  amounts(sheet, 'Capacity', status.capacity);
  amounts(sheet, 'Allocatable', status.allocatable);
  infoLines(sheet, node);
  podLines(sheet, node);
  eventLines(sheet, kindOf('nodes')!, object);
}

function leaseLines(sheet: Sheet, name: string): void {
  const leases = sheet.run.client.list(sheet.run.ctx, 'leases.coordination.k8s.io', 'kube-node-lease');
  const spec = (leases as readonly Lease[]).find((lease) => lease.metadata.name === name)?.spec;
  if (!spec) {
    sheet.line(0, `Lease:\tFailed to get lease: leases.coordination.k8s.io "${name}" not found`);
    return;
  }
  sheet.line(0, `Lease:\n  HolderIdentity:\t${spec.holderIdentity ?? '<unset>'}`);
  sheet.line(1, `AcquireTime:\t${longTime(spec.acquireTime) || '<unset>'}`);
  sheet.line(1, `RenewTime:\t${longTime(spec.renewTime) || '<unset>'}`);
}

function amounts(sheet: Sheet, title: string, list: Readonly<Record<string, string>> | undefined): void {
  if (!list) return;
  sheet.line(0, `${title}:`);
  for (const name of Object.keys(list).sort(compareText)) sheet.line(1, `${name}:\t${list[name]}`);
}

function infoLines(sheet: Sheet, { spec = {}, status }: Node): void {
  const info = status?.nodeInfo;
  if (info) {
    sheet.line(0, 'System Info:');
    sheet.line(1, `Machine ID:\t${info.machineID}`);
    sheet.line(1, `System UUID:\t${info.systemUUID}`);
    sheet.line(1, `Boot ID:\t${info.bootID}`);
    sheet.line(1, `Kernel Version:\t${info.kernelVersion}`);
    sheet.line(1, `OS Image:\t${info.osImage}`);
    sheet.line(1, `Operating System:\t${info.operatingSystem}`);
    sheet.line(1, `Architecture:\t${info.architecture}`);
    sheet.line(1, `Container Runtime Version:\t${info.containerRuntimeVersion}`);
    sheet.line(1, `Kubelet Version:\t${info.kubeletVersion}`);
  }
  if (spec.podCIDR) sheet.line(0, `PodCIDR:\t${spec.podCIDR}`);
  if (spec.podCIDRs?.length) sheet.line(0, `PodCIDRs:\t${spec.podCIDRs.join(',')}`);
  if (spec.providerID) sheet.line(0, `ProviderID:\t${spec.providerID}`);
}

interface Sum {
  cpu: number;
  memory: number;
}

/** What containers ask for, or may use: a pod counts with its largest init container when that is more. */
function sumOf({ spec }: Pod, list: 'requests' | 'limits'): Sum {
  const sum = { cpu: 0, memory: 0 };
  for (const { resources } of spec?.containers ?? []) {
    sum.cpu += milliValue(resources?.[list]?.['cpu']);
    sum.memory += quantityValue(resources?.[list]?.['memory']);
  }
  for (const { resources, restartPolicy } of spec?.initContainers ?? []) {
    const cpu = milliValue(resources?.[list]?.['cpu']);
    const memory = quantityValue(resources?.[list]?.['memory']);
    if (restartPolicy === 'Always') {
      sum.cpu += cpu;
      sum.memory += memory;
    } else {
      sum.cpu = Math.max(sum.cpu, cpu);
      sum.memory = Math.max(sum.memory, memory);
    }
  }
  return sum;
}

const cpuText = (milli: number): string => (milli % 1000 === 0 ? String(milli / 1000) : `${milli}m`);

function bytesText(bytes: number): string {
  for (const [unit, size] of [
    ['Gi', 2 ** 30],
    ['Mi', 2 ** 20],
    ['Ki', 2 ** 10],
  ] as const)
    if (bytes > 0 && bytes % size === 0) return `${bytes / size}${unit}`;
  return String(bytes);
}

/** Pods that have not ended, and what of the node they take. */
function podLines(sheet: Sheet, { metadata, status }: Node): void {
  const { ctx, client } = sheet.run;
  const options = { fieldSelector: `spec.nodeName=${metadata.name},status.phase!=Failed,status.phase!=Succeeded` };
  const pods = client.list(ctx, 'pods', undefined, options) as readonly Pod[];
  const whole = {
    cpu: milliValue(status?.allocatable?.['cpu']),
    memory: quantityValue(status?.allocatable?.['memory']),
  };
  const part = (of: number, all: number): number => (all === 0 ? 0 : Math.floor((of / all) * 100));
  const cpu = (n: number): string => `${cpuText(n)} (${part(n, whole.cpu)}%)`;
  const memory = (n: number): string => `${bytesText(n)} (${part(n, whole.memory)}%)`;
  const total = { requests: { cpu: 0, memory: 0 }, limits: { cpu: 0, memory: 0 } };
  sheet.line(0, `Non-terminated Pods:\t(${pods.length} in total)`);
  sheet.line(1, 'Namespace\tName\t\tCPU Requests\tCPU Limits\tMemory Requests\tMemory Limits\tAge');
  sheet.line(1, '---------\t----\t\t------------\t----------\t---------------\t-------------\t---');
  for (const pod of pods) {
    const [requests, limits] = [sumOf(pod, 'requests'), sumOf(pod, 'limits')];
    for (const name of ['cpu', 'memory'] as const) {
      total.requests[name] += requests[name];
      total.limits[name] += limits[name];
    }
    sheet.line(1, `${pod.metadata.namespace}\t${pod.metadata.name}\t\t${cpu(requests.cpu)}\t${cpu(limits.cpu)}\t${memory(requests.memory)}\t${memory(limits.memory)}\t${age(pod.metadata.creationTimestamp, ctx.now)}`); // prettier-ignore
  }
  sheet.line(0, 'Allocated resources:\n  (Total limits may be over 100 percent, i.e., overcommitted.)');
  sheet.line(1, 'Resource\tRequests\tLimits');
  sheet.line(1, '--------\t--------\t------');
  sheet.line(1, `cpu\t${cpu(total.requests.cpu)}\t${cpu(total.limits.cpu)}`);
  sheet.line(1, `memory\t${memory(total.requests.memory)}\t${memory(total.limits.memory)}`);
  for (const name of Object.keys(status?.allocatable ?? {}).sort(compareText))
    if (name === 'ephemeral-storage' || name.startsWith('hugepages-')) sheet.line(1, `${name}\t0 (0%)\t0 (0%)`);
}
