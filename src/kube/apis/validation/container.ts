import type {
  V1Container,
  V1ContainerPort,
  V1EnvFromSource,
  V1EnvVar,
  V1ResourceRequirements,
  V1SecurityContext,
  V1VolumeMount,
} from '../../../generated/types.ts';
import {
  compareQuantity,
  duplicateValue,
  type FieldError,
  forbiddenValue,
  invalidValue,
  isDns1123Label,
  isQualifiedName,
  nanoOf,
  notFoundValue,
  notSupported,
  requiredValue,
} from '../../apimachinery/index.ts';
import { portNameReasons, portNumber, sentences } from './basics.ts';
import { lifecycle, probe } from './probe.ts';

/** Resources that a container may ask for without a domain in their name. */
const containerResources = new Set(['cpu', 'memory', 'ephemeral-storage']);

/** Protocols of ports. */
export const protocols = ['SCTP', 'TCP', 'UDP'];

/** All containers of a list: each one, and their names against each other and `taken`. Kubernetes: validateContainers. */
export function containers(
  list: readonly V1Container[],
  path: string,
  volumes: ReadonlySet<string>,
  taken: Set<string>,
  role: 'app' | 'init',
): FieldError[] {
  const errors: FieldError[] = [];
  for (const [i, c] of list.entries()) {
    const at = `${path}[${i}]`;
    errors.push(...container(c, at, volumes));
    if (taken.has(c.name)) errors.push(duplicateValue(`${at}.name`, c.name));
    if (c.name) taken.add(c.name);
    const sidecar = role === 'init' && c.restartPolicy === 'Always';
    if (role === 'init' && !sidecar) {
      for (const field of ['livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle'] as const) {
        if (c[field])
          errors.push(
            forbiddenValue(`${at}.${field}`, 'may not be set for init containers without restartPolicy=Always'),
          );
      }
      continue;
    }
    if (c.lifecycle) errors.push(...lifecycle(c.lifecycle, `${at}.lifecycle`));
    if (c.livenessProbe) errors.push(...probe(c.livenessProbe, `${at}.livenessProbe`, 'liveness'));
    if (c.readinessProbe) errors.push(...probe(c.readinessProbe, `${at}.readinessProbe`, 'readiness'));
    if (c.startupProbe) errors.push(...probe(c.startupProbe, `${at}.startupProbe`, 'startup'));
  }
  return errors;
}

function container(c: V1Container, at: string, volumes: ReadonlySet<string>): FieldError[] {
  const errors: FieldError[] = [];
  if (!c.name) errors.push(requiredValue(`${at}.name`));
  else for (const reason of isDns1123Label(c.name)) errors.push(invalidValue(`${at}.name`, c.name, reason));
  if (!c.image) errors.push(requiredValue(`${at}.image`));
  else if (c.image.trim() !== c.image) {
    errors.push(invalidValue(`${at}.image`, c.image, 'must not have leading or trailing whitespace'));
  }
  if (c.terminationMessagePolicy && !['File', 'FallbackToLogsOnError'].includes(c.terminationMessagePolicy)) {
    errors.push(
      notSupported(`${at}.terminationMessagePolicy`, c.terminationMessagePolicy, ['FallbackToLogsOnError', 'File']),
    );
  }
  errors.push(...ports(c.ports ?? [], `${at}.ports`));
  errors.push(...environment(c.env ?? [], `${at}.env`));
  errors.push(...environmentFrom(c.envFrom ?? [], `${at}.envFrom`));
  errors.push(...mounts(c.volumeMounts ?? [], `${at}.volumeMounts`, volumes));
  const pull = c.imagePullPolicy;
  if (pull && !['Always', 'IfNotPresent', 'Never'].includes(pull)) {
    errors.push(notSupported(`${at}.imagePullPolicy`, pull, ['Always', 'IfNotPresent', 'Never']));
  }
  if (c.resources) errors.push(...resources(c.resources, `${at}.resources`));
  if (c.securityContext) errors.push(...securityContext(c.securityContext, `${at}.securityContext`));
  return errors;
}

