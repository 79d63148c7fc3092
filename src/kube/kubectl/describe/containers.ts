import type {
  V1Container,
  V1ContainerState,
  V1ContainerStatus,
  V1EnvVar,
  V1Probe,
  V1VolumeMount,
} from '../../../generated/types.ts';
import type { Pod } from '../../apis/index.ts';
import { compareText } from './order.ts';
import { longTime, type Sheet } from './sheet.ts';

const join = (ports: readonly string[]): string => ports.join(', ') || '<none>';

/**
 * A list of containers with what is known of each; `pod` resolves its own fields and is absent for a template, whose
 * lines stand one blank further in. Kubernetes: describeContainers.
 */
export function containerLines(
  sheet: Sheet,
  title: string,
  containers: readonly V1Container[],
  statuses: readonly V1ContainerStatus[],
  pod?: Pod,
): void {
  const indent = pod ? '' : '  ';
  sheet.line(0, `${indent}${title}:${containers.length === 0 ? ' <none>' : ''}`);
  for (const container of containers) {
    const status = statuses.find((s) => s.name === container.name);
    sheet.line(1, `${pod ? '' : ' '}${container.name}:`);
    basics(sheet, container, status);
    words(sheet, 'Command', container.command);
    words(sheet, 'Args', container.args);
    if (status) states(sheet, status);
    amounts(sheet, 'Limits', container.resources?.limits);
    amounts(sheet, 'Requests', container.resources?.requests);
    if (container.livenessProbe) sheet.line(2, `Liveness:\t${probeText(container.livenessProbe)}`);
    if (container.readinessProbe) sheet.line(2, `Readiness:\t${probeText(container.readinessProbe)}`);
    if (container.startupProbe) sheet.line(2, `Startup:\t${probeText(container.startupProbe)}`);
    environment(sheet, container, pod);
    mounts(sheet, container.volumeMounts ?? []);
  }
}

function basics(sheet: Sheet, container: V1Container, status: V1ContainerStatus | undefined): void {
  if (status) sheet.line(2, `Container ID:\t${status.containerID ?? ''}`);
  sheet.line(2, `Image:\t${container.image ?? ''}`);
  if (status) sheet.line(2, `Image ID:\t${status.imageID}`);
  const list = container.ports ?? [];
  const protocol = (p: { readonly protocol?: string | undefined }): string => p.protocol ?? 'TCP';
  const many = list.length > 1 ? 's' : '';
  const named = list.map((p) => `${p.containerPort}/${protocol(p)}${p.name ? ` (${p.name})` : ''}`);
  sheet.line(2, `Port${many}:\t${join(named)}`);
  const host = list.map((p) => `${p.hostPort ?? 0}/${protocol(p)}${p.name ? ` (${p.name})` : ''}`);
  sheet.line(2, `Host Port${many}:\t${join(host)}`);
}

function words(sheet: Sheet, title: string, list: readonly string[] | undefined): void {
  if (!list || list.length === 0) return;
  sheet.line(2, `${title}:`);
  for (const word of list) for (const line of word.split('\n')) sheet.line(3, line);
}

function states(sheet: Sheet, status: V1ContainerStatus): void {
  state(sheet, 'State', status.state ?? {});
  if (status.lastState?.terminated) state(sheet, 'Last State', status.lastState);
  sheet.line(2, `Ready:\t${status.ready ? 'True' : 'False'}`);
  sheet.line(2, `Restart Count:\t${status.restartCount}`);
}

function state(sheet: Sheet, title: string, { running, waiting, terminated }: V1ContainerState): void {
  if (running) {
    sheet.line(2, `${title}:\tRunning`);
    sheet.line(3, `Started:\t${longTime(running.startedAt)}`);
  } else if (terminated) {
    sheet.line(2, `${title}:\tTerminated`);
    if (terminated.reason) sheet.line(3, `Reason:\t${terminated.reason}`);
    if (terminated.message) sheet.line(3, `Message:\t${terminated.message}`);
    sheet.line(3, `Exit Code:\t${terminated.exitCode}`);
    if (terminated.signal) sheet.line(3, `Signal:\t${terminated.signal}`);
    sheet.line(3, `Started:\t${longTime(terminated.startedAt)}`);
    sheet.line(3, `Finished:\t${longTime(terminated.finishedAt)}`);
  } else {
    sheet.line(2, `${title}:\tWaiting`);
    if (waiting?.reason) sheet.line(3, `Reason:\t${waiting.reason}`);
  }
}

function amounts(sheet: Sheet, title: string, list: Readonly<Record<string, string>> | undefined): void {
  if (!list || Object.keys(list).length === 0) return;
  sheet.line(2, `${title}:`);
  for (const name of Object.keys(list).sort(compareText)) sheet.line(3, `${name}:\t${list[name]}`);
}

