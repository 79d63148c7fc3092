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
