import type { V1NodeCondition, V1NodeStatus, V1NodeSystemInfo } from '../../generated/types.ts';
import { fnv1a } from '../../kernel/index.ts';
import { timestamp } from '../apimachinery/index.ts';
import type { Machine } from '../machines.ts';
import { machineOf } from './machine.ts';
import type { Kubelet } from './memory.ts';

const hex = (name: string, digits: number): string => {
  let text = '';
  for (let i = 0; text.length < digits; i++)
    text += fnv1a(name, i + 1)
      .toString(16)
      .padStart(8, '0');
  return text.slice(0, digits);
};
const uuid = (name: string): string =>
  hex(name, 32).replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-4$3-a$4-$5');

/** Identity of the machine's present run: it boots together with its kubelet. */
export const bootOf = (k: Kubelet): string => uuid(`boot-${k.node}-${machineOf(k).heartbeatSince}`);

function nodeInfo(k: Kubelet): V1NodeSystemInfo {
  const { node } = k;
  return {
    architecture: 'amd64',
    bootID: bootOf(k),
    containerRuntimeVersion: 'containerd://2.2.1',
    kernelVersion: '6.12.63+deb13-amd64',
    kubeProxyVersion: '',
    kubeletVersion: 'v1.36.2',
    machineID: hex(`machine-${node}`, 32),
    operatingSystem: 'linux',
    osImage: 'Debian GNU/Linux 13 (trixie)',
    systemUUID: uuid(`system-${node}`),
  };
}

/** Status of a healthy node. Kubernetes: pkg/kubelet/nodestatus/setters.go. */
export function nodeStatus(k: Kubelet, machine: Machine, known: V1NodeStatus | undefined): V1NodeStatus {
  const now = timestamp(k.ctx.now);
  const condition = (type: string, status: string, reason: string, message: string): V1NodeCondition => ({
    type,
    status,
    lastHeartbeatTime: now,
    lastTransitionTime: now,
    reason,
    message,
  });
  const resources = {
    cpu: machine.cpuMilli % 1000 === 0 ? String(machine.cpuMilli / 1000) : `${machine.cpuMilli}m`,
    'ephemeral-storage': '102626232Ki',
    'hugepages-1Gi': '0',
    'hugepages-2Mi': '0',
    memory: `${Math.floor(machine.memoryBytes / 1024)}Ki`,
    pods: String(machine.pods),
  };
  return {
    addresses: [
      { type: 'InternalIP', address: machine.ip },
      { type: 'Hostname', address: k.node },
    ],
    capacity: resources,
    allocatable: resources,
    conditions: [
      condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'),
      condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'),
      condition('PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'),
      condition('Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'),
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: 10_250 } },
    nodeInfo: known?.nodeInfo ?? nodeInfo(k),
  };
}
