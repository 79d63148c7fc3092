import type { V2HPAScalingRules, V2HorizontalPodAutoscaler, V2MetricTarget } from '../../../generated/types.ts';
import { ageColumn, nameColumn } from '../cells.ts';
import { filled } from '../defaulting.ts';
import { defineKind } from '../kind.ts';
import { autoscalerSpec, autoscalerStatus } from '../validation/autoscaler.ts';

/** Rules in both directions with everything filled in, as the controller uses them. */
export interface FullBehavior {
  readonly scaleUp: FullRules;
  readonly scaleDown: FullRules;
}

/** Rules of one direction; `stabilizationWindowSeconds` of scaling down may be left to the controller's 300 s. */
export type FullRules = V2HPAScalingRules & {
  readonly policies: NonNullable<V2HPAScalingRules['policies']>;
  readonly selectPolicy: string;
};

const period = 15;

/** Up: at once, by the larger of 4 pods and 100 % per 15 s. Kubernetes: GenerateHPAScaleUpRules. */
const upRules = (given: V2HPAScalingRules = {}): FullRules =>
  filled(given as FullRules, {
    stabilizationWindowSeconds: given.stabilizationWindowSeconds ?? 0,
    selectPolicy: given.selectPolicy ?? 'Max',
    policies: given.policies?.length
      ? given.policies
      : [
          { type: 'Pods', value: 4, periodSeconds: period },
          { type: 'Percent', value: 100, periodSeconds: period },
        ],
  });

/** Down: everything at once after the window. Kubernetes: GenerateHPAScaleDownRules. */
const downRules = (given: V2HPAScalingRules = {}): FullRules =>
  filled(given as FullRules, {
    selectPolicy: given.selectPolicy ?? 'Max',
    policies: given.policies?.length ? given.policies : [{ type: 'Percent', value: 100, periodSeconds: period }],
  });

/** Fills in what a behavior leaves open. Kubernetes: pkg/apis/autoscaling/v2/defaults.go. */
export function fullBehavior(given: NonNullable<V2HorizontalPodAutoscaler['spec']['behavior']>): FullBehavior {
  return filled(given as FullBehavior, { scaleUp: upRules(given.scaleUp), scaleDown: downRules(given.scaleDown) });
}

const shown = 2;
const unknown = '<unknown>';

/** Present value and target of one metric: `45%/50%`, `150Mi/100Mi`, `<unknown>/50%`. */
function valueOf(
  target: V2MetricTarget,
  current: { averageUtilization?: number | undefined; averageValue?: string | undefined } | undefined,
): string {
  if (target.averageValue !== undefined) return `${current?.averageValue ?? unknown}/${target.averageValue}`;
  const now = current?.averageUtilization === undefined ? unknown : `${current.averageUtilization}%`;
  return `${now}/${target.averageUtilization === undefined ? '<auto>' : `${target.averageUtilization}%`}`;
}

/** The column TARGETS. Kubernetes: pkg/printers/internalversion formatHPAMetrics. */
function targetsOf({ spec, status }: V2HorizontalPodAutoscaler): string | undefined {
  const metrics = spec?.metrics ?? [];
  if (metrics.length === 0) return undefined;
  const list = metrics.slice(0, shown).map((metric, i) => {
    const now = status?.currentMetrics?.[i];
    if (metric.resource) {
      return `${metric.resource.name}: ${valueOf(metric.resource.target, now?.resource?.current)}`;
    }
    if (metric.containerResource) {
      const { name, target } = metric.containerResource;
      return `${name}: ${valueOf(target, now?.containerResource?.current)}`;
    }
    const target = (metric.pods ?? metric.object ?? metric.external)?.target;
    const current = (now?.pods ?? now?.object ?? now?.external)?.current;
    if (target?.averageValue === undefined) return `${current?.value ?? unknown}/${target?.value ?? ''}`;
    return `${current?.averageValue ?? unknown}/${target.averageValue}${metric.pods ? '' : ' (avg)'}`;
  });
  return list.join(', ') + (metrics.length > shown ? ` + ${metrics.length - shown} more...` : '');
}

/** HorizontalPodAutoscaler. Kubernetes: pkg/registry/autoscaling/horizontalpodautoscaler. */
export const horizontalPodAutoscaler = defineKind({
  group: 'autoscaling',
  version: 'v2',
  kind: 'HorizontalPodAutoscaler',
  key: 'horizontalpodautoscalers.autoscaling',
  model: 'V2HorizontalPodAutoscaler',
  shortNames: ['hpa'],
  categories: ['all'],
  statusSubresource: true,
  defaults(autoscaler) {
    const spec = autoscaler.spec ?? ({} as typeof autoscaler.spec);
    autoscaler.spec = filled(spec, {
      minReplicas: spec.minReplicas ?? 1,
      metrics: spec.metrics?.length
        ? spec.metrics
        : [
            {
              type: 'Resource',
              resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
            },
          ],
      behavior: spec.behavior && fullBehavior(spec.behavior),
    });
  },
  prepareForCreate(autoscaler) {
    autoscaler.status = { desiredReplicas: 0, currentMetrics: null as never };
  },
  validate: ({ spec, status }) => [...autoscalerSpec(spec), ...autoscalerStatus(status)],
  refs: ({ metadata, spec }) => {
    const target = spec?.scaleTargetRef;
    if (!target?.kind || !target.name) return [];
    const [group, version] = (target.apiVersion ?? '').split('/');
    const resource = `${target.kind.toLowerCase()}s${version === undefined ? '' : `.${group}`}`;
    const { namespace } = metadata;
    return [{ resource, name: target.name, namespace, path: 'spec.scaleTargetRef', how: 'scaleTarget' }];
  },
  columns: [
    nameColumn,
    {
      name: 'Reference',
      cell: ({ spec }) => `${spec?.scaleTargetRef?.kind ?? ''}/${spec?.scaleTargetRef?.name ?? ''}`,
    },
    { name: 'Targets', cell: targetsOf },
    { name: 'MinPods', cell: ({ spec }) => (spec?.minReplicas === undefined ? '<unset>' : String(spec.minReplicas)) },
    { name: 'MaxPods', type: 'integer', cell: ({ spec }) => spec?.maxReplicas ?? 0 },
    { name: 'Replicas', type: 'integer', cell: ({ status }) => status?.currentReplicas ?? 0 },
    ageColumn,
  ],
  example: {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'example' },
    spec: {
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'example' },
      maxReplicas: 10,
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } },
      ],
    },
  },
});
