/** Ingresses as gates with their tables, and NetworkPolicies with the pods they isolate. Pure. */
import type { V1Ingress, V1IngressBackend, V1NetworkPolicy, V1Pod, V1Service } from '../../generated/types.ts';
import { matchesSelector } from '../../kube/apimachinery/index.ts';
import type { Objects, StageRef } from './contract.ts';
import { createdAt, refOf, values } from './objects.ts';
import type { Isolation, SceneGate, ScenePolicy, SceneRule } from './scene-types.ts';

/** Gates in the order of their making. */
export function readGates(
  objects: Objects,
  shown: (namespace: string | undefined) => boolean,
  services: readonly {
    readonly uid: string;
    readonly ref: Pick<StageRef, 'key'>;
    readonly members?: ReadonlySet<string>;
  }[],
): SceneGate[] {
  const byKey = new Map(services.map((s) => [s.ref.key, s]));
  return [...values(objects, 'ingresses.networking.k8s.io')]
    .filter((o) => shown(o.metadata.namespace))
    .sort((a, b) => createdAt(a) - createdAt(b))
    .map((object): SceneGate => {
      const { spec, status } = object as unknown as V1Ingress;
      const ref = refOf('ingresses.networking.k8s.io', object);
      const namespace = object.metadata.namespace ?? '';
      const rule = (host: string, path: string, backend: V1IngressBackend | undefined): SceneRule => {
        const service = backend?.service?.name ?? '';
        return { host, path, service, uid: byKey.get(`${namespace}/${service}`)?.uid ?? '' };
      };
      const rules = (spec?.rules ?? []).flatMap((r) =>
        (r.http?.paths ?? []).map((p) => rule(r.host ?? '*', p.path ?? '/', p.backend)),
      );
      if (spec?.defaultBackend) rules.push(rule('*', '*', spec.defaultBackend));
      return {
        uid: ref.uid,
        ref,
        name: object.metadata.name ?? '?',
        namespace,
        className: spec?.ingressClassName ?? '',
        rules,
        served: (status?.loadBalancer?.ingress?.length ?? 0) > 0,
        controllers: byKey.get(entryOf(objects, status?.loadBalancer?.ingress?.[0]?.ip))?.members ?? new Set(),
      };
    });
}

/** Key of the Service behind which a gate's controller stands: the one with the same address. */
function entryOf(objects: Objects, ip: string | undefined): string {
  if (ip !== undefined)
    for (const object of values(objects, 'services'))
      if ((object as unknown as V1Service).status?.loadBalancer?.ingress?.some((i) => i.ip === ip))
        return refOf('services', object).key;
  return '';
}

/** The gate that a URL from outside comes through: by host, a wildcard host, or any. */
export function gateOfUrl(url: string, gates: readonly SceneGate[]): SceneGate | undefined {
  const host = /^[a-z]+:\/\/([^/:?#]+)/i.exec(url)?.[1] ?? '';
  const fits = (rule: SceneRule): boolean =>
    rule.host === host || (rule.host.startsWith('*.') && host.endsWith(rule.host.slice(1)));
  return gates.find((g) => g.rules.some(fits));
}

/** Policies with the number of pods they isolate, and what isolates a pod. */
export function readPolicies(
  objects: Objects,
  shown: (namespace: string | undefined) => boolean,
): { policies: ScenePolicy[]; isolationOf: (pod: V1Pod) => Isolation } {
  const all = [...values(objects, 'networkpolicies.networking.k8s.io')].filter((o) => shown(o.metadata.namespace));
  if (all.length === 0) return { policies: [], isolationOf: () => '' };
  const counts = new Map<string, number>();
  const open = all.map((object) => {
    const { spec } = object as unknown as V1NetworkPolicy;
    const types = spec?.policyTypes ?? ['Ingress'];
    return {
      ref: refOf('networkpolicies.networking.k8s.io', object),
      object,
      selector: spec?.podSelector ?? {},
      ingress: types.includes('Ingress'),
      egress: types.includes('Egress'),
    };
  });
  for (const object of values(objects, 'pods'))
    for (const p of open)
      if (p.object.metadata.namespace === object.metadata.namespace && matchesSelector(p.selector, labelsOf(object)))
        counts.set(p.ref.uid, (counts.get(p.ref.uid) ?? 0) + 1);
  return {
    policies: open.map((p) => ({
      uid: p.ref.uid,
      ref: p.ref,
      name: p.object.metadata.name ?? '?',
      namespace: p.object.metadata.namespace ?? '',
      ingress: p.ingress,
      egress: p.egress,
      pods: counts.get(p.ref.uid) ?? 0,
    })),
    isolationOf: (pod) => {
      let ingress = false;
      let egress = false;
      for (const p of open) {
        if (p.object.metadata.namespace !== pod.metadata.namespace) continue;
        if (!matchesSelector(p.selector, labelsOf(pod))) continue;
        ingress ||= p.ingress;
        egress ||= p.egress;
      }
      return ingress && egress ? 'both' : ingress ? 'in' : egress ? 'out' : '';
    },
  };
}

const labelsOf = (object: { readonly metadata: { readonly labels?: unknown } }): Record<string, string> =>
  (object.metadata.labels ?? {}) as Record<string, string>;
