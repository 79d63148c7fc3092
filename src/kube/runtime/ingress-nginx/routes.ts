import { regex, RegexError, type Regex } from '../../apimachinery/regex/index.ts';
import type { V1IngressBackend } from '../../../generated/types.ts';
import { millisOf } from '../../apimachinery/index.ts';
import type { EndpointSlice, Ingress, IngressClass, Service } from '../../apis/index.ts';

/** Which Ingresses a controller takes: its flags. */
export interface Classes {
  /** `--controller-class`: the controller that an IngressClass names. */
  readonly controller: string;
  /** `--ingress-class`: the value of the old annotation. */
  readonly annotation: string;
  /** `--watch-ingress-without-class`. */
  readonly withoutClass: boolean;
}

/** A Service's port that requests are sent to. */
export interface Backend {
  /** `default/web`. */
  readonly service: string;
  /** Number or name. */
  readonly port: number | string;
  /** Endpoints that are ready, as `ip:port`. */
  readonly endpoints: readonly string[];
}

/** Where requests for a path go. */
export interface Location {
  readonly path: string;
  readonly type: 'exact' | 'prefix' | 'plain' | 'regex';
  /** `default/shop`: the Ingress whose rule it is. */
  readonly ingress: string;
  readonly backend: Backend;
  /** `rewrite-target`, with `$1` for groups of the path. */
  readonly rewrite?: string | undefined;
}

/** What is known of a host: its paths, longest first, and what is sent there when none fits. */
export interface Host {
  readonly locations: readonly Location[];
  readonly fallback?: Location | undefined;
  /** Secret with its certificate: `default/tls`; '' when TLS is asked for without a Secret or its Secret is not there. */
  readonly certificate?: string | undefined;
  readonly redirect: boolean;
}

/** All routes, as a written nginx.conf has them. Plain data, frozen. Host `_` takes what no other host takes. */
export type Routes = Readonly<Record<string, Host>>;

/** What routes are made of. */
export interface Sources {
  readonly ingresses: Iterable<Ingress>;
  classOf(name: string): IngressClass | undefined;
  serviceAt(key: string): Service | undefined;
  slicesOf(service: string): readonly EndpointSlice[];
  hasCertificate(secret: string): boolean;
}

const annotation = (ingress: Ingress, name: string): string | undefined =>
  ingress.metadata.annotations?.[`nginx.ingress.kubernetes.io/${name}`];

/** True for an Ingress that a controller with these flags serves. An IngressClass that does not exist is nobody's. */
export function isServed(ingress: Ingress, classes: Classes, classOf: Sources['classOf']): boolean {
  const old = ingress.metadata.annotations?.['kubernetes.io/ingress.class'];
  if (old !== undefined) return old === classes.annotation;
  const name = ingress.spec?.ingressClassName;
  if (name === undefined) return classes.withoutClass;
  return classOf(name)?.spec?.controller === classes.controller;
}

interface Building {
  readonly locations: Location[];
  fallback?: Location;
  certificate?: string;
  redirect: boolean;
}

/**
 * Routes of all Ingresses that are served. The oldest wins a path that two of them claim.
 * ingress-nginx: internal/ingress/controller/controller.go getBackendServers.
 */
export function buildRoutes(sources: Sources, classes: Classes): Routes {
  const served = [...sources.ingresses].filter((ingress) => isServed(ingress, classes, sources.classOf));
  served.sort((a, b) => born(a) - born(b) || (keyOf(a) < keyOf(b) ? -1 : 1));
  const hosts = new Map<string, Building>();
  const hostOf = (name: string): Building => {
    const building = hosts.get(name) ?? { locations: [], redirect: false };
    hosts.set(name, building);
    return building;
  };
  for (const ingress of served) {
    const { rules = [], defaultBackend, tls = [] } = ingress.spec ?? {};
    for (const { host, http } of rules) {
      const building = hostOf(host || '_');
      for (const path of http?.paths ?? []) {
        const location = locationOf(sources, ingress, path.path || '/', path.pathType, path.backend);
        const taken = building.locations.some((l) => l.path === location.path && l.type === location.type);
        if (!taken) building.locations.push(location);
      }
    }
    if (defaultBackend) {
      const fallback = locationOf(sources, ingress, '/', 'Prefix', defaultBackend);
      for (const name of rules.length > 0 ? rules.map((r) => r.host || '_') : ['_']) hostOf(name).fallback ??= fallback;
    }
    for (const { hosts: names = [], secretName } of tls) {
      const secret = secretName ? `${ingress.metadata.namespace}/${secretName}` : '';
      for (const name of names.length > 0 ? names : rules.map((r) => r.host || '_')) {
        const building = hosts.get(name);
        if (!building) continue;
        building.certificate ??= secret !== '' && sources.hasCertificate(secret) ? secret : '';
        building.redirect = annotation(ingress, 'ssl-redirect') !== 'false';
      }
    }
  }
  for (const { locations } of hosts.values()) locations.sort(inOrder);
  return Object.fromEntries(hosts);
}

