import type { V1LabelSelector } from '../../generated/types.ts';
import { invalidValue } from './field-errors.ts';
import { isLabelValue, isQualifiedName } from './names.ts';
import { badRequest } from './status.ts';

/** Labels of an object. */
export type Labels = Readonly<Record<string, string>>;

/** Operators in their selector spelling. */
export type LabelOperator = '=' | '==' | '!=' | 'in' | 'notin' | 'exists' | '!' | '>' | '<';

/** One requirement of a label selector: all must hold. */
export interface Requirement {
  readonly key: string;
  readonly operator: LabelOperator;
  /** Sorted; empty for `exists` and `!`. */
  readonly values: readonly string[];
}

/** Requirements sorted by key; empty selects everything. */
export type Selector = readonly Requirement[];

const own = (labels: Labels | undefined, key: string): string | undefined =>
  labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined;

function holds({ key, operator, values }: Requirement, labels: Labels | undefined): boolean {
  const value = own(labels, key);
  switch (operator) {
    case '=':
    case '==':
    case 'in':
      return value !== undefined && values.includes(value);
    case '!=':
    case 'notin':
      return value === undefined || !values.includes(value);
    case 'exists':
      return value !== undefined;
    case '!':
      return value === undefined;
    default:
      if (value === undefined || !/^-?\d+$/.test(value)) return false;
      return operator === '>' ? Number(value) > Number(values[0]) : Number(value) < Number(values[0]);
  }
}

/** True when the labels satisfy every requirement. */
export function matchesLabels(selector: Selector, labels: Labels | undefined): boolean {
  for (const requirement of selector) if (!holds(requirement, labels)) return false;
  return true;
}

const operators = { In: 'in', NotIn: 'notin', Exists: 'exists', DoesNotExist: '!' } as const;
/** Pure cache: selectors live in frozen objects and are asked again and again. */
const compiled = new WeakMap<V1LabelSelector, Selector>();

/** The requirements of a LabelSelector (matchLabels and matchExpressions). Kubernetes: metav1.LabelSelectorAsSelector. */
export function selectorOf(selector: V1LabelSelector): Selector {
  const known = compiled.get(selector);
  if (known) return known;
  const requirements: Requirement[] = [];
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) {
    requirements.push({ key, operator: '=', values: [value] });
  }
  for (const { key, operator, values } of selector.matchExpressions ?? []) {
    requirements.push({
      key,
      operator: operators[operator as keyof typeof operators] ?? 'in',
      values: [...(values ?? [])].sort(),
    });
  }
  const sorted = requirements.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  if (Object.isFrozen(selector)) compiled.set(selector, sorted);
  return sorted;
}

/** Whether a LabelSelector selects these labels: absent selects nothing, `{}` everything. */
export const matchesSelector = (selector: V1LabelSelector | undefined, labels: Labels | undefined): boolean =>
  selector !== undefined && matchesLabels(selectorOf(selector), labels);

/** Whether a plain map selector (a Service's, a nodeSelector) selects these labels: every pair must be present. */
export function matchesMap(selector: Labels, labels: Labels | undefined): boolean {
  for (const key in selector) if (own(labels, key) !== selector[key]) return false;
  return true;
}

/** `a=b,c in (d,e),!f`: canonical text. Kubernetes: labels.Requirement.String. */
export function formatSelector(selector: Selector): string {
  return selector
    .map(({ key, operator, values }) => {
      if (operator === 'exists') return key;
      if (operator === '!') return `!${key}`;
      if (operator === 'in' || operator === 'notin') return `${key} ${operator} (${values.join(',')})`;
      return `${key}${operator}${values[0] ?? ''}`;
    })
    .join(',');
}

/** As `kubectl` prints a LabelSelector: `<none>` when it is empty. Kubernetes: metav1.FormatLabelSelector. */
export const formatLabelSelector = (selector: V1LabelSelector | undefined): string =>
  (selector && formatSelector(selectorOf(selector))) || '<none>';

/** `a=b,c=d` of a label map, keys sorted; `<none>` when empty. Kubernetes: labels.FormatLabels. */
export const formatLabels = (labels: Labels | undefined): string =>
  Object.keys(labels ?? {})
    .sort()
    .map((key) => `${key}=${labels![key]}`)
    .join(',') || '<none>';

type TokenType = '' | 'id' | '(' | ')' | ',' | '!' | '=' | '==' | '!=' | '<' | '>' | 'in' | 'notin';
interface Token {
  readonly type: TokenType;
  readonly text: string;
}

