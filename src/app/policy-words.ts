import type { V1IPBlock, V1LabelSelector, V1NetworkPolicyPeer, V1NetworkPolicyPort } from '../generated/types.ts';
import type { NetworkPolicy } from '../kube/apis/index.ts';
import type { Translate } from './i18n/index.ts';
import { safeValues } from './Rich.tsx';

/** A selector on one line, as `kubectl describe` has it: `app=web,tier in (a,b),!old`. Empty: everything is meant. */
function selectorText({ matchLabels = {}, matchExpressions = [] }: V1LabelSelector): string {
  const expressions = matchExpressions.map(({ key, operator, values = [] }) =>
    operator === 'Exists'
      ? key
      : operator === 'DoesNotExist'
        ? `!${key}`
        : `${key} ${operator === 'In' ? 'in' : 'notin'} (${values.join(',')})`,
  );
  return [...Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`), ...expressions].join(',');
}

/** One item of `from` or `to`. Both selectors in one item must hold; a Pod selector alone stays in the policy's namespace. */
function peerText(t: Translate, namespace: string, peer: V1NetworkPolicyPeer): string {
  const { ipBlock, namespaceSelector, podSelector } = peer;
  if (ipBlock) return blockText(t, ipBlock);
  const [pods, spaces] = [selectorText(podSelector ?? {}), selectorText(namespaceSelector ?? {})];
  const whose = pods === '' ? 'any' : 'some';
  if (!namespaceSelector) return t(`will.policy.${whose}.own`, safeValues({ pods, namespace }));
  return t(`will.policy.${whose}.${spaces === '' ? 'all' : 'spaces'}`, safeValues({ pods, spaces }));
}

const blockText = (t: Translate, { cidr, except = [] }: V1IPBlock): string =>
  t(
    except.length === 0 ? 'will.policy.block' : 'will.policy.block.except',
    safeValues({ cidr, except: except.join(', ') }),
  );

const portText = ({ port, endPort, protocol = 'TCP' }: V1NetworkPolicyPort): string =>
  `${port ?? '*'}${endPort === undefined ? '' : `-${endPort}`}${protocol === 'TCP' ? '' : `/${protocol}`}`;

interface Rule {
  readonly peers: readonly V1NetworkPolicyPeer[];
  readonly ports: readonly V1NetworkPolicyPort[];
}

/** One rule: its peers joined by "or", and the ports where it names some. */
function ruleText(t: Translate, namespace: string, { peers, ports }: Rule): string {
  const who =
    peers.length === 0
      ? t('will.policy.anybody')
      : peers.map((peer) => peerText(t, namespace, peer)).join(t('will.policy.or'));
  if (ports.length === 0) return who;
  return t('will.policy.ports', { who, ...safeValues({ ports: ports.map(portText).join(', ') }) });
}

/**
 * What a NetworkPolicy isolates and what it lets pass, one sentence for each direction: the difference between two items
 * of a list and two selectors within one is said, not left to the dashes.
 */
export function policyWords(t: Translate, policy: NetworkPolicy): string {
  const { podSelector = {}, ingress = [], egress = [], policyTypes } = policy.spec ?? {};
  const namespace = policy.metadata.namespace ?? 'default';
  const types = policyTypes ?? ['Ingress', ...(egress.length > 0 ? ['Egress'] : [])];
  const pods = selectorText(podSelector);
  const subject =
    pods === ''
      ? t('will.policy.any.own', safeValues({ namespace }))
      : t('will.policy.some.own', safeValues({ pods, namespace }));
  const sentence = (direction: 'ingress' | 'egress', rules: readonly Rule[]): string => {
    const allowed = rules.map((rule) => ruleText(t, namespace, rule)).join(t('will.policy.or'));
    return t(rules.length === 0 ? `will.policy.${direction}.none` : `will.policy.${direction}`, { subject, allowed });
  };
  return [
    ...(types.includes('Ingress')
      ? [
          sentence(
            'ingress',
            ingress.map(({ from = [], ports = [] }) => ({ peers: from, ports })),
          ),
        ]
      : []),
    ...(types.includes('Egress')
      ? [
          sentence(
            'egress',
            egress.map(({ to = [], ports = [] }) => ({ peers: to, ports })),
          ),
        ]
      : []),
  ].join(' ');
}
