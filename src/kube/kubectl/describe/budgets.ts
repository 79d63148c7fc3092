import { formatLabelSelector, type KubeObject } from '../../apimachinery/index.ts';
import { kindOf, type PodDisruptionBudget, type PriorityClass } from '../../apis/index.ts';
import { annotationLines, eventLines, type Sheet } from './sheet.ts';

/** `kubectl describe poddisruptionbudget`. Kubernetes: describePodDisruptionBudgetPolicyV1. */
export function describePodDisruptionBudget(sheet: Sheet, object: KubeObject): void {
  const { metadata, spec = {}, status = {} } = object as unknown as PodDisruptionBudget;
  sheet.line(0, `Name:\t${metadata.name}`);
  sheet.line(0, `Namespace:\t${metadata.namespace}`);
  if (spec.minAvailable !== undefined) sheet.line(0, `Min available:\t${spec.minAvailable}`);
  else if (spec.maxUnavailable !== undefined) sheet.line(0, `Max unavailable:\t${spec.maxUnavailable}`);
  sheet.line(0, spec.selector ? `Selector:\t${formatLabelSelector(spec.selector)}` : 'Selector:\t<unset>');
  sheet.line(0, 'Status:');
  sheet.line(2, `Allowed disruptions:\t${status.disruptionsAllowed ?? 0}`);
  sheet.line(2, `Current:\t${status.currentHealthy ?? 0}`);
  sheet.line(2, `Desired:\t${status.desiredHealthy ?? 0}`);
  sheet.line(2, `Total:\t${status.expectedPods ?? 0}`);
  eventLines(sheet, kindOf('poddisruptionbudgets.policy')!, object);
}

/** `kubectl describe priorityclass`. Kubernetes: describePriorityClass. */
export function describePriorityClass(sheet: Sheet, object: KubeObject): void {
  const {
    metadata,
    value = 0,
    globalDefault = false,
    preemptionPolicy,
    description,
  } = object as unknown as PriorityClass;
  sheet.line(0, `Name:\t${metadata.name}`);
  sheet.line(0, `Value:\t${value}`);
  sheet.line(0, `GlobalDefault:\t${globalDefault}`);
  sheet.line(0, `PreemptionPolicy:\t${preemptionPolicy ?? ''}`);
  sheet.line(0, `Description:\t${description ?? ''}`);
  annotationLines(sheet, 'Annotations', metadata.annotations);
  eventLines(sheet, kindOf('priorityclasses.scheduling.k8s.io')!, object);
}
