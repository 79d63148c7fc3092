import { deepFreeze } from '../../../kernel/index.ts';
import { equal, type KubeObject } from '../../apimachinery/index.ts';
import type { EndpointSlice } from '../../apis/index.ts';
import { allSynced, cached, cachedAll, emptyEvents, recordEvent, type Change } from '../../client/index.ts';
import { apiCaches, apiClient, watchApi } from '../api-clients.ts';
import { calendar } from '../clock.ts';
import { defineProgram, type Run } from '../program.ts';
import { behaviourChanged, drain, listen, say, timer } from '../running.ts';
import { request, response } from './proxy.ts';
import { buildRoutes, type Routes } from './routes.ts';
import type { State } from './state.ts';
import { controllerName, served, serves, statusLacks, withdrawStatus, writeStatus } from './status.ts';

/** From its first complete view of the API until nginx runs. */
const startMs = 1000;
/** `--sync-rate-limit` 0.3: at most one new configuration in this time. */
const syncMs = 3334;
/** Addresses are written once a minute. ingress-nginx: status.UpdateInterval. */
const statusMs = 60_000;

const ports = [80, 443, 10254] as const;
const watched = [
  'ingresses.networking.k8s.io',
  'ingressclasses.networking.k8s.io',
  'services',
  'endpointslices.discovery.k8s.io',
  'secrets',
] as const;

