import type { Hop, HopCode, PolicyVerdict } from '../observations.ts';
import type { Proxied } from './net.ts';
import type { Route } from './route.ts';

/** How a request ended, for its last hops. */
export interface Ending {
  readonly status: number;
  readonly error?: string | undefined;
  /** When the container answered, refused or broke off; undefined when it was never heard. */
  readonly answeredAt?: number | undefined;
  readonly outcome: 'answered' | 'refused' | 'reset' | 'none';
  /** The container was a proxy: what it did for this answer. */
  readonly proxied?: Proxied | undefined;
}

type Params = Readonly<Record<string, string | number>>;

/** English sentence of each hop; `{x}` is replaced by the parameter. Pages translate by code. */
export const hopSentences: Readonly<Record<HopCode, string>> = {
  'client.sends': '{method} {url} from {from}',
  'dns.answer': '{name} is {ip}',
  'dns.pods': '{name} is {count} pods, took {ip}',
  'dns.external': '{name} is outside the cluster: {ip}',
  'dns.nxdomain': '{name} does not exist (NXDOMAIN)',
  'dns.unreachable': 'no answer for {name}: the machine is cut off from cluster DNS',
  'service.cluster-ip': 'cluster IP {ip}, port {port}',
  'service.node-port': 'node port {port} on {node}',
  'service.load-balancer': 'load balancer {ip}, port {port}',
  'service.entry': 'enters the cluster at {node}, port {port}',
  'service.no-port': 'nothing listens at {ip}, port {port}',
  'proxy.chose': '{node} chose {ip}:{port} at random, 1 of {count} ready',
  'proxy.sticky': '{node} keeps this client at {ip}:{port}, 1 of {count} ready',
  'proxy.terminating': '{node} chose {ip}:{port}, 1 of {count} terminating, none is ready',
  'proxy.no-endpoints': '{node} knows no ready endpoint: refused',
  'proxy.no-local-endpoints': '{node} has no endpoint of its own (policy Local): dropped',
  'policy.egress-allowed': '{policy} lets {pod} out',
  'policy.egress-denied': '{pod} is isolated for egress by {policies}, and no policy allows this: dropped',
  'policy.dns-denied':
    '{pod} is isolated for egress by {policies}, and no policy allows DNS (UDP port 53): {name} cannot be looked up',
  'policy.ingress-allowed': '{policy} lets it in to {pod}',
  'policy.ingress-denied': '{pod} is isolated for ingress by {policies}, and no policy allows this: dropped',
  'pod.arrived': 'arrived at {ip}:{port} on {node}',
  'pod.unreachable': '{node} cannot be reached: packets to {ip} are lost',
  'pod.gone': 'no pod has {ip} any more',
  'node.arrived': 'arrived at {ip}:{port} on {node}',
  'node.unreachable': 'packets to {ip} are lost',
  'outside.arrived': 'arrived at {ip}:{port}',
  'container.answered': 'answered {status} after {ms} ms',
  'container.refused': 'nothing listens on port {port}: refused',
  'container.reset': 'the container died with the request open: reset',
  'container.silent': 'no answer within {ms} ms',
  'ingress.matched': 'rule {host}{path} of Ingress {ingress} sends it to Service {service}',
  'ingress.certificate': 'TLS with the certificate of Secret {secret}',
  'ingress.fake-certificate': 'TLS with the controller’s own fake certificate: no Secret for {host}',
  'ingress.no-rule': 'no Ingress rule takes {host}{path}: 404',
  'ingress.redirect': '{host} has TLS: redirected to https',
  'ingress.no-endpoints': 'Service {service} of Ingress {ingress} has no ready endpoint: 503',
  'ingress.refused': '{endpoint} refused or broke off, tried {tries}: 502',
  'ingress.timeout': '{endpoint} did not answer, tried {tries}: 504',
  'reply.received': '{status} after {ms} ms',
  'reply.failed': '{error} after {ms} ms',
};

/** Templates cut at their parameters: text, name, text, name, … text. A request has seven hops, so it pays. */
const pieces = new Map(Object.entries(hopSentences).map(([code, text]) => [code, text.split(/[{}]/)]));

function sentence(code: HopCode, params: Params): string {
  const parts = pieces.get(code)!;
  let text = parts[0]!;
  for (let i = 1; i < parts.length; i += 2) text += String(params[parts[i]!]) + parts[i + 1]!;
  return text;
}

const schemes = { http: 'http', tcp: 'tcp', udp: 'udp' } as const;

