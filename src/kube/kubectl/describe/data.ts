import type { KubeObject } from '../../apimachinery/index.ts';
import { kindOf, type ConfigMap, type Namespace, type Secret, type ServiceAccount } from '../../apis/index.ts';
import { compareText } from './order.ts';
import { namespaceLimits } from './quotas.ts';
import { annotationLines, eventLines, heading, labelLines, type Sheet } from './sheet.ts';

/** Bytes behind a base64 text. */
const bytesOfBase64 = (text: string): number => Math.floor((text.replace(/[\s=]+/g, '').length * 3) / 4);

/** `kubectl describe configmap`: keys and values in full. Kubernetes: ConfigMapDescriber. */
export function describeConfigMap(sheet: Sheet, object: KubeObject): void {
  const { data, binaryData } = object as unknown as ConfigMap;
  heading(sheet, object);
  sheet.line(0, '\nData\n====');
  for (const key of Object.keys(data ?? {}).sort(compareText)) sheet.line(0, `${key}:\n----\n${data![key]}\n`);
  sheet.line(0, '\nBinaryData\n====');
  for (const key of Object.keys(binaryData ?? {}).sort(compareText))
    sheet.line(0, `${key}: ${bytesOfBase64(binaryData![key]!)} bytes`);
  sheet.line(0, '');
  eventLines(sheet, kindOf('configmaps')!, object);
}

/** `kubectl describe secret`: sizes, never values. Kubernetes: describeSecret. */
export function describeSecret(sheet: Sheet, object: KubeObject): void {
  const { type, data } = object as unknown as Secret;
  heading(sheet, object);
  sheet.line(0, `\nType:\t${type}\n\nData\n====`);
  for (const key of Object.keys(data ?? {}).sort(compareText))
    sheet.line(0, `${key}:\t${bytesOfBase64(data![key]!)} bytes`);
}

/** `kubectl describe namespace`. Kubernetes: describeNamespace. */
export function describeNamespace(sheet: Sheet, object: KubeObject): void {
  const { metadata, status } = object as unknown as Namespace;
  sheet.line(0, `Name:\t${metadata.name}`);
  labelLines(sheet, 'Labels', metadata.labels);
  annotationLines(sheet, 'Annotations', metadata.annotations);
  sheet.line(0, `Status:\t${status?.phase ?? ''}`);
  if (status?.conditions?.length) {
    sheet.line(0, 'Conditions:\n  Type\tStatus\tLastTransitionTime\tReason\tMessage');
    sheet.line(0, '  ----\t------\t------------------\t------\t-------');
    for (const c of status.conditions)
      sheet.line(1, `${c.type}\t${c.status}\t${c.lastTransitionTime ?? ''}\t${c.reason ?? ''}\t${c.message ?? ''}`);
  }
  namespaceLimits(sheet, metadata.name);
}

/** `kubectl describe serviceaccount`. Kubernetes: describeServiceAccount. */
export function describeServiceAccount(sheet: Sheet, object: KubeObject): void {
  const { imagePullSecrets } = object as unknown as ServiceAccount;
  heading(sheet, object);
  const list = (title: string, names: readonly (string | undefined)[]): void => {
    sheet.line(0, `${title}:\t${names[0] ?? '<none>'}`);
    for (const name of names.slice(1)) sheet.line(0, `\t${name}`);
  };
  list(
    'Image pull secrets',
    (imagePullSecrets ?? []).map((s) => s.name),
  );
  eventLines(sheet, kindOf('serviceaccounts')!, object);
}