function ports(list: readonly V1ContainerPort[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  for (const [i, port] of list.entries()) {
    const at = `${path}[${i}]`;
    if (port.name) {
      for (const reason of portNameReasons(port.name)) errors.push(invalidValue(`${at}.name`, port.name, reason));
      if (names.has(port.name)) errors.push(duplicateValue(`${at}.name`, port.name));
      names.add(port.name);
    }
    if (!port.containerPort) errors.push(requiredValue(`${at}.containerPort`));
    else errors.push(...portNumber(port.containerPort, `${at}.containerPort`));
    if (port.hostPort) errors.push(...portNumber(port.hostPort, `${at}.hostPort`));
    if (port.protocol && !protocols.includes(port.protocol))
      errors.push(notSupported(`${at}.protocol`, port.protocol, protocols));
  }
  return errors;
}

/** Names of environment variables: printable ASCII but `=`. Kubernetes: validation.IsRelaxedEnvVarName. */
function environment(list: readonly V1EnvVar[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const [i, variable] of list.entries()) {
    const at = `${path}[${i}]`;
    if (!variable.name) errors.push(requiredValue(`${at}.name`));
    else if (!/^[ -<>-~]+$/.test(variable.name)) {
      errors.push(
        invalidValue(
          `${at}.name`,
          variable.name,
          "a valid environment variable name must consist only of printable ASCII characters other than '='",
        ),
      );
    }
    const from = variable.valueFrom;
    if (!from) continue;
    const sources = Object.keys(from).filter((key) => from[key as keyof typeof from] !== undefined);
    if (variable.value)
      errors.push(invalidValue(`${at}.valueFrom`, '', 'may not be specified when `value` is not empty'));
    if (sources.length === 0) {
      errors.push(
        invalidValue(
          `${at}.valueFrom`,
          '',
          'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`',
        ),
      );
    } else if (sources.length > 1)
      errors.push(invalidValue(`${at}.valueFrom`, '', 'may not have more than one field specified at a time'));
    for (const kind of ['configMapKeyRef', 'secretKeyRef'] as const) {
      const ref = from[kind];
      if (!ref) continue;
      if (!ref.name) errors.push(requiredValue(`${at}.valueFrom.${kind}.name`));
      if (!ref.key) errors.push(requiredValue(`${at}.valueFrom.${kind}.key`));
    }
    const { fieldRef } = from;
    if (fieldRef) {
      if (!fieldRef.fieldPath) errors.push(requiredValue(`${at}.valueFrom.fieldRef.fieldPath`));
      else if (!fieldPaths.test(fieldRef.fieldPath)) {
        errors.push(
          /^(metadata|spec|status)\./.test(fieldRef.fieldPath)
            ? notSupported(`${at}.valueFrom.fieldRef.fieldPath`, fieldRef.fieldPath, supportedFieldPaths)
            : invalidValue(
                `${at}.valueFrom.fieldRef.fieldPath`,
                fieldRef.fieldPath,
                `error converting fieldPath: field label not supported: ${fieldRef.fieldPath}`,
              ),
        );
      }
    }
  }
  return errors;
}

const supportedFieldPaths = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];
const fieldPaths =
  /^(metadata\.(name|namespace|uid|(labels|annotations)\['.+'\])|spec\.(nodeName|serviceAccountName)|status\.(hostIPs?|podIPs?))$/;

function environmentFrom(list: readonly V1EnvFromSource[], path: string): FieldError[] {
  const errors: FieldError[] = [];
  for (const [i, { configMapRef, secretRef }] of list.entries()) {
    const at = `${path}[${i}]`;
    if (configMapRef && !configMapRef.name) errors.push(requiredValue(`${at}.configMapRef.name`));
    if (secretRef && !secretRef.name) errors.push(requiredValue(`${at}.secretRef.name`));
    if (!configMapRef && !secretRef)
      errors.push(invalidValue(at, '', 'must specify one of: `configMapRef` or `secretRef`'));
    else if (configMapRef && secretRef)
      errors.push(invalidValue(at, '', 'may not have more than one field specified at a time'));
  }
  return errors;
}