/** The stops of an ended request with their times. Built once, at its end, from its route: nothing is kept on the way. */
export function hopsOf(route: Route, startedAt: number, now: number, ending: Ending): readonly Hop[] {
  const hops: Hop[] = [];
  const add = (at: number, what: string, ref: string | undefined, code: HopCode, params: Params): void => {
    hops.push({ at, what, ref, detail: sentence(code, params), code, params });
  };
  const { request, answer, choice, end, ip, port, node } = route;
  add(startedAt, 'client', undefined, 'client.sends', {
    method: request.protocol === 'http' ? (request.method ?? 'GET') : request.protocol,
    url: `${schemes[request.protocol]}://${request.host}:${request.port}${request.protocol === 'http' ? (request.path ?? '/') : ''}`,
    from:
      route.proxy === '' || route.entrance === 'entry' || route.entrance === 'load-balancer' ? 'outside' : route.proxy,
  });
  const resolved = startedAt + route.dnsMs;
  const arrived = Math.min(startedAt + route.ms, now);
  const addPolicy = (direction: PolicyVerdict['direction'], at: number): void => {
    const verdict = route.policies?.find((v) => v.direction === direction);
    if (!verdict) return;
    const { pod, allowed, isolatedBy, allowedBy = '' } = verdict;
    const refused = end === 'dns-denied' ? 'policy.dns-denied' : (`policy.${direction}-denied` as const);
    const params = allowed ? { pod, policy: allowedBy } : { pod, policies: isolatedBy.join(', '), name: request.host };
    add(at, 'policy', `pods/${pod}`, allowed ? `policy.${direction}-allowed` : refused, params);
  };
  const dns = 'services/kube-system/kube-dns';
  if (end === 'dns-nxdomain') add(resolved, 'dns', dns, 'dns.nxdomain', { name: request.host });
  else if (end === 'dns-denied') addPolicy('egress', startedAt);
  else if (end === 'dns-unreachable') add(resolved, 'dns', undefined, 'dns.unreachable', { name: request.host });
  else if (answer && answer.how !== 'address') {
    const params = { name: answer.name, ip: route.address, count: answer.ips.length };
    const code = answer.how === 'external' ? 'dns.external' : answer.ips.length > 1 ? 'dns.pods' : 'dns.answer';
    add(resolved, 'dns', dns, code, params);
  }
  if (route.service !== undefined && route.entrance) {
    const params = { ip: route.address, port: request.port, node: route.proxy };
    const code = !choice && end === 'lost' ? 'service.no-port' : (`service.${route.entrance}` as const);
    add(resolved, 'service', `services/${route.service}`, code, params);
  }
  if (choice) {
    const ref = `nodes/${route.proxy}`;
    if (choice.verdict === 'endpoint') {
      const code = choice.terminating ? 'proxy.terminating' : choice.sticky ? 'proxy.sticky' : 'proxy.chose';
      add(resolved, 'kube-proxy', ref, code, { ip, port, count: choice.of, node: route.proxy });
    } else {
      const code = choice.verdict === 'reject' ? 'proxy.no-endpoints' : 'proxy.no-local-endpoints';
      add(resolved, 'kube-proxy', ref, code, { node: route.proxy });
    }
  }
  if (end !== 'dns-denied') {
    addPolicy('egress', resolved);
    addPolicy('ingress', arrived);
  }
  const podRef = route.pod ?? (node === '' ? undefined : `nodes/${node}`);
  if (end === 'pod' || end === 'closed') add(arrived, 'pod', podRef, 'pod.arrived', { ip, port, node });
  else if (end === 'node') add(arrived, 'node', podRef, 'node.arrived', { ip, port, node });
  else if (end === 'outside' || end === 'api-server') add(arrived, end, undefined, 'outside.arrived', { ip, port });
  else if (end === 'no-route') add(arrived, 'pod', podRef, 'pod.gone', { ip });
  else if (end === 'lost' && choice?.verdict === 'endpoint')
    add(arrived, 'pod', podRef, 'pod.unreachable', { ip, node });
  else if (end === 'lost' && !route.service) add(arrived, 'node', podRef, 'node.unreachable', { ip: route.address });
  if (end === 'closed') add(arrived, 'container', podRef, 'container.refused', { port });
  const ms = now - startedAt;
  if (end === 'pod' || end === 'node' || end === 'outside' || end === 'api-server') {
    const at = ending.answeredAt ?? now;
    if (ending.proxied)
      for (const step of ending.proxied.steps)
        add(step.at, step.what, step.ref ?? podRef, step.code, step.params ?? {});
    else if (ending.outcome === 'answered')
      add(at, 'container', podRef, 'container.answered', { status: ending.status, ms: at - arrived });
    else if (ending.outcome === 'refused') add(at, 'container', podRef, 'container.refused', { port });
    else if (ending.outcome === 'reset') add(at, 'container', podRef, 'container.reset', {});
    else add(at, 'container', podRef, 'container.silent', { ms: now - arrived });
  }
  if (ending.error === undefined) add(now, 'reply', undefined, 'reply.received', { status: ending.status, ms });
  else add(now, 'reply', undefined, 'reply.failed', { error: ending.error, ms });
  return hops;
}
