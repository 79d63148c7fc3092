import type { V1Service, V1ServicePort } from '../../../generated/types.ts';
import {
  duplicateValue,
  type FieldError,
  forbiddenValue,
  invalidValue,
  isDns1123Label,
  isDns1123Subdomain,
  notSupported,
  requiredValue,
} from '../../apimachinery/index.ts';
import { labels, portNumber, portOrName } from './basics.ts';
import { protocols } from './container.ts';

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];

const isIPv4 = (text: string): boolean =>
  /^(\d{1,3}\.){3}\d{1,3}$/.test(text) &&
  text.split('.').every((part) => Number(part) <= 255 && String(Number(part)) === part);
const isIP = (text: string): boolean => isIPv4(text) || (/^[0-9a-f:]+$/i.test(text) && text.includes(':'));

/** Every wrong field of a Service. Allocation of addresses and node ports is the API server's. Kubernetes: ValidateService. */
export function validateService({ spec = {} }: V1Service): FieldError[] {
  const errors: FieldError[] = [];
  const { type = 'ClusterIP', ports = [] } = spec;
  const headless = spec.clusterIP === 'None';
  if (ports.length === 0 && !headless && type !== 'ExternalName') errors.push(requiredValue('spec.ports'));
  if (type === 'ExternalName') {
    const name = (spec.externalName ?? '').replace(/\.$/, '');
    if (!name) errors.push(requiredValue('spec.externalName'));
    else
      for (const reason of isDns1123Subdomain(name))
        errors.push(invalidValue('spec.externalName', spec.externalName, reason));
  } else if (headless && (type === 'NodePort' || type === 'LoadBalancer')) {
    errors.push(invalidValue('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${type} services`));
  }
  if (spec.clusterIP && !headless && !isIP(spec.clusterIP)) {
    errors.push(
      invalidValue(
        'spec.clusterIPs[0]',
        spec.clusterIP,
        'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)',
      ),
    );
  }
  errors.push(...portList(ports, type));
  errors.push(...labels(spec.selector, 'spec.selector'));
  const affinity = spec.sessionAffinity;
  if (affinity && !['ClientIP', 'None'].includes(affinity))
    errors.push(notSupported('spec.sessionAffinity', affinity, ['ClientIP', 'None']));
  const timeout = spec.sessionAffinityConfig?.clientIP?.timeoutSeconds;
  if (affinity === 'ClientIP' && timeout !== undefined && (timeout <= 0 || timeout > 86_400)) {
    errors.push(
      invalidValue(
        'spec.sessionAffinityConfig.clientIP.timeoutSeconds',
        timeout,
        'must be greater than 0 and less than 86400',
      ),
    );
  }
  for (const [i, ip] of (spec.externalIPs ?? []).entries()) {
    if (!isIP(ip))
      errors.push(
        invalidValue(`spec.externalIPs[${i}]`, ip, 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)'),
      );
  }
  if (!types.includes(type)) errors.push(notSupported('spec.type', type, types));
  const external = spec.externalTrafficPolicy;
  if (external && !['Cluster', 'Local'].includes(external))
    errors.push(notSupported('spec.externalTrafficPolicy', external, ['Cluster', 'Local']));
  return errors;
}

/** A cluster IP stays, unless the type changes to or from ExternalName. Kubernetes: ValidateServiceClusterIPsRelatedFields. */
export function validateServiceUpdate(next: V1Service, old: V1Service): FieldError[] {
  const [now, before] = [next.spec ?? {}, old.spec ?? {}];
  const named = now.type === 'ExternalName' || before.type === 'ExternalName';
  if (named || !now.clusterIP || !before.clusterIP || now.clusterIP === before.clusterIP) return [];
  return [invalidValue('spec.clusterIPs[0]', [now.clusterIP], 'may not change once set')];
}

function portList(ports: readonly V1ServicePort[], type: string): FieldError[] {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  const seen = new Set<string>();
  for (const [i, port] of ports.entries()) {
    const at = `spec.ports[${i}]`;
    if (!port.name) {
      if (ports.length > 1) errors.push(requiredValue(`${at}.name`));
    } else {
      for (const reason of isDns1123Label(port.name)) errors.push(invalidValue(`${at}.name`, port.name, reason));
      if (names.has(port.name)) errors.push(duplicateValue(`${at}.name`, port.name));
      names.add(port.name);
    }
    errors.push(...portNumber(port.port, `${at}.port`));
    if (port.protocol && !protocols.includes(port.protocol))
      errors.push(notSupported(`${at}.protocol`, port.protocol, protocols));
    if (port.targetPort !== undefined) errors.push(...portOrName(port.targetPort, `${at}.targetPort`));
    if (port.nodePort && type === 'ClusterIP')
      errors.push(forbiddenValue(`${at}.nodePort`, "may not be used when `type` is 'ClusterIP'"));
    const protocol = port.protocol ?? 'TCP';
    if (seen.has(`${protocol} ${port.port}`)) {
      // The API server prints the key it compares by, as its internal type.
      errors.push(
        duplicateValue(at, {
          Name: '',
          Protocol: protocol,
          AppProtocol: null,
          Port: port.port,
          TargetPort: 0,
          NodePort: 0,
        }),
      );
    }
    seen.add(`${protocol} ${port.port}`);
  }
  return errors;
}
