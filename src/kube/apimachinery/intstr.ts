/** A number, or a percentage as text (`25%`): type `IntOrString` of Kubernetes. */
export type IntOrString = number | string;

/** The number in front of the `%`, or undefined when the text is no percentage. */
export function percentOf(value: IntOrString): number | undefined {
  const match = typeof value === 'string' ? /^(\d+)%$/.exec(value) : null;
  return match ? Number(match[1]) : undefined;
}

/**
 * The value meant by a number or a percentage of `total`: 25 % of 10 is 2.5, so 3 rounded up (maxSurge) and
 * 2 rounded down (maxUnavailable). Text that is neither counts as 0; validation refuses it before it gets here.
 * Kubernetes: intstr.GetScaledValueFromIntOrPercent.
 */
export function scaledValue(value: IntOrString | undefined, total: number, round: 'up' | 'down'): number {
  if (value === undefined) return 0;
  if (typeof value === 'number') return value;
  const percent = percentOf(value);
  if (percent === undefined) return 0;
  return round === 'up' ? Math.ceil((percent * total) / 100) : Math.floor((percent * total) / 100);
}
