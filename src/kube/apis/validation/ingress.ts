import type {
  V1HTTPIngressPath,
  V1Ingress,
  V1IngressBackend,
  V1IngressClass,
  V1IngressRule,
  V1IngressTLS,
} from '../../../generated/types.ts';
import { parseIP } from '../../apimachinery/cidr.ts';
import {
  type FieldError,
  forbiddenValue,
  invalidValue,
  isDns1123Label,
  isDns1123Subdomain,
  isPathSegmentName,
  isWildcardSubdomain,
  notSupported,
  requiredValue,
  tooLong,
} from '../../apimachinery/index.ts';
import { portNameReasons, portNumber, sentences } from './basics.ts';

const pathTypes = ['Exact', 'ImplementationSpecific', 'Prefix'];
const classAnnotation = 'kubernetes.io/ingress.class';

/** Every wrong field of an Ingress. Kubernetes: pkg/apis/networking/validation ValidateIngressCreate. */
export function validateIngress({ metadata, spec = {} }: V1Ingress): FieldError[] {
  const errors: FieldError[] = [];
  const { rules = [], defaultBackend, tls = [], ingressClassName } = spec;
  if (rules.length === 0 && !defaultBackend)
    errors.push(invalidValue('spec', spec.rules, 'either `defaultBackend` or `rules` must be specified'));
  if (defaultBackend) errors.push(...backend(defaultBackend, 'spec.defaultBackend'));
  for (const [i, rule] of rules.entries()) errors.push(...ingressRule(rule, `spec.rules[${i}]`));
  for (const [i, entry] of tls.entries()) errors.push(...tlsEntry(entry, `spec.tls[${i}]`));
  if (ingressClassName !== undefined)
    errors.push(...wrong('spec.ingressClassName', ingressClassName, isDns1123Subdomain(ingressClassName)));
  const annotated = metadata.annotations?.[classAnnotation];
  // Only a new object is held to it.
  if (
    !metadata.resourceVersion &&
    annotated !== undefined &&
    ingressClassName !== undefined &&
    annotated !== ingressClassName
  )
    errors.push(
      invalidValue(
        `annotations.${classAnnotation}`,
        annotated,
        'must match `ingressClassName` when both are specified',
      ),
    );
  return errors;
}

/** What the API server says to an Ingress that it accepts. Kubernetes: pkg/registry/networking/ingress/strategy.go. */
export const ingressWarnings = ({ metadata }: V1Ingress): string[] =>
  metadata.annotations?.[classAnnotation] === undefined
    ? []
    : [`annotation "${classAnnotation}" is deprecated, please use 'spec.ingressClassName' instead`];

const wrong = (at: string, value: string, reasons: readonly string[]): FieldError[] =>
  reasons.map((reason) => invalidValue(at, value, reason));

const hostReasons = (host: string): readonly string[] =>
  host.includes('*') ? isWildcardSubdomain(host) : isDns1123Subdomain(host);

function ingressRule({ host, http }: V1IngressRule, at: string): FieldError[] {
  const errors: FieldError[] = [];
  if (host) {
    if (parseIP(host)) errors.push(invalidValue(`${at}.host`, host, 'must be a DNS name, not an IP address'));
    errors.push(...wrong(`${at}.host`, host, hostReasons(host)));
  }
  if (!http) return errors;
  if (!http.paths?.length) errors.push(requiredValue(`${at}.http.paths`));
  for (const [i, path] of (http.paths ?? []).entries()) errors.push(...httpPath(path, `${at}.http.paths[${i}]`));
  return errors;
}

function httpPath({ path = '', pathType, backend: target }: V1HTTPIngressPath, at: string): FieldError[] {
  if (pathType === undefined) return [requiredValue(`${at}.pathType`, 'pathType must be specified')];
  const errors: FieldError[] = [];
  const refuse = (why: string): number => errors.push(invalidValue(`${at}.path`, path, why));
  if (!pathTypes.includes(pathType)) errors.push(notSupported(`${at}.pathType`, pathType, pathTypes));
  else if (pathType === 'ImplementationSpecific') {
    if (path !== '' && !path.startsWith('/')) refuse('must be an absolute path');
  } else {
    if (!path.startsWith('/')) refuse('must be an absolute path');
    for (const part of ['//', '/./', '/../', '%2f', '%2F'])
      if (path.includes(part)) refuse(`must not contain '${part}'`);
    for (const end of ['/..', '/.']) if (path.endsWith(end)) refuse(`cannot end with '${end}'`);
  }
  return [...errors, ...backend(target ?? {}, `${at}.backend`)];
}

