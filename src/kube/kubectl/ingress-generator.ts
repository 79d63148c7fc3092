import type { V1HTTPIngressPath, V1IngressBackend, V1IngressRule, V1IngressTLS } from '../../generated/types.ts';
import type { Invocation } from './command.ts';
import type { Generator } from './generators.ts';
import { UsageError } from './parse.ts';

const ruleShape = /^([\w*\-.]*)(\/[^,=\n]*)=([\w-]+):([\w-]+)(?:,(tls)=?([\w-]+)?)?$/;

/** One `--rule=host/path=service:port[,tls[=secret]]`. */
interface Given {
  readonly host: string;
  readonly path: string;
  readonly backend: V1IngressBackend;
  readonly tls: boolean;
  readonly secret: string;
}

const backendOf = (service: string, port: string): V1IngressBackend => ({
  service: { name: service, port: /^\d+$/.test(port) ? { number: Number(port) } : { name: port } },
});

function parseRule(text: string): Given {
  const [whole, host = '', path = '', service = '', port = '', tls, secret = ''] = ruleShape.exec(text) ?? [];
  if (whole === undefined)
    throw new UsageError(
      `error: rule ${text} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]`,
    );
  return { host, path, backend: backendOf(service, port), tls: tls !== undefined, secret };
}

function rulesOf(given: readonly Given[]): V1IngressRule[] {
  const paths = new Map<string, V1HTTPIngressPath[]>();
  for (const { host, path, backend } of given) {
    const prefix = path.endsWith('*');
    const entry = { path: prefix ? path.slice(0, -1) : path, pathType: prefix ? 'Prefix' : 'Exact', backend };
    paths.set(host, [...(paths.get(host) ?? []), entry]);
  }
  return [...paths].map(([host, list]) => ({ ...(host && { host }), http: { paths: list } }));
}

/** Hosts by secret; a host counts once. */
function tlsOf(given: readonly Given[]): V1IngressTLS[] {
  const entries: { hosts: string[]; secret: string }[] = [];
  const seen = new Set<string>();
  for (const { host, tls, secret } of given) {
    if (!tls || seen.has(host)) continue;
    seen.add(host);
    const same = entries.find((entry) => entry.secret === secret);
    if (same) same.hosts.push(host);
    else if (host || secret) entries.push({ hosts: host ? [host] : [], secret });
  }
  return entries.map(({ hosts, secret }) => ({
    ...(hosts.length > 0 && { hosts }),
    ...(secret && { secretName: secret }),
  }));
}

function annotationsOf(run: Invocation): Record<string, string> {
  const annotations: Record<string, string> = {};
  for (const text of run.args.flags.get('annotation') ?? []) {
    const at = text.indexOf('=');
    if (at < 0) throw new UsageError(`error: annotation ${text} is invalid and should be in format key=[value]`);
    annotations[text.slice(0, at)] = text.slice(at + 1);
  }
  return annotations;
}

/** `kubectl create ingress`. Kubernetes: kubectl/pkg/cmd/create/create_ingress.go. */
export const ingressGenerator: Generator = {
  words: 'ingress',
  resource: 'ingresses.networking.k8s.io',
  failed: 'failed to create ingress: ',
  flags: { class: 'string', rule: 'list', 'default-backend': 'string', annotation: 'list' },
  make(run, name) {
    const fallback = run.flag('default-backend') ?? '';
    const texts = run.args.flags.get('rule') ?? [];
    if (fallback === '' && texts.length === 0)
      throw new UsageError(
        'error: not enough information provided: every ingress has to either specify a default-backend (which catches all traffic) or a list of rules (which catch specific paths)',
      );
    const given = texts.map(parseRule);
    const annotations = annotationsOf(run);
    const parts = fallback.split(':');
    if (fallback !== '' && parts.length !== 2)
      throw new UsageError('error: default-backend should be in format servicename:serviceport');
    const className = run.flag('class');
    const [rules, tls] = [rulesOf(given), tlsOf(given)];
    const spec = {
      ...(fallback !== '' && { defaultBackend: backendOf(parts[0]!, parts[1]!) }),
      ...(className && { ingressClassName: className }),
      ...(rules.length > 0 && { rules }),
      ...(tls.length > 0 && { tls }),
    };
    return {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { ...(Object.keys(annotations).length > 0 && { annotations }), name },
      spec,
      status: { loadBalancer: {} },
    };
  },
};
