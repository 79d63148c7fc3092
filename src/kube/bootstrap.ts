import type { Context } from '../kernel/index.ts';
import { systemPriorityClasses } from './apis/scheduling/priorityclass.ts';
import { localPath } from './apis/core/volume-binding.ts';
import { defaultClassAnnotation } from './apis/storage/storageclass.ts';
import { createClient } from './client/index.ts';
import type { Api } from './process.ts';
import { clusterRoleBindings, clusterRoles } from './rbac-policy.ts';

/**
 * What a fresh cluster contains before any controller has run: the system namespaces and priority classes, and the Service
 * by which pods reach the API server. Kubernetes: pkg/controlplane.
 * Simplified: the `kubernetes` Service has no endpoints; the addresses of the control plane are not part of the network.
 */
export function bootstrap(ctx: Context, api: Api): void {
  const client = createClient(api, 'kube-apiserver');
  for (const name of ['default', 'kube-node-lease', 'kube-public', 'kube-system']) {
    client.create(ctx, 'namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }
  for (const { name, value, description } of systemPriorityClasses) {
    client.create(ctx, 'priorityclasses.scheduling.k8s.io', {
      apiVersion: 'scheduling.k8s.io/v1',
      kind: 'PriorityClass',
      metadata: { name },
      value,
      description,
    });
  }
  client.create(ctx, 'services', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name: 'kubernetes',
      namespace: 'default',
      labels: { component: 'apiserver', provider: 'kubernetes' },
    },
    spec: {
      clusterIP: '10.96.0.1',
      ports: [{ name: 'https', protocol: 'TCP', port: 443, targetPort: 6443 }],
    },
  });
}

/** The default StorageClass of small clusters: volumes are made on the node of the pod that first uses them. */
export function bootstrapStorage(ctx: Context, api: Api): void {
  createClient(api, 'kube-apiserver').create(ctx, 'storageclasses.storage.k8s.io', {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'standard', annotations: { [defaultClassAnnotation]: 'true' } },
    provisioner: localPath,
    reclaimPolicy: 'Delete',
    volumeBindingMode: 'WaitForFirstConsumer',
  });
}

/** Who may do what before anybody has said so. */
export function bootstrapRoles(ctx: Context, api: Api): void {
  const client = createClient(api, 'kube-apiserver');
  for (const role of clusterRoles) client.create(ctx, 'clusterroles.rbac.authorization.k8s.io', role);
  for (const binding of clusterRoleBindings)
    client.create(ctx, 'clusterrolebindings.rbac.authorization.k8s.io', binding);
}
