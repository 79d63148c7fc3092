import type { V1Container, V1EnvVarSource } from '../../generated/types.ts';
import { Unreachable } from '../apimachinery/index.ts';
import type { Service } from '../apis/index.ts';
import { fieldValue, resourceValue } from './downward.ts';
import { expand } from './expansion.ts';
import type { Kubelet, Worker } from './memory.ts';
import { MissingSource, readSource, valuesOf } from './sources.ts';

/** The container cannot be configured; the message is what the pod shows. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

type Env = Record<string, string>;

/**
 * The environment of a container: service variables, then envFrom, then env, each replacing what came before.
 * Throws `ConfigError` when something it needs is missing.
 *
 * Kubernetes: pkg/kubelet/kubelet_pods.go, makeEnvironmentVariables.
 */
export function resolveEnv(k: Kubelet, w: Worker, container: V1Container): Readonly<Env> {
  const { pod } = w;
  const namespace = pod.metadata.namespace ?? 'default';
  const services = serviceEnv(k, namespace, pod.spec!.enableServiceLinks ?? true);
  if (!container.env && !container.envFrom) return services;
  const env: Env = {};
  for (const from of container.envFrom ?? []) {
    const ref = from.configMapRef ?? from.secretRef;
    if (!ref) continue;
    const values = lookup(k, from.configMapRef ? 'configmaps' : 'secrets', namespace, ref.name ?? '', ref.optional);
    for (const key in values) env[(from.prefix ?? '') + key] = values[key]!;
  }
  for (const { name, value, valueFrom } of container.env ?? []) {
    if (value) env[name] = expand(value, env, services);
    else if (valueFrom) {
      const resolved = resolveSource(k, w, container, namespace, valueFrom);
      if (resolved !== undefined) env[name] = resolved;
    } else env[name] = '';
  }
  return { ...services, ...env };
}

function resolveSource(
  k: Kubelet,
  w: Worker,
  container: V1Container,
  namespace: string,
  from: V1EnvVarSource,
): string | undefined {
  if (from.fieldRef) return fieldValue(k, w, from.fieldRef.fieldPath);
  if (from.resourceFieldRef) return resourceValue(k, w, from.resourceFieldRef, container);
  const ref = from.configMapKeyRef ?? from.secretKeyRef;
  if (!ref) return '';
  const resource = from.configMapKeyRef ? 'configmaps' : 'secrets';
  const values = lookup(k, resource, namespace, ref.name ?? '', ref.optional);
  if (values === undefined) return undefined;
  if (Object.hasOwn(values, ref.key)) return values[ref.key];
  if (ref.optional) return undefined;
  const kind = from.configMapKeyRef ? 'ConfigMap' : 'Secret';
  throw new ConfigError(`couldn't find key ${ref.key} in ${kind} ${namespace}/${ref.name}`);
}

function lookup(
  k: Kubelet,
  resource: 'configmaps' | 'secrets',
  namespace: string,
  name: string,
  optional: boolean | undefined,
): Readonly<Record<string, string>> | undefined {
  try {
    return valuesOf(readSource(k, resource, namespace, name));
  } catch (error) {
    if (!(error instanceof MissingSource)) throw error;
    if (optional) return undefined;
    throw new ConfigError(error.message);
  }
}

/** Services are read anew at most once a second: many containers that start together share one reading. */
const servicesMs = 1000;

/** Variables of the services of a namespace, and of `kubernetes` in `default`. Kubernetes: getServiceEnvVarMap. */
function serviceEnv(k: Kubelet, namespace: string, links: boolean): Readonly<Env> {
  const key = links ? namespace : '';
  const known = k.memory.services.get(key);
  if (known && k.ctx.now - known.at < servicesMs) return known.env;
  try {
    const env: Env = {};
    const master =
      links && namespace === 'default'
        ? undefined
        : k.client.list(k.ctx, 'services', 'default').find((s) => s.metadata.name === 'kubernetes');
    if (master) Object.assign(env, variablesOf(master));
    if (links)
      for (const service of k.client.list(k.ctx, 'services', namespace)) Object.assign(env, variablesOf(service));
    k.memory.services.set(key, Object.freeze({ at: k.ctx.now, env: Object.freeze(env) }));
    return env;
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    return known?.env ?? {};
  }
}

const memo = new WeakMap<Service, Env>(); // services are frozen

/** The variables that a service gives to containers. Kubernetes: pkg/kubelet/envvars/envvars.go. */
export function variablesOf(service: Service): Env {
  let env = memo.get(service);
  if (!env) memo.set(service, (env = makeVariables(service)));
  return env;
}

function makeVariables(service: Service): Env {
  const { clusterIP, ports = [] } = service.spec ?? {};
  const env: Env = {};
  const [first] = ports;
  if (!clusterIP || clusterIP === 'None' || !first) return env;
  const upper = (text: string): string => text.toUpperCase().replaceAll('-', '_');
  const name = upper(service.metadata.name);
  const host = clusterIP.includes(':') ? `[${clusterIP}]` : clusterIP;
  env[`${name}_SERVICE_HOST`] = clusterIP;
  env[`${name}_SERVICE_PORT`] = String(first.port);
  for (const port of ports) if (port.name) env[`${name}_SERVICE_PORT_${upper(port.name)}`] = String(port.port);
  for (const port of ports) {
    const protocol = port.protocol ?? 'TCP';
    const url = `${protocol.toLowerCase()}://${host}:${port.port}`;
    const prefix = `${name}_PORT_${port.port}_${protocol}`;
    if (port === first) env[`${name}_PORT`] = url;
    env[prefix] = url;
    env[`${prefix}_PROTO`] = protocol.toLowerCase();
    env[`${prefix}_PORT`] = String(port.port);
    env[`${prefix}_ADDR`] = clusterIP;
  }
  return env;
}
