import type { V1Container, V1PodSpec, V1PodTemplateSpec, V1Probe, V1Volume } from '../../../generated/types.ts';
import { filled, memoised } from '../defaulting.ts';

/** Everything after the last colon that follows the last slash; `latest` when there is none, '' for a digest. */
function imageTag(image: string): string {
  if (image.includes('@')) return '';
  const colon = image.lastIndexOf(':');
  return colon > image.lastIndexOf('/') ? image.slice(colon + 1) : 'latest';
}

function probeDefaults(probe: V1Probe | undefined): V1Probe | undefined {
  if (!probe) return probe;
  let { httpGet, grpc } = probe;
  if (httpGet) httpGet = filled(httpGet, { path: httpGet.path || '/', scheme: httpGet.scheme || 'HTTP' });
  if (grpc) grpc = filled(grpc, { service: grpc.service ?? '' });
  return filled(probe, {
    httpGet,
    grpc,
    timeoutSeconds: probe.timeoutSeconds || 1,
    periodSeconds: probe.periodSeconds || 10,
    successThreshold: probe.successThreshold || 1,
    failureThreshold: probe.failureThreshold || 3,
  });
}

const handlerDefaults = <H extends NonNullable<NonNullable<V1Container['lifecycle']>['preStop']>>(
  handler: H | undefined,
): H | undefined =>
  handler?.httpGet
    ? filled(handler, {
        httpGet: filled(handler.httpGet, {
          path: handler.httpGet.path || '/',
          scheme: handler.httpGet.scheme || 'HTTP',
        }),
      } as Partial<H>)
    : handler;

/** Defaults of one container, in a template as in a pod. Kubernetes: pkg/apis/core/v1/defaults.go SetDefaults_Container. */
function containerDefaults(container: V1Container): V1Container {
  const { ports, env, lifecycle } = container;
  return filled(container, {
    ports: ports?.map((port) => filled(port, { protocol: port.protocol || 'TCP' })),
    env: env?.map((entry) =>
      entry.valueFrom?.fieldRef && !entry.valueFrom.fieldRef.apiVersion
        ? {
            ...entry,
            valueFrom: { ...entry.valueFrom, fieldRef: { ...entry.valueFrom.fieldRef, apiVersion: 'v1' } },
          }
        : entry,
    ),
    lifecycle:
      lifecycle &&
      filled(lifecycle, {
        postStart: handlerDefaults(lifecycle.postStart),
        preStop: handlerDefaults(lifecycle.preStop),
      }),
    resources: container.resources ?? {},
    livenessProbe: probeDefaults(container.livenessProbe),
    readinessProbe: probeDefaults(container.readinessProbe),
    startupProbe: probeDefaults(container.startupProbe),
    terminationMessagePath: container.terminationMessagePath || '/dev/termination-log',
    terminationMessagePolicy: container.terminationMessagePolicy || 'File',
    imagePullPolicy:
      container.imagePullPolicy || (imageTag(container.image ?? '') === 'latest' ? 'Always' : 'IfNotPresent'),
  });
}

type DownwardItem = { fieldRef?: { apiVersion?: string | undefined; fieldPath: string } | undefined; path: string };

const downwardItems = <I extends DownwardItem>(items: I[] | undefined): I[] | undefined =>
  items?.map((item) =>
    item.fieldRef && !item.fieldRef.apiVersion
      ? { ...item, fieldRef: { apiVersion: 'v1', fieldPath: item.fieldRef.fieldPath } }
      : item,
  );

/** 0644, the mode of files from ConfigMaps, Secrets and the downward API. */
const fileMode = 0o644;