function backend({ resource, service }: V1IngressBackend, at: string): FieldError[] {
  if (resource && service) return [invalidValue(at, '', 'cannot set both resource and service backends')];
  if (resource) return typedReference(resource, `${at}.resource`);
  if (!service) return [invalidValue(at, '', 'resource or service backend is required')];
  const errors = service.name
    ? wrong(`${at}.service.name`, service.name, isDns1123Label(service.name))
    : [requiredValue(`${at}.service.name`)];
  const { name, number } = service.port ?? {};
  if (name && number) errors.push(invalidValue(at, '', 'cannot set both port name & port number'));
  else if (name) errors.push(...wrong(`${at}.service.port.name`, name, portNameReasons(name)));
  else if (number) errors.push(...portNumber(number, `${at}.service.port.number`));
  else errors.push(requiredValue(at, 'port name or number is required'));
  return errors;
}

function typedReference(
  { apiGroup, kind, name }: { apiGroup?: string | undefined; kind?: string; name?: string },
  at: string,
): FieldError[] {
  const segment = (field: string, value: string | undefined): FieldError[] =>
    value ? wrong(`${at}.${field}`, value, isPathSegmentName(value)) : [requiredValue(`${at}.${field}`)];
  return [
    ...(apiGroup === undefined ? [] : wrong(`${at}.apiGroup`, apiGroup, isDns1123Subdomain(apiGroup))),
    ...segment('kind', kind),
    ...segment('name', name),
  ];
}

const tlsEntry = ({ hosts = [], secretName }: V1IngressTLS, at: string): FieldError[] => [
  ...hosts.flatMap((host, i) => wrong(`${at}.hosts[${i}]`, host, hostReasons(host))),
  ...(secretName ? wrong(`${at}.secretName`, secretName, isDns1123Subdomain(secretName)) : []),
];

const scopes = ['Cluster', 'Namespace'];

/** Every wrong field of an IngressClass. Kubernetes: pkg/apis/networking/validation ValidateIngressClass. */
export function validateIngressClass({ spec = {} }: V1IngressClass): FieldError[] {
  const { controller = '', parameters } = spec;
  const errors: FieldError[] = [];
  if (controller === '') errors.push(requiredValue('spec.controller'));
  else {
    if (controller.length > 250) errors.push(tooLong('spec.controller', 250));
    errors.push(...domainPrefixedPath(controller, 'spec.controller'));
  }
  if (!parameters) return errors;
  const at = 'spec.parameters';
  const { scope, namespace } = parameters;
  errors.push(...typedReference(parameters, at));
  if (scope === undefined) errors.push(requiredValue(`${at}.scope`));
  else if (!scopes.includes(scope)) errors.push(notSupported(`${at}.scope`, scope, scopes));
  else if (scope === 'Namespace' && namespace === undefined)
    errors.push(requiredValue(`${at}.namespace`, "`parameters.scope` is set to 'Namespace'"));
  else if (scope === 'Namespace') errors.push(...wrong(`${at}.namespace`, namespace!, isDns1123Label(namespace!)));
  else if (namespace !== undefined)
    errors.push(forbiddenValue(`${at}.namespace`, "`parameters.scope` is set to 'Cluster'"));
  return errors;
}

/** `example.com/name`. Kubernetes: validation.IsDomainPrefixedPath. */
function domainPrefixedPath(text: string, at: string): FieldError[] {
  const slash = text.indexOf('/');
  const [domain, path] = slash < 0 ? ['', ''] : [text.slice(0, slash), text.slice(slash + 1)];
  if (domain === '' || path === '')
    return [invalidValue(at, text, 'must be a domain-prefixed path (such as "acme.io/foo")')];
  const errors = wrong(at, domain, isDns1123Subdomain(domain));
  if (/^[A-Za-z0-9/\-._~%!$&'()*+,;=:]+$/.test(path)) return errors;
  return [
    ...errors,
    invalidValue(at, path, `Invalid path (regex used for validation is '[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+')`),
  ];
}

/** The controller of a class stays. Kubernetes: validateIngressClassSpecUpdate. */
export const validateIngressClassUpdate = (next: V1IngressClass, old: V1IngressClass): FieldError[] =>
  next.spec?.controller === old.spec?.controller
    ? []
    : [invalidValue('spec.controller', next.spec?.controller ?? '', sentences.immutable)];
