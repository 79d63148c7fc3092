import type { Context } from '../kernel/index.ts';
import { createClient } from './client/index.ts';
import type { Api } from './process.ts';

/** What a fresh cluster contains before any controller has run: the system namespaces. Kubernetes: pkg/controlplane. */
export function bootstrap(ctx: Context, api: Api): void {
  const client = createClient(api, 'kube-apiserver');
  for (const name of ['default', 'kube-node-lease', 'kube-public', 'kube-system']) {
    client.create(ctx, 'namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }
}
