import { expect, it } from 'vitest';
import { openServer } from '../../../testing/golden.ts';
import type { PersistentVolumeClaim } from '../../apis/index.ts';

it('a bound claim may ask for more only when its class says that volumes can grow', () => {
  const { api, client, ctx } = openServer(['shop']);
  const ask = (name: string, storage: string) =>
    api.request(ctx, 'you', {
      verb: 'patch',
      resource: 'persistentvolumeclaims',
      namespace: 'shop',
      name,
      patchType: 'merge',
      body: { spec: { resources: { requests: { storage } } } },
    });
  for (const grows of [true, false]) {
    const name = grows ? 'grows' : 'fixed';
    client.create(ctx, 'storageclasses.storage.k8s.io', {
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name },
      provisioner: 'example.com/disks',
      allowVolumeExpansion: grows,
    });
    const claim: PersistentVolumeClaim = client.create(ctx, 'persistentvolumeclaims', {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name, namespace: 'shop' },
      spec: { storageClassName: name, accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    });
    client.updateStatus(ctx, 'persistentvolumeclaims', {
      ...claim,
      status: { phase: 'Bound', capacity: { storage: '1Gi' } },
    });
  }
  expect(ask('grows', '2Gi')).toMatchObject({ code: 200 });
  expect(ask('fixed', '1Gi')).toMatchObject({ code: 200 });
  expect(ask('fixed', '2Gi').body).toMatchObject({
    reason: 'Forbidden',
    message:
      'persistentvolumeclaims "fixed" is forbidden: only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
  });
});
