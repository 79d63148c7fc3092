import type { V1Affinity, V1LabelSelector, V1PodAffinityTerm, V1PodSpec } from '../../../generated/types.ts';
import type { Labels } from '../../apimachinery/index.ts';

interface WithKeys {
  readonly labelSelector?: V1LabelSelector | undefined;
  readonly matchLabelKeys?: readonly string[] | undefined;
  readonly mismatchLabelKeys?: readonly string[] | undefined;
}

/** Writes the pod's own values of the keys into the selector. */
function merged<T extends WithKeys>(given: T, labels: Labels): T {
  const { labelSelector, matchLabelKeys = [], mismatchLabelKeys = [] } = given;
  if (!labelSelector) return given;
  const added = [
    ...matchLabelKeys.map((key) => ({ key, operator: 'In' })),
    ...mismatchLabelKeys.map((key) => ({ key, operator: 'NotIn' })),
  ].filter(({ key }) => Object.hasOwn(labels, key));
  if (added.length === 0) return given;
  const matchExpressions = [
    ...(labelSelector.matchExpressions ?? []),
    ...added.map((e) => ({ ...e, values: [labels[e.key]!] })),
  ];
  return { ...given, labelSelector: { ...labelSelector, matchExpressions } };
}

const hasKeys = ({ matchLabelKeys, mismatchLabelKeys }: WithKeys): boolean =>
  !!matchLabelKeys?.length || !!mismatchLabelKeys?.length;

type Side = NonNullable<V1Affinity['podAffinity']>;

function mergedSide(side: Side | undefined, labels: Labels): Side | undefined {
  const required = side?.requiredDuringSchedulingIgnoredDuringExecution;
  const preferred = side?.preferredDuringSchedulingIgnoredDuringExecution;
  if (!required?.some(hasKeys) && !preferred?.some((p) => hasKeys(p.podAffinityTerm))) return side;
  const term = (t: V1PodAffinityTerm): V1PodAffinityTerm => merged(t, labels);
  return {
    ...(required && { requiredDuringSchedulingIgnoredDuringExecution: required.map(term) }),
    ...(preferred && {
      preferredDuringSchedulingIgnoredDuringExecution: preferred.map((p) => ({
        ...p,
        podAffinityTerm: term(p.podAffinityTerm),
      })),
    }),
  };
}

/**
 * The spec with `matchLabelKeys` and `mismatchLabelKeys` worked into their selectors: only the pods of the same revision are
 * spread, or kept apart. Done once, when the pod is created. Kubernetes: pkg/registry/core/pod/strategy.go.
 */
export function withLabelKeys(spec: V1PodSpec, labels: Labels = {}): V1PodSpec {
  const { affinity, topologySpreadConstraints: constraints } = spec;
  const podAffinity = mergedSide(affinity?.podAffinity, labels);
  const podAntiAffinity = mergedSide(affinity?.podAntiAffinity, labels);
  const sides = podAffinity !== affinity?.podAffinity || podAntiAffinity !== affinity?.podAntiAffinity;
  const spread = constraints?.some(hasKeys) === true;
  if (!sides && !spread) return spec;
  return {
    ...spec,
    ...(sides && {
      affinity: { ...affinity, ...(podAffinity && { podAffinity }), ...(podAntiAffinity && { podAntiAffinity }) },
    }),
    ...(spread && { topologySpreadConstraints: constraints!.map((c) => merged(c, labels)) }),
  };
}
