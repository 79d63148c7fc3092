import type { Context } from '../../kernel/index.ts';
import type { Namespace, Pod } from '../apis/index.ts';
import type { PolicyVerdict } from '../observations.ts';
import { networkAddress, type NetworkMemory } from './memory.ts';
import { dnsEnd, judge, podEnd, policiesIdle } from './networkpolicy.ts';
import type { End } from './policy-rules.ts';

/** Whom a question about connections can name: a running pod, cluster DNS, or somebody beyond the cluster. */
export type Party =
  | { readonly pod: Pod; readonly namespace: Namespace | undefined }
  | 'outside'
  | 'internet'
  | 'cluster-dns';

/** Addresses of the documentation ranges stand for the world: those who come, and where one goes. */
const addresses = { outside: '198.51.100.1', internet: '192.0.2.1' } as const;

/**
 * What the policies in force now say to a connection; empty when nothing isolates either end. Asks the same rules as
 * packets do, with what each node has applied so far, and changes nothing.
 */
export function askPolicies(
  ctx: Context,
  from: Party,
  to: Party,
  port: number,
  protocol: string,
): readonly PolicyVerdict[] {
  const memory = ctx.part<NetworkMemory>(networkAddress)!;
  if (policiesIdle(ctx, memory)) return [];
  const endOf = (party: Party): End => {
    if (party === 'cluster-dns') return dnsEnd(memory);
    if (typeof party === 'string') return { ip: addresses[party], node: '', pod: undefined };
    const { status, spec } = party.pod;
    const ip = status?.podIP ?? '';
    const node = spec?.nodeName ?? '';
    return { ip, node, pod: spec?.hostNetwork ? undefined : podEnd(party.pod, party.namespace) };
  };
  return judge(ctx, memory, { source: endOf(from), target: endOf(to), port, protocol });
}
