import type {
  V1PodSpec,
  V1PodTemplateSpec,
  V1ProjectedVolumeSource,
  V1Toleration,
  V1Volume,
} from '../../../generated/types.ts';
import { formatLabelSelector } from '../../apimachinery/index.ts';
import { containerLines } from './containers.ts';
import { compareText } from './order.ts';
import { annotationLines, labelLines, type Sheet } from './sheet.ts';

/** A workload's pod template. Kubernetes: DescribePodTemplate. */
export function templateLines(sheet: Sheet, template: V1PodTemplateSpec | undefined): void {
  sheet.line(0, 'Pod Template:');
  if (!template) {
    sheet.line(1, '<unset>');
    return;
  }
  const { metadata, spec } = template;
  labelLines(sheet, '  Labels', metadata?.labels);
  if (metadata?.annotations && Object.keys(metadata.annotations).length > 0)
    annotationLines(sheet, '  Annotations', metadata.annotations);
  if (!spec) return;
  if (spec.serviceAccountName) sheet.line(0, `  Service Account:\t${spec.serviceAccountName}`);
  if (spec.initContainers?.length) containerLines(sheet, 'Init Containers', spec.initContainers, []);
  containerLines(sheet, 'Containers', spec.containers, []);
  volumeLines(sheet, spec.volumes ?? [], '  ');
  spreadLines(sheet, spec, '  ');
  if (spec.priorityClassName) sheet.line(0, `  Priority Class Name:\t${spec.priorityClassName}`);
  labelLines(sheet, '  Node-Selectors', spec.nodeSelector);
  tolerationLines(sheet, spec.tolerations ?? [], '  ');
}

/** Volumes with their sources. Kubernetes: describeVolumes. */
export function volumeLines(sheet: Sheet, volumes: readonly V1Volume[], indent: '' | '  '): void {
  sheet.line(0, `${indent}Volumes:${volumes.length === 0 ? '\t<none>' : ''}`);
  for (const volume of volumes) {
    sheet.line(1, `${indent ? ' ' : ''}${volume.name}:`);
    for (const line of sourceLines(volume)) sheet.line(2, line);
  }
}

function sourceLines(volume: V1Volume): string[] {
  const { emptyDir, hostPath, secret, configMap, downwardAPI, projected, persistentVolumeClaim: claim } = volume;
  if (emptyDir)
    return [
      "Type:\tEmptyDir (a temporary directory that shares a pod's lifetime)",
      `Medium:\t${emptyDir.medium ?? ''}`,
      `SizeLimit:\t${emptyDir.sizeLimit ?? '<unset>'}`,
    ];
  if (hostPath)
    return [
      'Type:\tHostPath (bare host directory volume)',
      `Path:\t${hostPath.path}`,
      `HostPathType:\t${hostPath.type ?? ''}`,
    ];
  if (secret)
    return [
      'Type:\tSecret (a volume populated by a Secret)',
      `SecretName:\t${secret.secretName ?? ''}`,
      `Optional:\t${secret.optional ?? false}`,
    ];
  if (configMap)
    return [
      'Type:\tConfigMap (a volume populated by a ConfigMap)',
      `Name:\t${configMap.name ?? ''}`,
      `Optional:\t${configMap.optional ?? false}`,
    ];
  if (downwardAPI)
    return [
      'Type:\tDownwardAPI (a volume populated by information about the pod)',
      'Items:',
      ...(downwardAPI.items ?? []).map(
        ({ fieldRef, resourceFieldRef, path }) => `  ${fieldRef?.fieldPath ?? resourceFieldRef?.resource} -> ${path}`,
      ),
    ];
  if (projected)
    return ['Type:\tProjected (a volume that contains injected data from multiple sources)', ...parts(projected)];
  if (claim)
    return [
      'Type:\tPersistentVolumeClaim (a reference to a PersistentVolumeClaim in the same namespace)',
      `ClaimName:\t${claim.claimName}`,
      `ReadOnly:\t${claim.readOnly ?? false}`,
    ];
  return ['<unknown>'];
}

const parts = ({ sources }: V1ProjectedVolumeSource): string[] =>
  (sources ?? []).flatMap((source) => {
    if (source.secret)
      return [`SecretName:\t${source.secret.name ?? ''}`, `Optional:\t${source.secret.optional ?? false}`];
    if (source.downwardAPI) return ['DownwardAPI:\ttrue'];
    if (source.configMap)
      return [`ConfigMapName:\t${source.configMap.name ?? ''}`, `Optional:\t${source.configMap.optional ?? false}`];
    if (source.serviceAccountToken)
      return [`TokenExpirationSeconds:\t${source.serviceAccountToken.expirationSeconds ?? 3600}`];
    return [];
  });

/** Tolerations by key. Kubernetes: printTolerationsMultiline. */
export function tolerationLines(sheet: Sheet, tolerations: readonly V1Toleration[], indent: '' | '  '): void {
  const list = [...tolerations].sort((a, b) => compareText(a.key ?? '', b.key ?? '')).map(tolerationText);
  sheet.line(0, `${indent}Tolerations:\t${list[0] ?? '<none>'}`);
  for (const text of list.slice(1)) sheet.line(0, `${indent ? '' : ''}\t${text}`);
}

function tolerationText({ key, value, effect, operator, tolerationSeconds }: V1Toleration): string {
  let text = `${key ?? ''}${value ? `=${value}` : ''}${effect ? `:${effect}` : ''}`;
  if (operator === 'Exists' && !value) text += `${text ? ' ' : ''}op=Exists`;
  return tolerationSeconds === undefined ? text : `${text} for ${tolerationSeconds}s`;
}

/** Topology spread constraints, when there are any. */
export function spreadLines(sheet: Sheet, spec: V1PodSpec, indent: '' | '  '): void {
  const list = (spec.topologySpreadConstraints ?? []).map(
    ({ topologyKey, whenUnsatisfiable, maxSkew, labelSelector, minDomains }) =>
      `${topologyKey}:${whenUnsatisfiable} when max skew ${maxSkew} is exceeded` +
      `${minDomains === undefined ? '' : ` (min domains ${minDomains})`}` +
      `${labelSelector ? ` for selector ${formatLabelSelector(labelSelector)}` : ''}`,
  );
  if (list.length === 0) return;
  const sorted = list.sort(compareText);
  sheet.line(0, `${indent}Topology Spread Constraints:\t${sorted[0]}`);
  for (const text of sorted.slice(1)) sheet.line(0, `${indent}\t${text}`);
}
