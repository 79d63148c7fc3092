import type {
  V1PersistentVolumeClaim,
  V1StatefulSet,
  V1StatefulSetSpec,
  V1StatefulSetUpdateStrategy,
} from '../../../generated/types.ts';
import {
  equal,
  type FieldError,
  forbiddenValue,
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
import { isUsableSelector, labels, labelSelector, notNegative } from '../validation/basics.ts';
import { atMostAll, intOrPercent, isEmpty, workloadTemplate } from '../validation/workload.ts';

/** RollingUpdate without parameters is given a partition only when the type itself was left out. */
function strategyDefaults(strategy: V1StatefulSetUpdateStrategy): V1StatefulSetUpdateStrategy {
  const rolling = strategy.rollingUpdate ?? (strategy.type ? undefined : {});
  const type = strategy.type || 'RollingUpdate';
  if (type !== 'RollingUpdate' || !rolling) return filled(strategy, { type });
  return filled(strategy, { type, rollingUpdate: filled(rolling, { partition: rolling.partition ?? 0 }) });
}

const claimDefaults = (claim: V1PersistentVolumeClaim): V1PersistentVolumeClaim =>
  filled(claim, {
    kind: claim.kind || 'PersistentVolumeClaim',
    apiVersion: claim.apiVersion || 'v1',
    spec: claim.spec && filled(claim.spec, { volumeMode: claim.spec.volumeMode || 'Filesystem' }),
    status: filled(claim.status ?? {}, { phase: claim.status?.phase || 'Pending' }),
  });

/** Kubernetes: pkg/apis/apps/validation validateRollingUpdateStatefulSet and its surroundings. */
function strategyErrors(strategy: V1StatefulSetUpdateStrategy): FieldError[] {
  const path = 'spec.updateStrategy';
  const { type, rollingUpdate } = strategy;
  const at = `${path}.rollingUpdate`;
  if (!type) return [requiredValue(path)];
  if (type === 'OnDelete')
    return rollingUpdate ? [invalidValue(at, rollingUpdate, "only allowed for updateStrategy 'RollingUpdate'")] : [];
  if (type !== 'RollingUpdate') return [invalidValue(path, strategy, "must be 'RollingUpdate' or 'OnDelete'")];
  if (!rollingUpdate) return [];
  const { partition, maxUnavailable } = rollingUpdate;
  const errors = notNegative(partition, `${at}.partition`);
  if (maxUnavailable === undefined) return errors;
  errors.push(...intOrPercent(maxUnavailable, `${at}.maxUnavailable`));
  if (maxUnavailable === 0 || (typeof maxUnavailable === 'string' && percentOf(maxUnavailable) === 0))
    errors.push(invalidValue(`${at}.maxUnavailable`, maxUnavailable, 'cannot be 0'));
  return [...errors, ...atMostAll(maxUnavailable, `${at}.maxUnavailable`)];
}

function retentionErrors(policy: V1StatefulSetSpec['persistentVolumeClaimRetentionPolicy']): FieldError[] {
  const errors: FieldError[] = [];
  for (const when of ['whenDeleted', 'whenScaled'] as const) {
    const value = policy?.[when];
    if (value !== undefined && value !== 'Retain' && value !== 'Delete')
      errors.push(notSupported(`spec.persistentVolumeClaimRetentionPolicy.${when}`, value, ['Retain', 'Delete']));
  }
  return errors;
}

/** Kubernetes: pkg/apis/apps/validation ValidateStatefulSetSpec. */
function validate(spec: V1StatefulSetSpec): FieldError[] {
  const { podManagementPolicy, selector } = spec;
  const errors: FieldError[] = [];
  if (podManagementPolicy !== 'OrderedReady' && podManagementPolicy !== 'Parallel')
    errors.push(invalidValue('spec.podManagementPolicy', podManagementPolicy, "must be 'OrderedReady' or 'Parallel'"));
  errors.push(
    ...strategyErrors(spec.updateStrategy ?? {}),
    ...retentionErrors(spec.persistentVolumeClaimRetentionPolicy),
    ...notNegative(spec.replicas, 'spec.replicas'),
    ...notNegative(spec.minReadySeconds, 'spec.minReadySeconds'),
    ...notNegative(spec.ordinals?.start, 'spec.ordinals.start'),
  );
  if (!selector) errors.push(requiredValue('spec.selector'));
  else {
    errors.push(...labelSelector(selector, 'spec.selector'));
    if (isEmpty(selector))
      errors.push(invalidValue('spec.selector', selector, 'empty selector is invalid for statefulset'));
    if (!isUsableSelector(selector)) errors.push(invalidValue('spec.selector', selector, ''));
  }
  // Kubernetes does not check the pod's spec here: its volumes may come from the claims. A wrong one shows as FailedCreate.
  const below = labels(spec.template?.metadata?.labels, 'spec.template.labels');
  return [...errors, ...workloadTemplate(spec.template, selector, 'StatefulSet', below)];
}

const changeable = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
] as const;

