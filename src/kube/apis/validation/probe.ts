import type { V1Lifecycle, V1LifecycleHandler, V1Probe } from '../../../generated/types.ts';
import {
  type FieldError,
  forbiddenValue,
  invalidValue,
  notSupported,
  requiredValue,
} from '../../apimachinery/index.ts';
import { notNegative, portNumber, portOrName, sentences } from './basics.ts';

/** One probe. Kubernetes: validateProbe, validateLivenessProbe, validateReadinessProbe. */
export function probe(p: V1Probe, path: string, kind: 'liveness' | 'readiness' | 'startup'): FieldError[] {
  const errors = handler(p, path);
  for (const field of [
    'initialDelaySeconds',
    'timeoutSeconds',
    'periodSeconds',
    'successThreshold',
    'failureThreshold',
  ] as const) {
    errors.push(...notNegative(p[field], `${path}.${field}`));
  }
  const grace = p.terminationGracePeriodSeconds;
  if (grace !== undefined && kind === 'readiness') {
    errors.push(invalidValue(`${path}.terminationGracePeriodSeconds`, grace, 'must not be set for readinessProbes'));
  } else if (grace !== undefined && grace <= 0) {
    errors.push(invalidValue(`${path}.terminationGracePeriodSeconds`, grace, sentences.positive));
  }
  if (kind !== 'readiness' && p.successThreshold !== undefined && p.successThreshold !== 1) {
    errors.push(invalidValue(`${path}.successThreshold`, p.successThreshold, 'must be 1'));
  }
  return errors;
}

/** Hooks of a container. */
export function lifecycle({ postStart, preStop }: V1Lifecycle, path: string): FieldError[] {
  return [
    ...(postStart ? handler(postStart, `${path}.postStart`) : []),
    ...(preStop ? handler(preStop, `${path}.preStop`) : []),
  ];
}

/** Exactly one way to act. Kubernetes: validateHandler. */
function handler(h: V1Probe & V1LifecycleHandler, path: string): FieldError[] {
  const errors: FieldError[] = [];
  let count = 0;
  const one = (field: string, check: () => FieldError[]): void => {
    errors.push(
      ...(count++ > 0 ? [forbiddenValue(`${path}.${field}`, 'may not specify more than 1 handler type')] : check()),
    );
  };
  if (h.exec) one('exec', () => (h.exec!.command?.length ? [] : [requiredValue(`${path}.exec.command`)]));
  if (h.httpGet) {
    const { httpGet } = h;
    one('httpGet', () => [
      ...(httpGet.path ? [] : [requiredValue(`${path}.httpGet.path`)]),
      ...portOrName(httpGet.port, `${path}.httpGet.port`),
      ...(httpGet.scheme && !['HTTP', 'HTTPS'].includes(httpGet.scheme)
        ? [notSupported(`${path}.httpGet.scheme`, httpGet.scheme, ['HTTP', 'HTTPS'])]
        : []),
    ]);
  }
  if (h.tcpSocket) one('tcpSocket', () => portOrName(h.tcpSocket!.port, `${path}.tcpSocket.port`));
  if (h.grpc) one('grpc', () => portNumber(h.grpc!.port, `${path}.grpc.port`));
  if (h.sleep) one('sleep', () => notNegative(h.sleep!.seconds, `${path}.sleep.seconds`));
  if (count === 0) errors.push(requiredValue(path, 'must specify a handler type'));
  return errors;
}