/** `http-get http://:8080/ready delay=0s timeout=1s period=10s #success=1 #failure=3`. Kubernetes: DescribeProbe. */
export function probeText(probe: V1Probe): string {
  const rest = `delay=${probe.initialDelaySeconds ?? 0}s timeout=${probe.timeoutSeconds ?? 1}s period=${probe.periodSeconds ?? 10}s #success=${probe.successThreshold ?? 1} #failure=${probe.failureThreshold ?? 3}`;
  const { exec, httpGet, tcpSocket, grpc } = probe;
  if (exec) return `exec [${(exec.command ?? []).join(' ')}] ${rest}`;
  if (httpGet) {
    const path = httpGet.path ?? '';
    const url = `${(httpGet.scheme ?? 'HTTP').toLowerCase()}://${httpGet.host ?? ''}:${httpGet.port}${path.startsWith('/') || path === '' ? path : `/${path}`}`;
    return `http-get ${url} ${rest}`;
  }
  if (tcpSocket) return `tcp-socket ${tcpSocket.host ?? ''}:${tcpSocket.port} ${rest}`;
  if (grpc) return `grpc <pod>:${grpc.port} ${grpc.service ?? ''} ${rest}`;
  return `unknown ${rest}`;
}

function environment(sheet: Sheet, container: V1Container, pod: Pod | undefined): void {
  if (container.envFrom && container.envFrom.length > 0) {
    sheet.line(2, 'Environment Variables from:');
    for (const { configMapRef, secretRef, prefix } of container.envFrom) {
      const from = configMapRef ? 'ConfigMap' : 'Secret';
      const ref = configMapRef ?? secretRef;
      const behind = prefix ? ` with prefix '${prefix}'` : '';
      sheet.line(3, `${ref?.name ?? ''}\t${from}${behind}\tOptional: ${ref?.optional ?? false}`);
    }
  }
  const list = container.env ?? [];
  sheet.line(2, `Environment:${list.length === 0 ? '\t<none>' : ''}`);
  for (const variable of list) sheet.line(3, `${variable.name}:\t${valueText(variable, container, pod)}`);
}

function valueText({ value, valueFrom }: V1EnvVar, container: V1Container, pod: Pod | undefined): string {
  if (!valueFrom) return (value ?? '').split('\n').join('\n      \t');
  const { fieldRef, resourceFieldRef: resource, secretKeyRef: secret, configMapKeyRef: map } = valueFrom;
  if (fieldRef) return `${fieldOf(pod, fieldRef.fieldPath)} (${fieldRef.apiVersion ?? 'v1'}:${fieldRef.fieldPath})`;
  if (resource) {
    const [list = '', name = ''] = resource.resource.split('.');
    const amount = container.resources?.[list as 'limits' | 'requests']?.[name] ?? (pod ? 'node allocatable' : '0');
    return `${amount} (${resource.resource})`;
  }
  if (secret) {
    return `<set to the key '${secret.key}' in secret '${secret.name}'>\tOptional: ${secret.optional ?? false}`;
  }
  if (map) return `<set to the key '${map.key}' of config map '${map.name}'>\tOptional: ${map.optional ?? false}`;
  return '';
}

/** The pod's own field, as far as kubectl resolves it: metadata, node and service account. */
function fieldOf(pod: Pod | undefined, path: string): string {
  if (!pod) return '';
  const keyed = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path);
  if (keyed) return pod.metadata[keyed[1] as 'labels' | 'annotations']?.[keyed[2]!] ?? '';
  const { metadata, spec, status } = pod;
  const known: Readonly<Record<string, string | undefined>> = {
    'metadata.name': metadata.name,
    'metadata.namespace': metadata.namespace,
    'metadata.uid': metadata.uid,
    'spec.nodeName': spec?.nodeName,
    'spec.serviceAccountName': spec?.serviceAccountName,
    'status.hostIP': status?.hostIP,
    'status.podIP': status?.podIP,
  };
  return known[path] ?? '';
}

function mounts(sheet: Sheet, list: readonly V1VolumeMount[]): void {
  sheet.line(2, `Mounts:${list.length === 0 ? '\t<none>' : ''}`);
  for (const mount of [...list].sort((a, b) => compareText(a.mountPath, b.mountPath))) {
    const flags = [mount.readOnly ? 'ro' : 'rw'];
    if (mount.subPath) flags.push(`path=${JSON.stringify(mount.subPath)}`);
    sheet.line(3, `${mount.mountPath} from ${mount.name} (${flags.join(',')})`);
  }
}
