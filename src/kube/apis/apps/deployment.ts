import { formatLabelSelector } from '../../apimachinery/labels.ts';
import { ageColumn, nameColumn, templateColumns } from '../cells.ts';
import type { V1Deployment } from '../../../generated/types.ts';
import { equal, forbiddenValue, invalidValue, type FieldError } from '../../apimachinery/index.ts';
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
  prepareForCreate(deployment) {
    deployment.status = {};
  },
  prepareForUpdate(next, old) {
    // A changed annotation counts as a new generation too, so that the controller looks at its revision history again.
    if (next.metadata.generation !== old.metadata.generation) return;
    if (equal(next.metadata.annotations ?? {}, old.metadata.annotations ?? {})) return;
    next.metadata = { ...next.metadata, generation: (old.metadata.generation ?? 0) + 1 };
  },
  /** Only what the API server's own tests need; the rest of apps/validation belongs here. */
  validate({ spec }) {
    const errors: FieldError[] = [];
    if (spec!.replicas! < 0) {
      errors.push(invalidValue('spec.replicas', spec!.replicas, 'must be greater than or equal to 0'));
    }
    if (spec!.strategy?.type === 'Recreate' && spec!.strategy.rollingUpdate) {
      const detail = "may not be specified when strategy `type` is 'Recreate'";
      errors.push(forbiddenValue('spec.strategy.rollingUpdate', detail));
    }
    return errors;
  },
  columns: [
    nameColumn,
    { name: 'Ready', cell: (d) => `${d.status?.readyReplicas ?? 0}/${d.spec?.replicas ?? 0}` },
    { name: 'Up-to-date', cell: (d) => d.status?.updatedReplicas ?? 0 },
    { name: 'Available', cell: (d) => d.status?.availableReplicas ?? 0 },
    ageColumn,
    ...templateColumns<V1Deployment>((d) => d.spec?.template),
    { name: 'Selector', priority: 1, cell: (d) => formatLabelSelector(d.spec?.selector) },
  ],
  example: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'example' } },
});
