import type { Command } from '../command.ts';
import { cluster } from '../kubeconfig.ts';

/** `kubectl cluster-info`: where the control plane is, and Services that belong to it. Kubernetes: kubectl/pkg/cmd/clusterinfo. */
export const clusterInfo: Command = {
  name: 'cluster-info',
  flags: { flags: {} },
  run(run) {
    run.out(`Kubernetes control plane is running at ${cluster.server}\n`);
    const labelSelector = 'kubernetes.io/cluster-service=true';
    for (const { metadata, spec } of run.client.list(run.ctx, 'services', 'kube-system', { labelSelector })) {
      const name = metadata.labels?.['kubernetes.io/name'] || metadata.name;
      const [port] = spec?.ports ?? [];
      const link = port ? `${metadata.name}:${port.name ?? ''}` : metadata.name;
      run.out(`${name} is running at ${cluster.server}/api/v1/namespaces/kube-system/services/${link}/proxy\n`);
    }
    run.out("\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n");
  },
};
