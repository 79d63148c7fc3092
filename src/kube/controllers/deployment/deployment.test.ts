import { expect, test } from 'vitest';
import { controlPlane } from '../../../testing/world.ts';
import type { Deployment, KubeEvent, Pod, ReplicaSet } from '../../apis/index.ts';

const web = (replicas: number, image = 'web:1'): Deployment =>
  ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'default' },
    spec: {
      replicas,
      selector: { matchLabels: { app: 'web' } },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } },
      progressDeadlineSeconds: 600,
      revisionHistoryLimit: 10,
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'app', image }] } },
    },
  }) as unknown as Deployment;

test('a Deployment becomes a ReplicaSet, which becomes pods, and says so', () => {
  const plane = controlPlane();
  plane.client.create(plane.ctx, 'deployments.apps', web(3));
  plane.run(5000);
  const [rs] = plane.all<ReplicaSet>('replicasets.apps');
  expect(plane.all<Pod>('pods').map((p) => p.metadata.ownerReferences?.[0]?.name)).toEqual([
    rs!.metadata.name,
    rs!.metadata.name,
    rs!.metadata.name,
  ]);
  expect(plane.all<Deployment>('deployments.apps')[0]!.status).toMatchObject({ replicas: 3, availableReplicas: 3 });
  expect(plane.all<KubeEvent>('events').map((e) => e.message)).toContain(
    `Scaled up replica set ${rs!.metadata.name} from 0 to 3`,
  );
});
