import { Environment } from '@marcbachmann/cel-js';
import { goRegExp } from '../../apimachinery/regexp.ts';
import { addQuantity, compareQuantity, nanoOf, parseQuantity, quantityValue } from '../../apimachinery/index.ts';

/** A quantity inside an expression. */
class QuantityValue {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** What `sets.contains(…)` is called on. */
class SetsLibrary {}

const same = (a: unknown, b: unknown): boolean =>
  a === b ||
  (typeof a === 'object' && printed(a) === printed(b)) ||
  (isNumeric(a) && isNumeric(b) && Number(a) === Number(b));
const isNumeric = (value: unknown): boolean => typeof value === 'bigint' || typeof value === 'number';
const printed = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? Number(inner) : inner));
const has = (list: readonly unknown[], value: unknown): boolean => list.some((each) => same(each, value));

/** How `%s` prints a value. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return `[${value.map(textOf).join(', ')}]`;
  if (value === null || typeof value !== 'object') return String(value);
  return `{${Object.entries(value).map(([key, inner]) => `${key}: ${textOf(inner)}`).sort().join(', ')}}`; // prettier-ignore
}

function formatted(template: string, values: readonly unknown[]): string {
  let next = 0;
  return template.replace(
    /%(%|(?:\.(\d+))?([sdfexXbo]))/g,
    (whole, all: string, digits: string | undefined, verb: string) => {
      if (all === '%') return '%';
      const value = values[next++];
      if (verb === 'f') return Number(value).toFixed(digits === undefined ? 6 : Number(digits));
      if (verb === 'e') return Number(value).toExponential(digits === undefined ? 6 : Number(digits));
      if (verb === 'x') return BigInt(value as bigint).toString(16);
      if (verb === 'X')
        return BigInt(value as bigint)
          .toString(16)
          .toUpperCase();
      if (verb === 'b') return BigInt(value as bigint).toString(2);
      if (verb === 'o') return BigInt(value as bigint).toString(8);
      return value === undefined ? whole : textOf(value);
    },
  );
}

function ordered(list: readonly unknown[], sign: 1 | -1): unknown {
  let best = list[0];
  for (const each of list) if ((each as number) < (best as number) === (sign === 1) && each !== best) best = each;
  return best;
}

/** The functions that Kubernetes adds to lists and strings. Kubernetes: apiserver/pkg/cel/library/{lists,regex}.go, ext.Strings. */
function withLists(env: Environment): void {
  env
    .registerFunction('list<dyn>.isSorted(): bool', (list: number[]) => list.every((each, i) => i === 0 || list[i - 1]! <= each))
    .registerFunction('list<dyn>.sum(): dyn', (list: number[]) => (list.length === 0 ? 0n : list.reduce((a, b) => a + b)))
    .registerFunction('list<dyn>.min(): dyn', (list: unknown[]) => ordered(list, 1))
    .registerFunction('list<dyn>.max(): dyn', (list: unknown[]) => ordered(list, -1))
    .registerFunction('list<dyn>.indexOf(dyn): int', (list: unknown[], value: unknown) => BigInt(list.findIndex((each) => same(each, value))))
    .registerFunction('list<dyn>.lastIndexOf(dyn): int', (list: unknown[], value: unknown) => BigInt(list.findLastIndex((each) => same(each, value))))
    .registerFunction('string.find(string): string', (text: string, pattern: string) => goRegExp(pattern)?.find(text) ?? '')
    .registerFunction('string.findAll(string): list<string>', (text: string, pattern: string) => goRegExp(pattern)?.findAll(text) ?? [])
    .registerFunction('string.charAt(int): string', (text: string, at: bigint) => text[Number(at)] ?? '')
    .registerFunction('string.replace(string, string): string', (text: string, from: string, to: string) => text.replaceAll(from, to))
    .registerFunction('string.reverse(): string', (text: string) => [...text].reverse().join(''))
    .registerFunction('string.format(list<dyn>): string', formatted);
} // prettier-ignore

