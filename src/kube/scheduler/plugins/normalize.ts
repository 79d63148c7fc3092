/** Scales scores so that the highest becomes 100. Kubernetes: plugins/helper/normalize_score.go. */
export function normalize(scores: Float64Array): void {
  const max = highest(scores);
  if (max === 0) return;
  for (let i = 0; i < scores.length; i++) scores[i] = Math.floor((100 * scores[i]!) / max);
}

/** Scales and turns round: 0 becomes 100, the highest 0. All are 100 when all are 0. */
export function normalizeReversed(scores: Float64Array): void {
  const max = highest(scores);
  for (let i = 0; i < scores.length; i++) scores[i] = max === 0 ? 100 : 100 - Math.floor((100 * scores[i]!) / max);
}

function highest(scores: Float64Array): number {
  let max = 0;
  for (const score of scores) if (score > max) max = score;
  return max;
}
