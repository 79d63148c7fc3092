import type { Ingress } from '../apis/index.ts';
import type { NetworkMemory } from './memory.ts';

/**
 * Names of the world's DNS that an Ingress is reached by: as soon as a controller has written an address into its status,
 * each host of its rules leads there, and every other name of that host's domain too, as with a wildcard record.
 * `shop.example` → `shop.example`, `*.example`; `*.foo.com` → `*.foo.com`.
 *
 * Simplified: as if external-dns kept the zone, at once. Without a controller nothing is written, and nothing resolves.
 */
function namesOf({ spec }: Ingress): Set<string> {
  const names = new Set<string>();
  for (const { host } of spec?.rules ?? []) {
    if (!host) continue;
    names.add(host);
    const dot = host.indexOf('.');
    if (dot > 0 && !host.startsWith('*.')) names.add(`*${host.slice(dot)}`);
  }
  return names;
}

const addressesOf = ({ status }: Ingress): readonly string[] =>
  (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? []);

/** Keeps the public names in step with one Ingress' change. */
export function indexIngress(
  memory: NetworkMemory,
  key: string,
  old: Ingress | undefined,
  next: Ingress | undefined,
): void {
  for (const name of old ? namesOf(old) : []) {
    const entries = memory.publicNames.get(name);
    if (entries?.delete(key) && entries.size === 0) memory.publicNames.delete(name);
  }
  const ips = next ? addressesOf(next) : [];
  if (!next || ips.length === 0) return;
  for (const name of namesOf(next)) {
    const entries = memory.publicNames.get(name);
    if (entries) entries.set(key, ips);
    else memory.publicNames.set(name, new Map([[key, ips]]));
  }
}

/** Addresses of a public name: its own record, or the wildcard of the nearest domain above. Of several Ingresses the first. */
export function publicRecord({ publicNames }: NetworkMemory, name: string): readonly string[] | undefined {
  if (publicNames.size === 0) return undefined;
  let found = publicNames.get(name);
  for (let dot = name.indexOf('.'); !found && dot >= 0; dot = name.indexOf('.', dot + 1))
    found = publicNames.get(`*${name.slice(dot)}`);
  return found?.values().next().value;
}
