// The scheduler alone: ten thousand pods of one ReplicaSet on a thousand nodes, the binding's write included.
import { loadTs } from '../scripts/load-ts.mjs';
import { cpuMs } from './world.mjs';

export const figures = ['scheduler-1000-us-per-pod'];

export async function run() {
  const { schedulingBed } = await loadTs('src/testing/scheduling.ts');
  const bed = schedulingBed(0);
  bed.kernel.observer = {};
  const pods = 10_000;
  for (let i = 0; i < 1000; i++) bed.node(`node-${i}`, { allocatable: { cpu: '8', memory: '32Gi' } });
  const labels = { app: 'web', 'pod-template-hash': 'abc' };
  const containers = [{ name: 'app', image: 'web', resources: { requests: { cpu: '100m', memory: '64Mi' } } }];
  bed.client.create(bed.ctx, 'replicasets.apps', {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'web', namespace: 'default' },
    spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
  });
  bed.run(1000);
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web', uid: 'u', controller: true };
  for (let i = 0; i < pods; i++) bed.pod(`p-${i}`, { containers }, { labels, ownerReferences: [owner] });
  const { ms } = cpuMs(() => bed.run(100_000));
  if (!bed.where(`p-${pods - 1}`)) throw new Error('not all pods got a node');
  return { 'scheduler-1000-us-per-pod': { value: Math.round((ms * 1000) / pods), unit: 'µs' } };
}
