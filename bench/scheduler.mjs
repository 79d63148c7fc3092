// The scheduler alone: ten (nine) thousand pods on a thousand nodes, the binding's write included. Once of one ReplicaSet that says
// nothing; once of ten applications that spread hard over zones and hosts, prefer to be near a database and stay apart from it.
import { loadTs } from '../scripts/load-ts.mjs';
import { cpuMs } from './world.mjs';

export const figures = ['scheduler-1000-us-per-pod', 'scheduler-affinity-1000-us-per-pod'];

const containers = [{ name: 'app', image: 'web', resources: { requests: { cpu: '100m', memory: '64Mi' } } }];

function bedOf(schedulingBed, zones) {
  const bed = schedulingBed(0);
  bed.kernel.observer = {};
  for (let i = 0; i < 1000; i++) {
    const labels = zones > 0 ? { 'topology.kubernetes.io/zone': `zone-${i % zones}` } : {};
    bed.node(`node-${i}`, { labels, allocatable: { cpu: '8', memory: '32Gi' } });
  }
  return bed;
}

function timed(bed, pods) {
  const { ms } = cpuMs(() => bed.run(100_000));
  if (!bed.where(`p-${pods - 1}`)) throw new Error('not all pods got a node');
  return { value: Math.round((ms * 1000) / pods), unit: 'µs' };
}

function plain(schedulingBed) {
  const bed = bedOf(schedulingBed, 0);
  const pods = 10_000;
  const labels = { app: 'web', 'pod-template-hash': 'abc' };
  bed.client.create(bed.ctx, 'replicasets.apps', {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'web', namespace: 'default' },
    spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
  });
  bed.run(1000);
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'u', controller: true };
  for (let i = 0; i < pods; i++) bed.pod(`p-${i}`, { containers }, { labels, ownerReferences: [owner] });
  return timed(bed, pods);
}

function affine(schedulingBed) {
  const bed = bedOf(schedulingBed, 10);
  const pods = 9000; // one of each application per host; fifty hosts are taken by the database
  const host = 'kubernetes.io/hostname';
  const zone = 'topology.kubernetes.io/zone';
  const term = (topologyKey, app) => ({ topologyKey, labelSelector: { matchLabels: { app } } });
  for (let i = 0; i < 50; i++) {
    const podAntiAffinity = { requiredDuringSchedulingIgnoredDuringExecution: [term(host, 'db')] };
    const nodeName = `node-${i * 17}`; // five in every zone
    bed.pod(`db-${i}`, { nodeName, containers, affinity: { podAntiAffinity } }, { labels: { app: 'db' } });
  }
  bed.run(1000);
  for (let i = 0; i < pods; i++) {
    const app = `web-${i % 10}`;
    const labelSelector = { matchLabels: { app } };
    const spread = (topologyKey) => ({ maxSkew: 1, topologyKey, whenUnsatisfiable: 'DoNotSchedule', labelSelector });
    const affinity = {
      podAffinity: {
        preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 10, podAffinityTerm: term(zone, 'db') }],
      },
      podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term(host, 'db')] },
    };
    const spec = { containers, affinity, topologySpreadConstraints: [spread(zone), spread(host)] };
    bed.pod(`p-${i}`, spec, { labels: { app } });
  }
  return timed(bed, pods);
}

export async function run(wanted) {
  const { schedulingBed } = await loadTs('src/testing/scheduling.ts');
  return {
    ...(wanted.has(figures[0]) && { [figures[0]]: plain(schedulingBed) }),
    ...(wanted.has(figures[1]) && { [figures[1]]: affine(schedulingBed) }),
  };
}