function volumeDefaults(volume: V1Volume): V1Volume {
  const { configMap, secret, downwardAPI, projected, hostPath, name: _, ...others } = volume;
  if (configMap)
    return filled(volume, { configMap: filled(configMap, { defaultMode: configMap.defaultMode ?? fileMode }) });
  if (secret) return filled(volume, { secret: filled(secret, { defaultMode: secret.defaultMode ?? fileMode }) });
  if (hostPath) return filled(volume, { hostPath: filled(hostPath, { type: hostPath.type ?? '' }) });
  if (downwardAPI) {
    const items = downwardItems(downwardAPI.items);
    return {
      ...volume,
      downwardAPI: { ...downwardAPI, ...(items && { items }), defaultMode: downwardAPI.defaultMode ?? fileMode },
    };
  }
  if (projected) {
    const sources = projected.sources?.map((source) => {
      const { serviceAccountToken: token, downwardAPI: downward } = source;
      return {
        ...source,
        ...(token && { serviceAccountToken: { ...token, expirationSeconds: token.expirationSeconds ?? 3600 } }),
        ...(downward?.items && { downwardAPI: { ...downward, items: downwardItems(downward.items)! } }),
      };
    });
    return {
      ...volume,
      projected: { ...projected, ...(sources && { sources }), defaultMode: projected.defaultMode ?? fileMode },
    };
  }
  return Object.values(others).every((source) => source === undefined) ? { ...volume, emptyDir: {} } : volume;
}

/**
 * Defaults of a pod's spec that also show in templates. Pure, and computed once per frozen spec: 30,000 pods of one
 * template cost one computation. Kubernetes: pkg/apis/core/v1/defaults.go SetDefaults_PodSpec.
 */
const podSpecDefaults = memoised((spec: V1PodSpec): V1PodSpec =>
  filled(spec, {
    volumes: spec.volumes?.map(volumeDefaults),
    initContainers: spec.initContainers?.map(containerDefaults),
    ephemeralContainers: spec.ephemeralContainers?.map((c) => containerDefaults(c)),
    containers: spec.containers?.map(containerDefaults) ?? [],
    restartPolicy: spec.restartPolicy || 'Always',
    terminationGracePeriodSeconds: spec.terminationGracePeriodSeconds ?? 30,
    dnsPolicy: spec.dnsPolicy || 'ClusterFirst',
    securityContext: spec.securityContext ?? {},
    schedulerName: spec.schedulerName || 'default-scheduler',
    // Two names for one thing: whichever is given fills the other. Kubernetes: pkg/apis/core/v1/conversion.go.
    serviceAccountName: spec.serviceAccountName || spec.serviceAccount,
    serviceAccount: spec.serviceAccountName || spec.serviceAccount,
  }),
);

/** Limits stand in for requests that are not given. */
function requestsFromLimits(container: V1Container): V1Container {
  const { limits, requests } = container.resources ?? {};
  if (!limits || Object.keys(limits).every((name) => requests && Object.hasOwn(requests, name))) return container;
  return { ...container, resources: { ...container.resources, limits, requests: { ...limits, ...requests } } };
}

/** With the host's network, a container port is a host port. */
const hostPorts = (container: V1Container): V1Container => ({
  ...container,
  ...(container.ports && {
    ports: container.ports.map((port) => (port.hostPort ? port : { ...port, hostPort: port.containerPort })),
  }),
});

/** Defaults that only a Pod gets, not a template. Pure and memoised like `podSpecDefaults`, which it includes. */
export const podDefaults = memoised((given: V1PodSpec): V1PodSpec => {
  const spec = podSpecDefaults(given);
  const own = (container: V1Container): V1Container =>
    requestsFromLimits(spec.hostNetwork ? hostPorts(container) : container);
  return filled(spec, {
    containers: spec.containers.map(own),
    initContainers: spec.initContainers?.map(own),
    enableServiceLinks: spec.enableServiceLinks ?? true,
  });
});

/** A template with its pod spec's defaults; the same object when nothing was missing. */
export const templateDefaults = (template: V1PodTemplateSpec | undefined): V1PodTemplateSpec =>
  filled(template ?? {}, {
    metadata: template?.metadata ?? {},
    spec: podSpecDefaults(template?.spec ?? { containers: [] }),
  });
