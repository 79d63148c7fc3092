import type { Pod } from '../../apis/index.ts';
import { rejection, type Plugin } from '../framework.ts';
import { hostPortsOf, hostPortKey, type HostPort, type NodeInfo } from '../nodeinfo.ts';

const taken = rejection(false, "node(s) didn't have free ports for the requested pod ports");

const anyIp = '0.0.0.0';
const clash = (a: HostPort, b: HostPort): boolean =>
  a.port === b.port && a.protocol === b.protocol && (a.ip === b.ip || a.ip === anyIp || b.ip === anyIp);

function inUse(wanted: HostPort, node: NodeInfo): boolean {
  if (node.ports[hostPortKey(wanted)] || node.ports[hostPortKey({ ...wanted, ip: anyIp })]) return true;
  if (wanted.ip !== anyIp) return false;
  const prefix = `${wanted.protocol}/${wanted.port}/`;
  for (const key in node.ports) if (key.startsWith(prefix)) return true;
  return false;
}

/** Two pods cannot claim one port of a node. Kubernetes: pkg/scheduler/framework/plugins/nodeports. */
export const nodePorts: Plugin = {
  name: 'NodePorts',
  wakes: [
    {
      on: ['Pod/Delete'],
      helps(pod, old) {
        const freed = hostPortsOf((old as Pod).spec!);
        return hostPortsOf(pod.spec!).some((wanted) => freed.some((port) => clash(wanted, port)));
      },
    },
    { on: ['Node/Add'] },
  ],
  filter: (pod, node) => (pod.hostPorts.some((port) => inUse(port, node)) ? taken : undefined),
};
