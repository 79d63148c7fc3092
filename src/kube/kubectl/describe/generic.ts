import type { KubeObject } from '../../apimachinery/index.ts';
import type { EndpointSlice, Endpoints } from '../../apis/index.ts';
import type { AnyKind } from '../../apis/kind.ts';
import { compareText } from './order.ts';
import { eventLines, heading, type Sheet } from './sheet.ts';

/** `kubectl describe endpointslice`. Kubernetes: describeEndpointSliceV1. */
export function describeEndpointSlice(sheet: Sheet, object: KubeObject, kind: AnyKind): void {
  const { addressType, ports, endpoints } = object as unknown as EndpointSlice;
  heading(sheet, object);
  sheet.line(0, `AddressType:\t${addressType}`);
  if (!ports?.length) sheet.line(0, 'Ports: <unset>');
  else {
    sheet.line(0, 'Ports:\n  Name\tPort\tProtocol\n  ----\t----\t--------');
    for (const { name, port, protocol } of ports)
      sheet.line(1, `${name || '<unset>'}\t${port ?? '<unset>'}\t${protocol}`);
  }
  sheet.line(0, endpoints?.length ? 'Endpoints:' : 'Endpoints: <none>');
  for (const e of endpoints ?? []) {
    sheet.line(1, `- Addresses:\t${e.addresses.join(',')}`);
    sheet.line(2, `Conditions:\n      Ready:\t${e.conditions?.ready ?? '<unset>'}`);
    sheet.line(2, `Hostname:\t${e.hostname ?? '<unset>'}`);
    if (e.targetRef) sheet.line(2, `TargetRef:\t${e.targetRef.kind}/${e.targetRef.name}`);
    sheet.line(2, `NodeName:\t${e.nodeName ?? '<unset>'}`);
    sheet.line(2, `Zone:\t${e.zone ?? '<unset>'}`);
  }
  eventLines(sheet, kind, object);
}

/** `kubectl describe endpoints`. Kubernetes: describeEndpoints. */
export function describeEndpoints(sheet: Sheet, object: KubeObject, kind: AnyKind): void {
  heading(sheet, object);
  sheet.line(0, 'Subsets:');
  for (const { addresses, notReadyAddresses, ports } of (object as unknown as Endpoints).subsets ?? []) {
    const ips = (list: typeof addresses): string => (list ?? []).map((a) => a.ip).join(',') || '<none>';
    sheet.line(1, `Addresses:\t${ips(addresses)}`);
    sheet.line(1, `NotReadyAddresses:\t${ips(notReadyAddresses)}`);
    if (ports?.length) {
      sheet.line(1, 'Ports:\n    Name\tPort\tProtocol\n    ----\t----\t--------');
      for (const port of ports) sheet.line(2, `${port.name || '<unset>'}\t${port.port}\t${port.protocol}`);
    }
    sheet.line(0, '');
  }
  eventLines(sheet, kind, object);
}

/** Any other kind: its fields as titles, sorted. Kubernetes: genericDescriber. */
export function describeAny(sheet: Sheet, object: KubeObject, kind: AnyKind): void {
  const { metadata, ...rest } = object;
  heading(sheet, { ...object, metadata: { ...metadata, namespace: metadata.namespace ?? '' } });
  const { labels: _l, annotations: _a, name: _n, namespace: _ns, managedFields: _m, ...meta } = metadata;
  fieldLines(sheet, 0, { ...rest, metadata: meta });
  eventLines(sheet, kind, object);
}

/** Initials that are written in capitals. Kubernetes: commonAcronyms. */
const acronyms = new Set(['api', 'url', 'uid', 'guid']);

/** Between the words of a field's name; two capitals and more stay with the word that follows. */
const betweenWords = /(?<=[a-z])(?=[A-Z])|(?<=(?<![A-Z])[A-Z])(?=[A-Z][a-z])|(?<=-)|(?=-)/;

/** `resourceVersion` → `Resource Version`; a name with digits or signs (`openAPIV3Schema`) stays. Kubernetes: smartLabelFor. */
const titleOf = (field: string): string =>
  /[^\p{L}-]/u.test(field)
    ? field
    : field
        .split(betweenWords)
        .map((word) => (acronyms.has(word.toLowerCase()) ? word.toUpperCase() : word[0]!.toUpperCase() + word.slice(1)))
        .join(' ');

function fieldLines(sheet: Sheet, level: number, object: Readonly<Record<string, unknown>>): void {
  for (const field of Object.keys(object).sort(compareText)) {
    const value = object[field];
    if (Array.isArray(value)) {
      sheet.line(level, `${titleOf(field)}:${value.length === 0 ? '\t<none>' : ''}`);
      for (const item of value as unknown[]) {
        if (item !== null && typeof item === 'object') fieldLines(sheet, level + 1, item as Record<string, unknown>);
        else sheet.line(level + 1, String(item));
      }
    } else if (value !== null && typeof value === 'object') {
      sheet.line(level, `${titleOf(field)}:`);
      fieldLines(sheet, level + 1, value as Record<string, unknown>);
    } else if (value !== undefined && value !== null) sheet.line(level, `${titleOf(field)}:\t${String(value)}`);
  }
}