/** Kubernetes: apiserver/pkg/cel/library/quantity.go, and ext.Sets. */
function withQuantities(env: Environment): void {
  const q = 'kubernetes.Quantity';
  const compare = (a: QuantityValue, b: QuantityValue): number => compareQuantity(a.text, b.text);
  env
    .registerType({ name: q, ctor: QuantityValue, fields: {} })
    .registerFunction('isQuantity(string): bool', (text: string) => parseQuantity(text) !== undefined)
    .registerFunction(`quantity(string): ${q}`, (text: string) => {
      if (!parseQuantity(text)) throw new Error('quantities must match the regular expression');
      return new QuantityValue(text);
    })
    .registerFunction(`${q}.compareTo(${q}): int`, (a: QuantityValue, b: QuantityValue) => BigInt(compare(a, b)))
    .registerFunction(`${q}.isGreaterThan(${q}): bool`, (a: QuantityValue, b: QuantityValue) => compare(a, b) > 0)
    .registerFunction(`${q}.isLessThan(${q}): bool`, (a: QuantityValue, b: QuantityValue) => compare(a, b) < 0)
    .registerFunction(`${q}.sign(): int`, ({ text }: QuantityValue) => BigInt(compareQuantity(text, '0')))
    .registerFunction(`${q}.add(${q}): ${q}`, (a: QuantityValue, b: QuantityValue) => new QuantityValue(addQuantity(a.text, b.text)))
    .registerFunction(`${q}.isInteger(): bool`, ({ text }: QuantityValue) => nanoOf(text) % 1_000_000_000n === 0n)
    .registerFunction(`${q}.asInteger(): int`, ({ text }: QuantityValue) => nanoOf(text) / 1_000_000_000n)
    .registerFunction(`${q}.asApproximateFloat(): double`, ({ text }: QuantityValue) => quantityValue(text))
    .registerOperator(`${q} == ${q}`, (a: QuantityValue, b: QuantityValue) => compare(a, b) === 0);
  env
    .registerType({ name: 'SetsLibrary', ctor: SetsLibrary, fields: {} })
    .registerConstant('sets', 'SetsLibrary', new SetsLibrary())
    .registerFunction('SetsLibrary.contains(list<dyn>, list<dyn>): bool', (_, a: unknown[], b: unknown[]) => b.every((each) => has(a, each)))
    .registerFunction('SetsLibrary.equivalent(list<dyn>, list<dyn>): bool', (_, a: unknown[], b: unknown[]) => b.every((each) => has(a, each)) && a.every((each) => has(b, each)))
    .registerFunction('SetsLibrary.intersects(list<dyn>, list<dyn>): bool', (_, a: unknown[], b: unknown[]) => b.some((each) => has(a, each)));
} // prettier-ignore

/** Kubernetes: apiserver/pkg/cel/library/{urls,ip}.go, as far as rules of definitions use them. */
function withAddresses(env: Environment): void {
  const octets = /^(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(\.(25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)){3}$/;
  const isIp = (text: string): boolean =>
    octets.test(text) || /^[0-9a-fA-F:]*:[0-9a-fA-F:]*:[0-9a-fA-F:.]*$/.test(text);
  env
    .registerFunction('isURL(string): bool', (text: string) => /^([a-zA-Z][a-zA-Z0-9+.-]*:\/\/\S+|\/\S*)$/.test(text))
    .registerFunction('isIP(string): bool', isIp)
    .registerFunction('isCIDR(string): bool', (text: string) => {
      const [address = '', length = ''] = text.split('/');
      return isIp(address) && /^\d+$/.test(length) && Number(length) <= (octets.test(address) ? 32 : 128);
    });
}

const options = { enableOptionalTypes: true, homogeneousAggregateLiterals: false } as const;

function library(): Environment {
  const env = new Environment(options);
  withLists(env);
  withQuantities(env);
  withAddresses(env);
  return env;
}

let base: Environment | undefined;

/**
 * A new environment with the functions of Kubernetes, to which variables can be added.
 * Simplified: of Kubernetes' libraries the authorizer, semver, the formats and the parts of URLs and addresses are missing, and
 * expressions have no cost. Kubernetes: apiserver/pkg/cel/environment/base.go.
 */
export const newEnvironment = (): Environment => (base ??= library()).clone();