/** What of a spec may never change. Kubernetes: ValidateStatefulSetUpdate. */
function fixed(spec: V1StatefulSetSpec | undefined): object {
  const rest: Partial<V1StatefulSetSpec> = { ...spec };
  for (const field of changeable) delete rest[field];
  return rest;
}

/** StatefulSet. Kubernetes: pkg/registry/apps/statefulset. */
export const statefulSet = defineKind({
  group: 'apps',
  version: 'v1',
  kind: 'StatefulSet',
  key: 'statefulsets.apps',
  model: 'V1StatefulSet',
  shortNames: ['sts'],
  categories: ['all'],
  nameRule: 'dns1123-label',
  statusSubresource: true,
  scale: true,
  generation: true,
  defaults(set) {
    const spec = set.spec ?? ({} as V1StatefulSetSpec);
    const { whenDeleted, whenScaled } = spec.persistentVolumeClaimRetentionPolicy ?? {};
    set.spec = filled(spec, {
      replicas: spec.replicas ?? 1,
      template: templateDefaults(spec.template),
      podManagementPolicy: spec.podManagementPolicy || 'OrderedReady',
      updateStrategy: strategyDefaults(spec.updateStrategy ?? {}),
      revisionHistoryLimit: spec.revisionHistoryLimit ?? 10,
      persistentVolumeClaimRetentionPolicy: filled(spec.persistentVolumeClaimRetentionPolicy ?? {}, {
        whenDeleted: whenDeleted || 'Retain',
        whenScaled: whenScaled || 'Retain',
      }),
      volumeClaimTemplates: spec.volumeClaimTemplates?.map(claimDefaults),
    });
  },
  prepareForCreate(set) {
    set.status = { replicas: 0, availableReplicas: 0 };
  },
  validate: ({ spec }) => validate(spec ?? ({} as V1StatefulSetSpec)),
  validateUpdate: (next, old) =>
    equal(fixed(next.spec), fixed(old.spec))
      ? []
      : [
          forbiddenValue(
            'spec',
            "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
          ),
        ],
  refs({ metadata, spec }) {
    const { serviceName } = spec ?? {};
    const pods = podRefs(spec?.template?.spec, metadata.namespace, 'spec.template.spec');
    if (!serviceName) return pods;
    const { namespace } = metadata;
    return [...pods, { resource: 'services', name: serviceName, namespace, path: 'spec.serviceName', how: 'names' }];
  },
  storedOnly: podStoredOnly('spec.template.spec'),
  columns: [
    nameColumn,
    { name: 'Ready', cell: (s) => `${s.status?.readyReplicas ?? 0}/${s.spec?.replicas ?? 0}` },
    ageColumn,
    ...templateColumns<V1StatefulSet>((s) => s.spec?.template),
  ],
  example: {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'example' },
    spec: {
      serviceName: 'example',
      selector: { matchLabels: { app: 'example' } },
      template: { metadata: { labels: { app: 'example' } }, spec: { containers: [{ name: 'web', image: 'nginx' }] } },
    },
  },
});
