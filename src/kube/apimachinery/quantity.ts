/** A resource amount, exact: `nano` is the value in units of 10⁻⁹, the finest that Kubernetes keeps (it rounds up). */
export interface Quantity {
  readonly nano: bigint;
  /** How it was written, which decides how it is printed: `1Gi` stays binary, `1000m` becomes `1`, `1e3` stays an exponent. */
  readonly format: 'DecimalSI' | 'BinarySI' | 'DecimalExponent';
}

const billion = 1_000_000_000n;
const decimalSuffix: Readonly<Record<string, number>> = {
  n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18,
}; // prettier-ignore
const binarySuffix: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };
const decimalNames = new Map(Object.entries(decimalSuffix).map(([name, exponent]) => [exponent, name]));
const binaryNames = new Map(Object.entries(binarySuffix).map(([name, exponent]) => [exponent, name]));

/** The pattern that Kubernetes names when a quantity is malformed. */
export const quantityError =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

const shape = /^([+-]?)(\d*)(?:\.(\d*))?(?:([eE])([+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/;

/** Pure cache: a cluster writes the same few amounts again and again. */
const parsed = new Map<string, Quantity | undefined>();
const maxParsed = 4096;
const longestKept = 24;

/** Reads a quantity; undefined when it is none. Numbers are read as their decimal text. Kubernetes: resource.ParseQuantity. */
export function parseQuantity(input: string | number): Quantity | undefined {
  const text = String(input);
  const known = parsed.get(text);
  if (known !== undefined || parsed.has(text)) return known;
  const quantity = readQuantity(text);
  if (text.length <= longestKept) {
    if (parsed.size >= maxParsed) parsed.clear();
    parsed.set(text, quantity && Object.freeze(quantity));
  }
  return quantity;
}

function readQuantity(text: string): Quantity | undefined {
  const match = shape.exec(text);
  if (!match || text.length > 400 || (match[2] === '' && !match[3])) return undefined;
  const [, sign, whole, fraction = '', e, exponentText, suffix = ''] = match;
  const digits = BigInt((whole ?? '') + fraction);
  let numerator = digits * billion;
  let denominator = 10n ** BigInt(fraction.length);
  let format: Quantity['format'] = 'DecimalSI';
  const binary = binarySuffix[suffix];
  if (e !== undefined) {
    const exponent = Number(exponentText);
    if (exponent > 100 || exponent < -100) return undefined;
    format = 'DecimalExponent';
    if (exponent >= 0) numerator *= 10n ** BigInt(exponent);
    else denominator *= 10n ** BigInt(-exponent);
  } else if (binary !== undefined) {
    format = 'BinarySI';
    numerator <<= BigInt(binary);
  } else {
    const exponent = decimalSuffix[suffix];
    if (exponent === undefined) return undefined;
    if (exponent >= 0) numerator *= 10n ** BigInt(exponent);
    else denominator *= 10n ** BigInt(-exponent);
  }
  const nano = (numerator + denominator - 1n) / denominator; // rounded away from zero
  return { nano: sign === '-' ? -nano : nano, format };
}

/** The exact value in units of 10⁻⁹; 0 for what is no quantity (validation has refused it before). */
export const nanoOf = (input: string | number): bigint => parseQuantity(input)?.nano ?? 0n;

/** −1, 0 or 1, as `a` is less than, equal to or greater than `b`. */
export function compareQuantity(a: string | number, b: string | number): -1 | 0 | 1 {
  const [x, y] = [nanoOf(a), nanoOf(b)];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** The sum of two amounts, in the first one's spelling unless that is zero. Kubernetes: Quantity.Add. */
export function addQuantity(a: string, b: string): string {
  const [x, y] = [parseQuantity(a), parseQuantity(b)];
  if (!x || !y) return x ? a : b;
  return formatQuantity({ nano: x.nano + y.nano, format: x.nano === 0n ? y.format : x.format });
}

const ceilDiv = (n: bigint, d: bigint): bigint => (n <= 0n ? n / d : (n + d - 1n) / d);

/** Thousandths, rounded up: `0.5` → 500, `100m` → 100. What CPU is counted in. Kubernetes: Quantity.MilliValue. */
export function milliValue(input: string | number | undefined): number {
  if (input === undefined) return 0;
  if (typeof input === 'string') {
    const last = input.charCodeAt(input.length - 1);
    // The two usual spellings, `250m` and `2`, without big integers.
    if (last === 109 && plainDigits(input, input.length - 1)) return Number(input.slice(0, -1));
    if (plainDigits(input, input.length)) return Number(input) * 1000;
  }
  return Number(ceilDiv(nanoOf(input), 1_000_000n));
}

/** Whole units, rounded up: `1Gi` → 1073741824. What memory (bytes) and pods are counted in. Kubernetes: Quantity.Value. */
export function quantityValue(input: string | number | undefined): number {
  if (input === undefined) return 0;
  if (typeof input === 'string' && plainDigits(input, input.length)) return Number(input);
  const text = String(input);
  let value = values.get(text);
  if (value === undefined) {
    value = Number(ceilDiv(nanoOf(text), billion));
    if (values.size >= maxParsed) values.clear();
    if (text.length <= longestKept) values.set(text, value);
  }
  return value;
}

/** As `parsed`, in whole units. */
const values = new Map<string, number>();

function plainDigits(text: string, end: number): boolean {
  if (end === 0 || end > 12) return false;
  for (let i = 0; i < end; i++) {
    const c = text.charCodeAt(i);
    if (c < 48 || c > 57) return false;
  }
  return true;
}

/** The canonical text: `0.5` → `500m`, `1024Mi` → `1Gi`, `1000m` → `1`. Kubernetes: Quantity.CanonicalizeBytes. */
function formatQuantity({ nano, format }: Quantity): string {
  if (nano === 0n) return '0';
  const size = nano < 0n ? -nano : nano;
  const sign = nano < 0n ? '-' : '';
  if (format === 'BinarySI' && size >= 1024n * billion && nano % billion === 0n) {
    let amount = size / billion;
    let exponent = 0;
    while (exponent < 60 && amount % 1024n === 0n) {
      amount /= 1024n;
      exponent += 10;
    }
    return `${sign}${amount}${exponent === 0 ? '' : binaryNames.get(exponent)}`;
  }
  let amount = size;
  let exponent = -9;
  while (amount % 1000n === 0n && (format === 'DecimalExponent' || exponent < 18)) {
    amount /= 1000n;
    exponent += 3;
  }
  if (format === 'DecimalExponent') return `${sign}${amount}${exponent === 0 ? '' : `e${exponent}`}`;
  return `${sign}${amount}${decimalNames.get(exponent)}`;
}

/** The canonical form of a quantity's text, as the API server stores it; the text itself when it is no quantity. */
export function canonicalQuantity(input: string | number): string {
  const text = String(input);
  const known = canonical.get(text);
  if (known !== undefined) return known;
  const quantity = parseQuantity(text);
  const result = quantity ? formatQuantity(quantity) : text;
  if (text.length <= longestKept) {
    if (canonical.size >= maxParsed) canonical.clear();
    canonical.set(text, result);
  }
  return result;
}

const canonical = new Map<string, string>();
