import type { V2HPAScalingRules, V2MetricSpec, V2MetricStatus } from '../../../generated/types.ts';
import { goQuote, type KubeObject } from '../../apimachinery/index.ts';
import { kindOf, type HorizontalPodAutoscaler } from '../../apis/index.ts';
import { annotationLines, eventLines, labelLines, longTime, type Sheet } from './sheet.ts';

const unknown = '<unknown>';

/** One line below "Metrics": what is measured, its present value and its target. */
function metricLine(spec: V2MetricSpec, now: V2MetricStatus | undefined): string {
  if (spec.resource ?? spec.containerResource) {
    const { name, target } = (spec.resource ?? spec.containerResource)!;
    const current = (spec.resource ? now?.resource : now?.containerResource)?.current;
    const of = spec.containerResource ? ` of container "${spec.containerResource.container}"` : '';
    const head = `resource ${name}${of} on pods`;
    if (target.averageValue !== undefined)
      return `${head}:\t${current?.averageValue ?? unknown} / ${target.averageValue}`;
    const { averageUtilization, averageValue } = current ?? {};
    const shown = averageUtilization === undefined ? unknown : `${averageUtilization}% (${averageValue ?? ''})`;
    const wanted = target.averageUtilization === undefined ? '<auto>' : `${target.averageUtilization}%`;
    return `${head}  (as a percentage of request):\t${shown} / ${wanted}`;
  }
  if (spec.pods) {
    const { metric, target } = spec.pods;
    return `${goQuote(metric.name)} on pods:\t${now?.pods?.current.averageValue ?? unknown} / ${target.averageValue ?? ''}`;
  }
  const source = spec.object ?? spec.external;
  if (!source) return `<unknown metric type ${goQuote(spec.type)}>`;
  const { metric, target } = source;
  const current = (spec.object ? now?.object : now?.external)?.current;
  const described = spec.object?.describedObject;
  const on = described ? ` on ${described.kind}/${described.name}` : '';
  const average = spec.object ? target.type === 'AverageValue' : target.averageValue !== undefined;
  return average
    ? `${goQuote(metric.name)}${on} (target average value):\t${current?.averageValue ?? unknown} / ${target.averageValue ?? ''}`
    : `${goQuote(metric.name)}${on} (target value):\t${current?.value ?? unknown} / ${target.value ?? ''}`;
}

function ruleLines(sheet: Sheet, direction: string, rules: V2HPAScalingRules | undefined): void {
  if (!rules) return;
  sheet.line(1, `${direction}:`);
  if (rules.stabilizationWindowSeconds !== undefined)
    sheet.line(2, `Stabilization Window: ${rules.stabilizationWindowSeconds} seconds`);
  if (!rules.policies?.length) return;
  sheet.line(2, `Select Policy: ${rules.selectPolicy ?? 'Max'}`);
  sheet.line(2, 'Policies:');
  for (const { type, value, periodSeconds } of rules.policies)
    sheet.line(3, `- Type: ${type}\tValue: ${value}\tPeriod: ${periodSeconds} seconds`);
}

/** `kubectl describe hpa`. Kubernetes: describeHorizontalPodAutoscalerV2. */
export function describeHorizontalPodAutoscaler(sheet: Sheet, object: KubeObject): void {
  const { metadata, spec, status } = object as unknown as HorizontalPodAutoscaler;
  const { scaleTargetRef, metrics = [], behavior } = spec;
  sheet.line(0, `Name:\t${metadata.name}`);
  sheet.line(0, `Namespace:\t${metadata.namespace}`);
  labelLines(sheet, 'Labels', metadata.labels);
  annotationLines(sheet, 'Annotations', metadata.annotations);
  sheet.line(0, `CreationTimestamp:\t${longTime(metadata.creationTimestamp)}`);
  sheet.line(0, `Reference:\t${scaleTargetRef.kind}/${scaleTargetRef.name}`);
  sheet.line(0, 'Metrics:\t( current / target )');
  for (const [i, metric] of metrics.entries()) sheet.line(1, metricLine(metric, status?.currentMetrics?.[i]));
  sheet.line(0, `Min replicas:\t${spec.minReplicas ?? '<unset>'}`);
  sheet.line(0, `Max replicas:\t${spec.maxReplicas}`);
  if (behavior) {
    sheet.line(0, 'Behavior:');
    ruleLines(sheet, 'Scale Up', behavior.scaleUp);
    ruleLines(sheet, 'Scale Down', behavior.scaleDown);
  }
  sheet.line(0, `${scaleTargetRef.kind} pods:\t${status?.currentReplicas ?? 0} current / ${status?.desiredReplicas ?? 0} desired`); // prettier-ignore
  if (status?.conditions?.length) {
    sheet.line(0, 'Conditions:\n  Type\tStatus\tReason\tMessage\n  ----\t------\t------\t-------');
    for (const c of status.conditions) sheet.line(1, `${c.type}\t${c.status}\t${c.reason ?? ''}\t${c.message ?? ''}`);
  }
  eventLines(sheet, kindOf('horizontalpodautoscalers.autoscaling')!, object);
}
