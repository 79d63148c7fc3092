import type { V1Deployment, V1DeploymentStrategy } from '../../../generated/types.ts';
import {
  equal,
  type FieldError,
  forbiddenValue,
  formatLabelSelector,
  invalidValue,
  notSupported,
  percentOf,
  requiredValue,
} from '../../apimachinery/index.ts';
import { ageColumn, nameColumn, templateColumns } from '../cells.ts';
import { templateDefaults } from '../core/pod-defaults.ts';
import { podRefs, podStoredOnly } from '../core/pod-refs.ts';
import { filled } from '../defaulting.ts';
import { defineKind } from '../kind.ts';
import { notNegative } from '../validation/basics.ts';
import { atMostAll, intOrPercent, selectorUnchanged, workload } from '../validation/workload.ts';

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

/** Kubernetes: pkg/apis/apps/validation ValidateDeploymentSpec, ValidateRollingUpdateDeployment. */
function deploymentSpec(spec: NonNullable<V1Deployment['spec']>): FieldError[] {
  const { strategy, minReadySeconds, revisionHistoryLimit, progressDeadlineSeconds } = spec;
  const errors: FieldError[] = [];
  const path = 'spec.strategy';
  if (strategy?.type === 'Recreate') {
    if (strategy.rollingUpdate) {
      errors.push(forbiddenValue(`${path}.rollingUpdate`, "may not be specified when strategy `type` is 'Recreate'"));
    }
  } else if (strategy?.type === 'RollingUpdate') {
    const { maxUnavailable, maxSurge } = strategy.rollingUpdate ?? {};
    const at = `${path}.rollingUpdate`;
    if (!strategy.rollingUpdate) errors.push(requiredValue(at, 'this should be defaulted and never be nil'));
    errors.push(...intOrPercent(maxUnavailable, `${at}.maxUnavailable`), ...intOrPercent(maxSurge, `${at}.maxSurge`));
    const isZero = (value: number | string | undefined): boolean =>
      value === 0 || (value !== undefined && percentOf(value) === 0);
    if (isZero(maxUnavailable) && isZero(maxSurge)) {
      errors.push(invalidValue(`${at}.maxUnavailable`, maxUnavailable, 'may not be 0 when `maxSurge` is 0'));
    }
    errors.push(...atMostAll(maxUnavailable, `${at}.maxUnavailable`));
  } else {
    // The API server prints its internal type here.
    const printed = { Type: strategy?.type ?? '', RollingUpdate: strategy?.rollingUpdate ?? null };
    errors.push(notSupported(path, printed, ['Recreate', 'RollingUpdate']));
  }
  errors.push(...notNegative(minReadySeconds, 'spec.minReadySeconds'));
  errors.push(...notNegative(revisionHistoryLimit, 'spec.revisionHistoryLimit'));
  errors.push(...notNegative(progressDeadlineSeconds, 'spec.progressDeadlineSeconds'));
  if (progressDeadlineSeconds !== undefined && progressDeadlineSeconds <= (minReadySeconds ?? 0)) {
    errors.push(
      invalidValue('spec.progressDeadlineSeconds', progressDeadlineSeconds, 'must be greater than minReadySeconds'),
    );
  }
  return errors;
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
  validate: ({ spec }) => [...workload(spec ?? ({} as never), 'deployment'), ...deploymentSpec(spec ?? ({} as never))],
  validateUpdate: (next, old) => selectorUnchanged(next.spec?.selector, old.spec?.selector),
  refs: ({ metadata, spec }) => podRefs(spec?.template?.spec, metadata.namespace, 'spec.template.spec'),
  storedOnly: podStoredOnly('spec.template.spec'),
  columns: [
    nameColumn,
    { name: 'Ready', cell: (d) => `${d.status?.readyReplicas ?? 0}/${d.spec?.replicas ?? 0}` },
    { name: 'Up-to-date', cell: (d) => d.status?.updatedReplicas ?? 0 },
    { name: 'Available', cell: (d) => d.status?.availableReplicas ?? 0 },
    ageColumn,
    ...templateColumns<V1Deployment>((d) => d.spec?.template),
    { name: 'Selector', priority: 1, cell: (d) => formatLabelSelector(d.spec?.selector) },
  ],
  example: {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'example' },
    spec: {
      selector: { matchLabels: { app: 'example' } },
      template: { metadata: { labels: { app: 'example' } }, spec: { containers: [{ name: 'web', image: 'nginx' }] } },
    },
  },
});
