/** Digits beyond which π is not computed here; a real perl would be busy for minutes. */
const most = 10_000;
/** Digits computed beyond those that are shown, so that the last one is right. */
const guard = 10;

/** arctan(1/x) in units of 1/`one`. */
function arctanInverse(x: bigint, one: bigint): bigint {
  let power = one / x;
  let sum = power;
  for (let n = 3n, sign = -1n; power !== 0n; n += 2n, sign = -sign) {
    power /= x * x;
    sum += (sign * power) / n;
  }
  return sum;
}

/**
 * π with so many digits, the 3 included, the last one rounded: `print bpi(2000)` of perl's bignum. By Machin's formula
 * π = 16 arctan(1/5) − 4 arctan(1/239), in whole numbers. Simplified: at most 10,000 digits.
 */
export function piDigits(wanted: number): string {
  const digits = Math.min(wanted, most);
  const one = 10n ** BigInt(digits - 1 + guard);
  const exact = 16n * arctanInverse(5n, one) - 4n * arctanInverse(239n, one);
  const unit = 10n ** BigInt(guard);
  const text = String((exact + unit / 2n) / unit);
  return digits === 1 ? text : `${text[0]}.${text.slice(1)}`;
}