const born = ({ metadata }: Ingress): number => millisOf(metadata.creationTimestamp);
const keyOf = ({ metadata }: Ingress): string => `${metadata.namespace}/${metadata.name}`;

/** Longest path first; an exact path before a prefix of the same length. */
const inOrder = (a: Location, b: Location): number =>
  b.path.length - a.path.length || Number(b.type === 'exact') - Number(a.type === 'exact');

function locationOf(
  sources: Sources,
  ingress: Ingress,
  path: string,
  pathType: string,
  backend: V1IngressBackend,
): Location {
  const rewrite = annotation(ingress, 'rewrite-target');
  const regex = rewrite !== undefined || annotation(ingress, 'use-regex') === 'true';
  const type = pathType === 'Exact' ? 'exact' : regex ? 'regex' : pathType === 'Prefix' ? 'prefix' : 'plain';
  return {
    path,
    type,
    ingress: keyOf(ingress),
    backend: backendOf(sources, ingress.metadata.namespace!, backend),
    ...(rewrite !== undefined && { rewrite }),
  };
}

function backendOf(sources: Sources, namespace: string, { service: given }: V1IngressBackend): Backend {
  const service = `${namespace}/${given?.name ?? ''}`;
  const port = given?.port?.name || (given?.port?.number ?? 0);
  const own = sources
    .serviceAt(service)
    ?.spec?.ports?.find((p) => (typeof port === 'number' ? p.port : p.name) === port);
  if (!own) return { service, port, endpoints: [] };
  const endpoints = sources.slicesOf(service).flatMap((slice) => {
    const number = slice.ports?.find((p) => (p.name ?? '') === (own.name ?? ''))?.port;
    if (!number) return [];
    const ready = (slice.endpoints ?? []).filter((e) => e.conditions?.ready !== false);
    return ready.map((e) => `${e.addresses[0]!}:${number}`);
  });
  return { service, port, endpoints };
}

/** The host that answers for a name: itself, a wildcard one label above, or `_`. */
export function hostFor(routes: Routes, name: string): Host | undefined {
  if (Object.hasOwn(routes, name)) return routes[name];
  const wildcard = `*${name.slice(name.indexOf('.'))}`;
  if (name.includes('.') && Object.hasOwn(routes, wildcard)) return routes[wildcard];
  return Object.hasOwn(routes, '_') ? routes['_'] : undefined;
}

/** Where a path of a host goes, and as what path; undefined when no rule takes it. */
export function locate(host: Host | undefined, path: string): { location: Location; path: string } | undefined {
  if (!host) return undefined;
  const [bare = '/', query] = path.split(/\?(.*)/s);
  for (const location of host.locations) {
    const target = taken(location, bare);
    if (target !== undefined) return { location, path: query === undefined ? target : `${target}?${query}` };
  }
  return host.fallback && { location: host.fallback, path };
}

/** The path under which a location sends a request on; undefined when it does not take it. */
function taken({ type, path, rewrite }: Location, asked: string): string | undefined {
  if (type === 'exact') return asked === path ? (rewrite ?? asked) : undefined;
  if (type === 'plain') return asked.startsWith(path) ? asked : undefined;
  if (type === 'prefix') {
    const stem = path.replace(/\/$/, '');
    return asked === stem || asked.startsWith(`${stem}/`) ? asked : undefined;
  }
  const match = pattern(path)?.exec(asked);
  if (!match) return undefined;
  return rewrite === undefined ? asked : rewrite.replace(/\$(\d)/g, (_, n: string) => match.groups[Number(n)] ?? '');
}

const patterns = new Map<string, Regex | null>(); // pure: path → what it means

/** A path that is a regular expression; null when it is none that can be tried. */
function pattern(path: string): Regex | null {
  let known = patterns.get(path);
  if (known === undefined) {
    if (patterns.size > 500) patterns.clear();
    try {
      known = regex(`^${path}`, { ignoreCase: true });
    } catch (error) {
      if (!(error instanceof RegexError)) throw error;
      known = null;
    }
    patterns.set(path, known);
  }
  return known;
}
