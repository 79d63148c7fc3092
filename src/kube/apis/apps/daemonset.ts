import type { V1DaemonSet, V1DaemonSetUpdateStrategy } from '../../../generated/types.ts';
import {
  equal,
  type FieldError,
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
import { labelSelector, notNegative } from '../validation/basics.ts';
import { atMostAll, intOrPercent, isEmpty, selectorUnchanged, workloadTemplate } from '../validation/workload.ts';

type Spec = NonNullable<V1DaemonSet['spec']>;

/** How often the template has changed. Deprecated, and still written down in an annotation and on every pod. */
export const templateGeneration = 'deprecated.daemonset.template.generation';

function strategyDefaults(strategy: V1DaemonSetUpdateStrategy): V1DaemonSetUpdateStrategy {
  const type = strategy.type || 'RollingUpdate';
  if (type !== 'RollingUpdate') return filled(strategy, { type });
  const { maxUnavailable = 1, maxSurge = 0 } = strategy.rollingUpdate ?? {};
  return filled(strategy, { type, rollingUpdate: filled(strategy.rollingUpdate ?? {}, { maxUnavailable, maxSurge }) });
}

const isZero = (value: number | string | undefined): boolean =>
  value === undefined || (typeof value === 'string' ? (percentOf(value) ?? 0) === 0 : value === 0);

/** Kubernetes: pkg/apis/apps/validation ValidateDaemonSetUpdateStrategy. */
function strategyErrors({ type, rollingUpdate }: V1DaemonSetUpdateStrategy): FieldError[] {
  const path = 'spec.updateStrategy';
  if (type === 'OnDelete') return [];
  // The API server prints its internal type here.
  if (type !== 'RollingUpdate')
    return [notSupported(path, { Type: type, RollingUpdate: rollingUpdate ?? null }, ['RollingUpdate', 'OnDelete'])];
  const { maxUnavailable, maxSurge } = rollingUpdate ?? {};
  const at = `${path}.rollingUpdate`;
  const errors = [
    ...intOrPercent(maxUnavailable, `${at}.maxUnavailable`),
    ...intOrPercent(maxSurge, `${at}.maxSurge`),
    ...atMostAll(maxUnavailable, `${at}.maxUnavailable`),
    ...atMostAll(maxSurge, `${at}.maxSurge`),
  ];
  if (!isZero(maxUnavailable) && !isZero(maxSurge))
    errors.push(invalidValue(`${at}.maxSurge`, maxSurge, 'may not be set when maxUnavailable is non-zero'));
  if (isZero(maxUnavailable) && isZero(maxSurge))
    errors.push(requiredValue(`${at}.maxUnavailable`, 'cannot be 0 when maxSurge is 0'));
  return errors;
}

/** Kubernetes: pkg/apis/apps/validation ValidateDaemonSetSpec. */
function validate({ selector, template, minReadySeconds, updateStrategy, revisionHistoryLimit }: Spec): FieldError[] {
  const errors = selector ? labelSelector(selector, 'spec.selector') : [];
  if (selector && isEmpty(selector))
    errors.push(invalidValue('spec.selector', selector, 'empty selector is invalid for daemonset'));
  return [
    ...errors,
    ...workloadTemplate(template, selector, 'DaemonSet'),
    ...notNegative(minReadySeconds, 'spec.minReadySeconds'),
    ...strategyErrors(updateStrategy ?? {}),
    ...notNegative(revisionHistoryLimit, 'spec.revisionHistoryLimit'),
  ];
}

/** DaemonSet. Kubernetes: pkg/registry/apps/daemonset. */
export const daemonSet = defineKind({
  group: 'apps',
  version: 'v1',
  kind: 'DaemonSet',
  key: 'daemonsets.apps',
  model: 'V1DaemonSet',
  shortNames: ['ds'],
  categories: ['all'],
  statusSubresource: true,
  generation: true,
  defaults(daemonSet) {
    const spec = daemonSet.spec ?? ({} as Spec);
    daemonSet.spec = filled(spec, {
      template: templateDefaults(spec.template),
      updateStrategy: strategyDefaults(spec.updateStrategy ?? {}),
      revisionHistoryLimit: spec.revisionHistoryLimit ?? 10,
    });
  },
  prepareForCreate(daemonSet) {
    const annotations = { ...daemonSet.metadata.annotations, [templateGeneration]: '1' };
    daemonSet.metadata = { ...daemonSet.metadata, annotations };
    daemonSet.status = { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 };
  },
  prepareForUpdate(next, old) {
    const before = Number(old.metadata.annotations?.[templateGeneration] ?? 0);
    const generation = String(equal(next.spec?.template, old.spec?.template) ? before : before + 1);
    if (next.metadata.annotations?.[templateGeneration] === generation) return;
    next.metadata = {
      ...next.metadata,
      annotations: { ...next.metadata.annotations, [templateGeneration]: generation },
    };
  },
  validate: ({ spec }) => validate(spec ?? ({} as Spec)),
  validateUpdate: (next, old) => selectorUnchanged(next.spec?.selector, old.spec?.selector),
  refs: ({ metadata, spec }) => podRefs(spec?.template?.spec, metadata.namespace, 'spec.template.spec'),
  storedOnly: podStoredOnly('spec.template.spec'),
  columns: [
    nameColumn,
    { name: 'Desired', type: 'integer', cell: (d) => d.status?.desiredNumberScheduled ?? 0 },
    { name: 'Current', type: 'integer', cell: (d) => d.status?.currentNumberScheduled ?? 0 },
    { name: 'Ready', type: 'integer', cell: (d) => d.status?.numberReady ?? 0 },
    { name: 'Up-to-date', type: 'integer', cell: (d) => d.status?.updatedNumberScheduled ?? 0 },
    { name: 'Available', type: 'integer', cell: (d) => d.status?.numberAvailable ?? 0 },
    {
      name: 'Node Selector',
      cell: ({ spec }) =>
        formatLabelSelector(spec?.template?.spec?.nodeSelector && { matchLabels: spec.template.spec.nodeSelector }),
    },
    ageColumn,
    ...templateColumns<V1DaemonSet>((d) => d.spec?.template),
    { name: 'Selector', priority: 1, cell: (d) => formatLabelSelector(d.spec?.selector) },
  ],
  example: {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'example' },
    spec: {
      selector: { matchLabels: { app: 'example' } },
      template: { metadata: { labels: { app: 'example' } }, spec: { containers: [{ name: 'web', image: 'nginx' }] } },
    },
  },
});
