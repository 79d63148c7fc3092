import type { V1Container } from '../../../generated/types.ts';
import { controllerOf, millisOf, type KubeObject } from '../../apimachinery/index.ts';
import { humanDuration } from '../../apimachinery/duration.ts';
import { kindOf, type Pod } from '../../apis/index.ts';
import { qosClass } from '../../apis/core/qos.ts';
import { containerLines } from './containers.ts';
import { spreadLines, tolerationLines, volumeLines } from './podspec.ts';
import { annotationLines, eventLines, labelLines, longTime, type Sheet } from './sheet.ts';

/** `kubectl describe pod`. Kubernetes: describePod. */
export function describePod(sheet: Sheet, object: KubeObject): void {
  const pod = object as unknown as Pod;
  const spec = pod.spec!;
  const status = pod.status ?? {};
  identityLines(sheet, pod);
  statusLines(sheet, pod);
  sheet.line(0, `IP:\t${status.podIP ?? ''}`);
  sheet.line(0, `IPs:${status.podIPs?.length ? '' : '\t<none>'}`);
  for (const { ip } of status.podIPs ?? []) sheet.line(1, `IP:\t${ip}`);
  const owner = controllerOf(pod);
  if (owner) sheet.line(0, `Controlled By:\t${owner.kind}/${owner.name}`);
  if (status.nominatedNodeName) sheet.line(0, `NominatedNodeName:\t${status.nominatedNodeName}`);
  if (spec.initContainers?.length)
    containerLines(sheet, 'Init Containers', spec.initContainers, status.initContainerStatuses ?? [], pod);
  containerLines(sheet, 'Containers', spec.containers, status.containerStatuses ?? [], pod);
  if (spec.ephemeralContainers?.length) {
    const extra = spec.ephemeralContainers as readonly V1Container[];
    containerLines(sheet, 'Ephemeral Containers', extra, status.ephemeralContainerStatuses ?? [], pod);
  }
  if (spec.readinessGates?.length) {
    sheet.line(0, 'Readiness Gates:\n  Type\tStatus');
    for (const { conditionType } of spec.readinessGates) {
      const known = status.conditions?.find((c) => c.type === conditionType)?.status;
      sheet.line(1, `${conditionType} \t${known ?? '<none>'} `);
    }
  }
  if (status.conditions?.length) {
    sheet.line(0, 'Conditions:\n  Type\tStatus');
    for (const c of status.conditions) sheet.line(1, `${c.type} \t${c.status} `);
  }
  volumeLines(sheet, spec.volumes ?? [], '');
  sheet.line(0, `QoS Class:\t${status.qosClass ?? qosClass(spec)}`);
  labelLines(sheet, 'Node-Selectors', spec.nodeSelector);
  tolerationLines(sheet, spec.tolerations ?? [], '');
  spreadLines(sheet, spec, '');
  eventLines(sheet, kindOf('pods')!, object);
}

function identityLines(sheet: Sheet, { metadata, spec = { containers: [] }, status }: Pod): void {
  sheet.line(0, `Name:\t${metadata.name}`);
  sheet.line(0, `Namespace:\t${metadata.namespace}`);
  if (spec.priority !== undefined) sheet.line(0, `Priority:\t${spec.priority}`);
  if (spec.priorityClassName) sheet.line(0, `Priority Class Name:\t${spec.priorityClassName}`);
  if (spec.runtimeClassName) sheet.line(0, `Runtime Class Name:\t${spec.runtimeClassName}`);
  if (spec.serviceAccountName) sheet.line(0, `Service Account:\t${spec.serviceAccountName}`);
  sheet.line(0, `Node:\t${spec.nodeName ? `${spec.nodeName}/${status?.hostIP ?? ''}` : '<none>'}`);
  if (status?.startTime) sheet.line(0, `Start Time:\t${longTime(status.startTime)}`);
  labelLines(sheet, 'Labels', metadata.labels);
  annotationLines(sheet, 'Annotations', metadata.annotations);
}

function statusLines(sheet: Sheet, { metadata, status = {} }: Pod): void {
  const { deletionTimestamp: leaving } = metadata;
  if (leaving && status.phase !== 'Failed' && status.phase !== 'Succeeded') {
    const late = sheet.run.ctx.now - millisOf(leaving);
    sheet.line(
      0,
      late > 0 ? `Status:\tTerminating (lasts ${humanDuration(late)})` : `Status:\tTerminating (lasts <invalid>)`,
    );
    sheet.line(0, `Termination Grace Period:\t${metadata.deletionGracePeriodSeconds ?? 0}s`);
  } else sheet.line(0, `Status:\t${status.phase ?? ''}`);
  if (status.reason) sheet.line(0, `Reason:\t${status.reason}`);
  if (status.message) sheet.line(0, `Message:\t${status.message}`);
}