/** Value of a flag, as `--name=value`. */
function flagOf(argv: readonly string[], name: string): string | undefined {
  const given = argv.find((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`));
  return given && (given.includes('=') ? given.slice(given.indexOf('=') + 1) : 'true');
}

/**
 * The controller: learns Ingresses and what they lead to from the API, makes nginx' configuration of them, answers and
 * passes on requests, and writes its address into the Ingresses.
 *
 *   watch ──▶ sync (at most every 3.3 s) ──▶ routes ──▶ requests: 404 │ 503 │ 308 │ upstream ──▶ answer │ 502 │ 504
 *
 * ingress-nginx: internal/ingress/controller. Simplified: of the annotations rewrite-target, use-regex and ssl-redirect
 * are read; no admission webhook, no leader election (all replicas write the same status), nothing is encrypted.
 */
export const controller = defineProgram<State>({
  start(run, argv) {
    say(run, ...banner);
    watchApi(
      run,
      watched.map((resource) => ({ resource })),
    );
    return {
      classes: {
        controller: flagOf(argv, 'controller-class') ?? 'k8s.io/ingress-nginx',
        annotation: flagOf(argv, 'ingress-class') ?? 'nginx',
        withoutClass: flagOf(argv, 'watch-ingress-without-class') === 'true',
      },
      publish: flagOf(argv, 'publish-service'),
      statusAddress: flagOf(argv, 'publish-status-address'),
      routes: noRoutes,
      services: new Set<string>(),
      listening: false,
      startedAt: run.ctx.now,
      syncedAt: 0,
      syncWanted: false,
      statusWanted: false,
      turns: new Map(),
      pending: new Map(),
      lastRequest: 0,
      events: emptyEvents(),
    };
  },
  changed(run, state, change) {
    if (change === 'synced') {
      for (const ingress of served(run, state)) tellScheduled(run, state, ingress as never);
      timer(run, startMs, 'begin');
      return;
    }
    if (!allSynced(apiCaches(run))) return;
    const { resource, type, object } = change;
    if (resource === 'ingresses.networking.k8s.io' && type !== 'DELETED' && serves(run, state, object as never))
      tellScheduled(run, state, object);
    if (state.listening && matters(state, change)) wantSync(run, state);
  },
  timer(run, state, name) {
    if (name === 'begin') begin(run, state);
    else if (name === 'sync') sync(run, state);
    else if (name === 'status') {
      state.statusWanted = false;
      writeStatus(run, state);
    }
  },
  request,
  response,
  signal(run, state, signal) {
    if (signal === 'HUP') return;
    log(run, 'sigterm.go:36', '"Received SIGTERM, shutting down"');
    withdrawStatus(run, state);
    drain(run, 0);
  },
});

const noRoutes: Routes = Object.freeze({});

const banner: readonly string[] = Object.freeze([
  '-------------------------------------------------------------------------------',
  'NGINX Ingress controller',
  '  Repository:    https://github.com/kubernetes/ingress-nginx',
  '-------------------------------------------------------------------------------',
]);

/** A line as Go's klog writes it. */
function log(run: Run, where: string, text: string): void {
  const t = calendar(run.ctx.now);
  const micros = `${run.ctx.now % 1000}`.padStart(3, '0');
  say(run, `I${t.month}${t.day} ${t.hour}:${t.minute}:${t.second}.${micros}000       7 ${where}] ${text}`);
}

function begin(run: Run, state: State): void {
  if (state.listening) return;
  state.listening = true;
  listen(run, ...ports);
  behaviourChanged(run);
  sync(run, state);
  // A new leader writes at once, then every minute.
  writeStatus(run, state);
}

/** True when a change may alter the routes or the addresses. */
function matters(state: State, { resource, key, object }: Change): boolean {
  if (resource === 'services') return state.services.has(key) || key === state.publish;
  if (resource === 'endpointslices.discovery.k8s.io') {
    const { namespace, labels } = object.metadata;
    return state.services.has(`${namespace}/${labels?.['kubernetes.io/service-name']}`);
  }
  return resource !== 'secrets' || object['type'] === 'kubernetes.io/tls';
}

function wantSync(run: Run, state: State): void {
  if (state.syncWanted) return;
  state.syncWanted = true;
  timer(run, Math.max(50, state.syncedAt + syncMs - run.ctx.now), 'sync');
}

/** Works out the routes anew and takes them over when they differ; then sees to the addresses. */
function sync(run: Run, state: State): void {
  state.syncWanted = false;
  state.syncedAt = run.ctx.now;
  const routes = routesNow(run, state);
  if (!equal(routes, state.routes)) {
    log(run, 'controller.go:205', '"Configuration changes detected, backend reload required"');
    state.routes = deepFreeze(routes);
    state.services = new Set(
      Object.values(routes).flatMap(({ locations, fallback }) =>
        [...locations, ...(fallback ? [fallback] : [])].map((location) => location.backend.service),
      ),
    );
    log(run, 'controller.go:219', '"Backend successfully reloaded"');
  }
  if (state.statusWanted || !statusLacks(run, state)) return;
  state.statusWanted = true;
  const { now } = run.ctx;
  timer(run, statusMs - ((now - state.startedAt) % statusMs), 'status');
}

function routesNow(run: Run, state: State): Routes {
  const caches = apiCaches(run);
  const slices = new Map<string, EndpointSlice[]>();
  for (const slice of cachedAll(caches, 'endpointslices.discovery.k8s.io')) {
    const { namespace, labels } = slice.metadata;
    const service = `${namespace}/${labels?.['kubernetes.io/service-name'] ?? ''}`;
    slices.set(service, [...(slices.get(service) ?? []), slice]);
  }
  return buildRoutes(
    {
      ingresses: cachedAll(caches, 'ingresses.networking.k8s.io'),
      classOf: (name) => cached(caches, 'ingressclasses.networking.k8s.io', name),
      serviceAt: (key) => cached(caches, 'services', key),
      slicesOf: (service) => slices.get(service) ?? [],
      hasCertificate: (secret) => cached(caches, 'secrets', secret)?.data?.['tls.crt'] !== undefined,
    },
    state.classes,
  );
}

/** Tells, as an event on it, that an Ingress will be looked at. */
function tellScheduled(run: Run, state: State, object: KubeObject): void {
  recordEvent(run.ctx, apiClient(run, controllerName), state.events, {
    object,
    type: 'Normal',
    reason: 'Sync',
    message: 'Scheduled for sync',
    component: controllerName,
  });
}
