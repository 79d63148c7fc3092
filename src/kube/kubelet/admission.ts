import type { V1PodSpec } from '../../generated/types.ts';
import { milliValue, quantityValue } from '../apimachinery/index.ts';
import type { Kubelet, Worker } from './memory.ts';
import { machineOf } from './machine.ts';

/** CPU (millicores) and memory (bytes) that a pod asks for. */
export interface Requests {
  readonly cpuMilli: number;
  readonly memoryBytes: number;
}

/** Sum of the containers and sidecars, or the largest init container with the sidecars before it, if that is more. */
export function podRequests(spec: V1PodSpec): Requests {
  const sum = { cpuMilli: 0, memoryBytes: 0 };
  const peak = { cpuMilli: 0, memoryBytes: 0 };
  for (const { resources, restartPolicy } of spec.initContainers ?? []) {
    const cpuMilli = milliValue(resources?.requests?.['cpu']);
    const memoryBytes = quantityValue(resources?.requests?.['memory']);
    if (restartPolicy === 'Always') {
      sum.cpuMilli += cpuMilli;
      sum.memoryBytes += memoryBytes;
    }
    const own = restartPolicy === 'Always' ? 0 : 1;
    peak.cpuMilli = Math.max(peak.cpuMilli, sum.cpuMilli + own * cpuMilli);
    peak.memoryBytes = Math.max(peak.memoryBytes, sum.memoryBytes + own * memoryBytes);
  }
  for (const { resources } of spec.containers) {
    sum.cpuMilli += milliValue(resources?.requests?.['cpu']);
    sum.memoryBytes += quantityValue(resources?.requests?.['memory']);
  }
  return {
    cpuMilli: Math.max(sum.cpuMilli, peak.cpuMilli),
    memoryBytes: Math.max(sum.memoryBytes, peak.memoryBytes),
  };
}

/**
 * Whether this node takes a pod that was bound to it: null, or why not. The scheduler has checked the same, but a pod
 * with `spec.nodeName` in its manifest has not passed it.
 *
 * Kubernetes: pkg/kubelet/lifecycle/predicate.go.
 * Simplified: checks CPU, memory, number of pods and host ports, not node affinity.
 */
export function admit(k: Kubelet, w: Worker): { reason: string; message: string } | null {
  const machine = machineOf(k);
  const own = podRequests(w.pod.spec!);
  const { cpuMilli, memoryBytes, pods } = k.memory.reserved;
  const no = (
    resource: string,
    requested: number,
    used: number,
    capacity: number,
  ): { reason: string; message: string } =>
    Object.freeze({
      reason: `OutOf${resource}`,
      message: `Node didn't have enough resource: ${resource}, requested: ${requested}, used: ${used}, capacity: ${capacity}`,
    });
  if (pods + 1 > machine.pods) return no('pods', 1, pods, machine.pods);
  if (own.cpuMilli > 0 && own.cpuMilli + cpuMilli > machine.cpuMilli)
    return no('cpu', own.cpuMilli, cpuMilli, machine.cpuMilli);
  if (own.memoryBytes > 0 && own.memoryBytes + memoryBytes > machine.memoryBytes)
    return no('memory', own.memoryBytes, memoryBytes, machine.memoryBytes);
  if (portTaken(k, w)) return portsRefusal;
  reserve(k, w, own);
  return null;
}

const portsRefusal = Object.freeze({
  reason: 'NodePorts',
  message: "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports",
});

const hostPortsOf = ({ spec }: Worker['pod']): string[] =>
  [...(spec!.initContainers ?? []), ...spec!.containers].flatMap(({ ports = [] }) =>
    ports.filter((port) => port.hostPort).map((port) => `${port.hostPort}/${port.protocol ?? 'TCP'}`),
  );

/** Whether a pod that is here already has one of the ports of this machine that a pod wants. */
function portTaken(k: Kubelet, w: Worker): boolean {
  const wanted = hostPortsOf(w.pod);
  if (wanted.length === 0) return false;
  for (const other of k.memory.workers.values())
    if (other !== w && other.reserved && hostPortsOf(other.pod).some((port) => wanted.includes(port))) return true;
  return false;
}

/** Counts a pod in what this node has given away. */
export function reserve(k: Kubelet, w: Worker, own: Requests): void {
  w.reserved = own;
  const { reserved } = k.memory;
  reserved.cpuMilli += own.cpuMilli;
  reserved.memoryBytes += own.memoryBytes;
  reserved.pods++;
}

/** Counts it out again; does nothing when that is done already. */
export function release(k: Kubelet, w: Worker): void {
  if (!w.reserved) return;
  const { reserved } = k.memory;
  reserved.cpuMilli -= w.reserved.cpuMilli;
  reserved.memoryBytes -= w.reserved.memoryBytes;
  reserved.pods--;
  w.reserved = null;
}
