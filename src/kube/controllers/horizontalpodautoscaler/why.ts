import type { Why } from '../../deeds.ts';
import { scaleUpLimit } from './behavior.ts';
import { quantityText } from './metrics.ts';
import type { Proposal } from './replicas.ts';

/** How a number of replicas came about, step by step. */
export interface Reasoning {
  readonly metric: string;
  readonly resource: string;
  readonly proposal: Proposal;
  /** Replicas before, after the windows, and at the end. */
  readonly current: number;
  readonly stabilized: number;
  readonly final: number;
  /** Reason of ScalingLimited. */
  readonly limit: string;
  readonly min: number;
  readonly max: number;
  readonly hasBehavior: boolean;
  /** How long the window is that holds this change back. */
  readonly windowSeconds: number;
  readonly tolerancePercent: number;
}

/** `150 %` or `150Mi`. */
const amount = (value: number, { resource, proposal }: Reasoning): string =>
  proposal.utilization === undefined ? quantityText(value, resource) : `${value} %`;

/** The formula with its numbers: `⌈2 × 150 / 50⌉`. */
function formulaOf({ resource, proposal }: Reasoning): string {
  const { pods, current, target, utilization } = proposal;
  const text = (value: number): string => (utilization === undefined ? quantityText(value, resource) : String(value));
  return `⌈${pods} × ${text(current)} / ${text(target)}⌉`;
}

/** What held the number back, with its numbers. */
function limitOf({ limit, current, min, max, hasBehavior }: Reasoning): string {
  switch (limit) {
    case 'TooManyReplicas':
      return `maxReplicas: ${max}`;
    case 'TooFewReplicas':
      return `minReplicas: ${min}`;
    case 'ScaleDownLimit':
      return 'behavior.scaleDown';
    default:
      return hasBehavior ? 'behavior.scaleUp' : `max(2 × ${current}, 4) = ${scaleUpLimit(current)}`;
  }
}

/** Why the target is scaled. */
export function whyScale(r: Reasoning): Why {
  const { metric, current: from, final: to, proposal, stabilized, windowSeconds: seconds } = r;
  const wanted = proposal.replicas;
  const formula = proposal.verdict === 'formula' ? formulaOf(r) : String(wanted);
  if (to !== stabilized)
    return { code: 'hpa.scale-limited', params: { from, to, metric, formula, wanted, limit: limitOf(r) } };
  if (to !== wanted) return { code: 'hpa.scale-stabilized', params: { from, to, metric, formula, wanted, seconds } };
  return { code: 'hpa.scale', params: { from, to, metric, formula } };
}

/** Why the target is left as it is. */
export function whyNot(r: Reasoning): Why {
  const { metric, current: replicas, final, proposal, stabilized, windowSeconds: seconds, tolerancePercent } = r;
  const wanted = proposal.replicas;
  if (proposal.verdict === 'within-tolerance') {
    const [current, target] = [amount(proposal.current, r), amount(proposal.target, r)];
    return { code: 'hpa.within-tolerance', params: { metric, replicas, current, target, tolerance: tolerancePercent } };
  }
  if (proposal.verdict === 'turned') return { code: 'hpa.turned', params: { metric, replicas } };
  const formula = formulaOf(r);
  if (stabilized !== final)
    return { code: 'hpa.limited', params: { metric, replicas, formula, wanted, limit: limitOf(r) } };
  if (wanted !== stabilized) return { code: 'hpa.stabilized', params: { metric, replicas, formula, wanted, seconds } };
  return { code: 'hpa.unchanged', params: { metric, replicas, formula } };
}