const symbols = new Set(['(', ')', ',', '!', '=', '==', '!=', '<', '>']);

function tokens(text: string): Token[] {
  const found: Token[] = [];
  let end = 0;
  for (const { 0: token, index } of text.matchAll(/[()!=<>,]|[^\s()!=<>,]+/g)) {
    const last = found.at(-1);
    const joined = last && last.type !== 'id' && end === index ? last.text + token : '';
    end = index + token.length;
    if (symbols.has(joined)) found[found.length - 1] = { type: joined as TokenType, text: joined };
    else if (symbols.has(token) || token === 'in' || token === 'notin')
      found.push({ type: token as TokenType, text: token });
    else found.push({ type: 'id', text: token });
  }
  return found;
}

const refuse = (sentence: string): never => {
  throw badRequest(`unable to parse requirement: ${sentence}`);
};

/**
 * Reads a selector as `kubectl -l` and the API take it: `app=web,tier in (a,b),!old,n>3`.
 * Throws BadRequest in Kubernetes' words. Kubernetes: apimachinery/pkg/labels/selector.go.
 */
export function parseSelector(text: string): Selector {
  const list = tokens(text);
  let at = 0;
  const end: Token = { type: '', text: '' };
  /** `in` and `notin` are ordinary words except where an operator is due. */
  const asValue = (token: Token): Token =>
    token.type === 'in' || token.type === 'notin' ? { ...token, type: 'id' } : token;
  const peek = (): Token => asValue(list[at] ?? end);
  const next = (): Token => asValue(list[at++] ?? end);
  const requirements: Requirement[] = [];
  while (peek().type !== '') {
    if (peek().type !== 'id' && peek().type !== '!') {
      throw badRequest(`found '${peek().text}', expected: !, identifier, or 'end of string'`);
    }
    requirements.push(requirement());
    const after = next();
    if (after.type === '') break;
    if (after.type !== ',') throw badRequest(`found '${after.text}', expected: ',' or 'end of string'`);
    if (peek().type !== 'id' && peek().type !== '!') {
      throw badRequest(`found '${peek().text}', expected: identifier after ','`);
    }
  }
  return requirements.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));

  function requirement(): Requirement {
    const negated = peek().type === '!';
    if (negated) next();
    const key = next();
    if (key.type !== 'id') refuse(`found '${key.text}', expected: identifier`);
    const wrongKey = isQualifiedName(key.text);
    if (wrongKey.length > 0) refuse(`<nil>: ${invalidValue('', key.text, wrongKey.join('; ')).message}`);
    if (peek().type === '' || peek().type === ',')
      return { key: key.text, operator: negated ? '!' : 'exists', values: [] };
    if (negated) return { key: key.text, operator: '!', values: [] };
    const operator = list[at++] ?? end;
    if (!['in', 'notin', '=', '==', '!=', '>', '<'].includes(operator.type)) {
      refuse(`found '${operator.text}', expected: in, notin, =, ==, !=, gt, lt`);
    }
    const values = operator.type === 'in' || operator.type === 'notin' ? valueList() : exact();
    values.forEach((value, i) => {
      const wrong = isLabelValue(value);
      if (wrong.length > 0) refuse(`values[${i}][${key.text}]: ${invalidValue('', value, wrong.join('; ')).message}`);
      if ((operator.type === '>' || operator.type === '<') && !/^[+-]?\d+$/.test(value)) {
        refuse(`values[${i}]: Invalid value: "${value}": for 'Gt', 'Lt' operators, the value must be an integer`);
      }
    });
    return { key: key.text, operator: operator.type as LabelOperator, values };
  }

  function exact(): string[] {
    if (peek().type === '' || peek().type === ',') return [''];
    const value = next();
    if (value.type !== 'id') refuse(`found '${value.text}', expected: identifier`);
    return [value.text];
  }

  function valueList(): string[] {
    const open = next();
    if (open.type !== '(') refuse(`found '${open.text}' expected: '('`);
    const values = new Set<string>();
    let due = true; // a value is due: after `(` and after every comma
    for (;;) {
      const token = next();
      if (token.type === 'id' && due) {
        values.add(token.text);
        due = false;
      } else if (token.type === ',') {
        if (due) values.add('');
        due = true;
      } else if (token.type === ')') {
        if (due) values.add('');
        return [...values].sort();
      } else refuse(`found '${token.text}', expected: ',', ')' or identifier`);
    }
  }
}