function mounts(list: readonly V1VolumeMount[], path: string, volumes: ReadonlySet<string>): FieldError[] {
  const errors: FieldError[] = [];
  const places = new Set<string>();
  for (const [i, mount] of list.entries()) {
    const at = `${path}[${i}]`;
    if (!mount.name) errors.push(requiredValue(`${at}.name`));
    else if (!volumes.has(mount.name)) errors.push(notFoundValue(`${at}.name`, mount.name));
    if (!mount.mountPath) errors.push(requiredValue(`${at}.mountPath`));
    if (places.has(mount.mountPath)) errors.push(invalidValue(`${at}.mountPath`, mount.mountPath, 'must be unique'));
    places.add(mount.mountPath);
    if (mount.subPath) errors.push(...localPath(mount.subPath, `${at}.subPath`));
  }
  return errors;
}

/** A path inside a volume: relative, and not out of it. */
export function localPath(path: string, at: string): FieldError[] {
  if (path.startsWith('/')) return [invalidValue(at, path, 'must be a relative path')];
  return path.split('/').includes('..') ? [invalidValue(at, path, "must not contain '..'")] : [];
}

function resources({ limits = {}, requests = {} }: V1ResourceRequirements, path: string): FieldError[] {
  const errors: FieldError[] = [];
  const each = (amounts: Readonly<Record<string, string>>, field: string): void => {
    for (const [name, amount] of Object.entries(amounts)) {
      const at = `${path}.${field}[${name}]`;
      for (const reason of isQualifiedName(name)) errors.push(invalidValue(at, name, reason));
      if (!name.includes('/') && !containerResources.has(name) && !name.startsWith('hugepages-')) {
        errors.push(invalidValue(at, name, 'must be a standard resource type or fully qualified'));
        errors.push(invalidValue(at, name, 'must be a standard resource for containers'));
      }
      if (nanoOf(amount) < 0n) errors.push(invalidValue(at, amount, sentences.notNegative));
    }
  };
  each(limits, 'limits');
  each(requests, 'requests');
  for (const [name, amount] of Object.entries(requests)) {
    const limit = limits[name];
    const overcommitable = containerResources.has(name);
    if (limit === undefined) {
      if (name.includes('/') || name.startsWith('hugepages-')) {
        errors.push(requiredValue(`${path}.limits`, 'Limit must be set for non overcommitable resources'));
      }
    } else if (!overcommitable && compareQuantity(amount, limit) !== 0) {
      errors.push(invalidValue(`${path}.requests`, amount, `must be equal to ${name} limit of ${limit}`));
    } else if (compareQuantity(amount, limit) > 0) {
      errors.push(invalidValue(`${path}.requests`, amount, `must be less than or equal to ${name} limit of ${limit}`));
    }
  }
  return errors;
}

/** The container security context as Go's JSON encoder prints the internal type: field order and nulls included. */
function printedContext(s: V1SecurityContext): object {
  const or = (value: unknown): unknown => value ?? null;
  return {
    Capabilities: or(s.capabilities),
    Privileged: or(s.privileged),
    SELinuxOptions: or(s.seLinuxOptions),
    WindowsOptions: or(s.windowsOptions),
    RunAsUser: or(s.runAsUser),
    RunAsGroup: or(s.runAsGroup),
    RunAsNonRoot: or(s.runAsNonRoot),
    ReadOnlyRootFilesystem: or(s.readOnlyRootFilesystem),
    AllowPrivilegeEscalation: or(s.allowPrivilegeEscalation),
    ProcMount: or(s.procMount),
    SeccompProfile: or(s.seccompProfile),
    AppArmorProfile: or(s.appArmorProfile),
  };
}

function securityContext(s: V1SecurityContext, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (s.runAsUser !== undefined && s.runAsUser < 0)
    errors.push(invalidValue(`${path}.runAsUser`, s.runAsUser, 'must be between 0 and 2147483647, inclusive'));
  if (s.allowPrivilegeEscalation === false && s.privileged) {
    errors.push(
      invalidValue(path, printedContext(s), 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true'),
    );
  }
  return errors;
}
