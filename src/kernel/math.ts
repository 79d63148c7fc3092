const ln2 = 0.6931471805599453;

/**
 * Natural logarithm of a positive number, by additions, multiplications and divisions only: IEEE 754 fixes those to the
 * last bit, while `Math.log` may differ between engines. Error below 1e-15 relative for 1e-6 … 1e9.
 */
export function ln(x: number): number {
  let exponent = 0;
  let m = x;
  while (m > 1.4142135623730951) {
    m /= 2;
    exponent++;
  }
  while (m < 0.7071067811865476) {
    m *= 2;
    exponent--;
  }
  // ln m = 2 (t + t³/3 + t⁵/5 + …) with t = (m − 1)/(m + 1), |t| ≤ 0.172: 13 terms reach the last bit.
  const t = (m - 1) / (m + 1);
  const square = t * t;
  let power = t;
  let sum = 0;
  for (let k = 1; k <= 25; k += 2) {
    sum += power / k;
    power *= square;
  }
  return exponent * ln2 + 2 * sum;
}

/** Whole part of the binary logarithm of a number ≥ 1: how often it can be halved and stay ≥ 1. */
export function floorLog2(x: number): number {
  let n = 0;
  for (let rest = x; rest >= 2; rest /= 2) n++;
  return n;
}

/** e to the power of x, as portable as `ln`. */
export function exp(x: number): number {
  const halvings = Math.round(x / ln2);
  const rest = x - halvings * ln2;
  let term = 1;
  let sum = 1;
  for (let k = 1; k <= 20; k++) {
    term *= rest / k;
    sum += term;
  }
  for (let n = Math.abs(halvings); n > 0 && Number.isFinite(sum) && sum > 0; n--)
    sum = halvings > 0 ? sum * 2 : sum / 2;
  return sum;
}

/** Sine of an angle in radians, as portable as `ln`; the angle is brought to ±π first. */
export function sin(x: number): number {
  const turn = 2 * Math.PI;
  const angle = x - turn * Math.round(x / turn);
  let term = angle;
  let sum = angle;
  for (let k = 1; k <= 20; k++) {
    term *= (-angle * angle) / (2 * k * (2 * k + 1));
    sum += term;
  }
  return sum;
}

/** Cosine of an angle in radians. */
export const cos = (x: number): number => sin(x + Math.PI / 2);

/** Arc tangent, as portable as `ln`: halved three times by atan x = 2 atan(x / (1 + √(1 + x²))), then its series. */
export function atan(x: number): number {
  let t = x;
  for (let k = 0; k < 3; k++) t /= 1 + Math.sqrt(1 + t * t);
  let power = t;
  let sum = 0;
  for (let k = 1; k <= 41; k += 4) {
    sum += power / k - (power * t * t) / (k + 2);
    power *= t * t * t * t;
  }
  return 8 * sum;
}
