import type { V1DeploymentStrategy } from '../../../generated/types.ts';
import { filled } from '../defaulting.ts';
import { templateDefaults } from '../core/pod-defaults.ts';
import { defineKind } from '../kind.ts';

/** RollingUpdate by default, a quarter of the pods more and a quarter fewer. Recreate has no parameters. */
function strategyDefaults(strategy: V1DeploymentStrategy): V1DeploymentStrategy {
  const type = strategy.type || 'RollingUpdate';
  if (type !== 'RollingUpdate') return filled(strategy, { type });
  const rolling = strategy.rollingUpdate ?? {};
  return filled(strategy, {
    type,
    rollingUpdate: filled(rolling, {
      maxUnavailable: rolling.maxUnavailable ?? '25%',
      maxSurge: rolling.maxSurge ?? '25%',
    }),
  });
}

/** Deployment. Kubernetes: pkg/registry/apps/deployment. */
export const deployment = defineKind({
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  key: 'deployments.apps',
  model: 'V1Deployment',
  shortNames: ['deploy'],
  categories: ['all'],
  statusSubresource: true,
  scale: true,
  generation: true,
  defaults(deployment) {
    const spec = deployment.spec ?? ({} as NonNullable<typeof deployment.spec>);
    deployment.spec = filled(spec, {
      replicas: spec.replicas ?? 1,
      template: templateDefaults(spec.template),
      strategy: strategyDefaults(spec.strategy ?? {}),
      revisionHistoryLimit: spec.revisionHistoryLimit ?? 10,
      progressDeadlineSeconds: spec.progressDeadlineSeconds ?? 600,
    });
  },
  columns: [],
  example: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'example' } },
});
