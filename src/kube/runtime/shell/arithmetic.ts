/** Variables as arithmetic sees and sets them. */
export interface Names {
  get(name: string): string;
  set(name: string, value: string): void;
}

/** A text that is no expression. */
export class ArithmeticError extends Error {
  override name = 'ArithmeticError';
}

const levels: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<=', '>=', '<', '>'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];

/** Bounds of one expression; it is read by recursion. */
const mostTokens = 2000;
const mostBrackets = 100;

interface Reckoner {
  readonly tokens: readonly string[];
  at: number;
  readonly names: Names;
}

/** The value of a shell's integer expression. Simplified: 53-bit integers; both sides of `&&`, `||`, `?:` are evaluated. */
export function reckon(text: string, names: Names): number {
  const tokens = text.match(
    /0[xX][0-9a-fA-F]+|\d+|[A-Za-z_]\w*|\+\+|--|[-+*/%]=|<<|>>|<=|>=|==|!=|&&|\|\||\*\*|[^\s\w]/g,
  );
  if (!tokens) return 0;
  if (tokens.length > mostTokens || tokens.filter((token) => token === '(').length > mostBrackets)
    throw new ArithmeticError('expression recursion level exceeded');
  const r: Reckoner = { tokens, at: 0, names };
  let value = ternary(r);
  while (r.tokens[r.at] === ',') {
    r.at++;
    value = ternary(r);
  }
  if (r.at < tokens.length) throw new ArithmeticError(`arithmetic syntax error`);
  return value;
}

function ternary(r: Reckoner): number {
  const value = binary(r, 0);
  if (r.tokens[r.at] !== '?') return value;
  r.at++;
  const yes = ternary(r);
  if (r.tokens[r.at++] !== ':') throw new ArithmeticError('arithmetic syntax error');
  const no = ternary(r);
  return value === 0 ? no : yes;
}

function binary(r: Reckoner, level: number): number {
  if (level === levels.length) return power(r);
  let left = binary(r, level + 1);
  for (;;) {
    const operator = r.tokens[r.at];
    if (operator === undefined || !levels[level]!.includes(operator)) return left;
    r.at++;
    left = apply(operator, left, binary(r, level + 1));
  }
}

function power(r: Reckoner): number {
  const base = unary(r);
  if (r.tokens[r.at] !== '**') return base;
  r.at++;
  return base ** power(r);
}

function apply(operator: string, a: number, b: number): number {
  switch (operator) {
    case '||':
      return Number(a !== 0 || b !== 0);
    case '&&':
      return Number(a !== 0 && b !== 0);
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    case '&':
      return a & b;
    case '==':
      return Number(a === b);
    case '!=':
      return Number(a !== b);
    case '<=':
      return Number(a <= b);
    case '>=':
      return Number(a >= b);
    case '<':
      return Number(a < b);
    case '>':
      return Number(a > b);
    case '<<':
      return a * 2 ** b;
    case '>>':
      return Math.floor(a / 2 ** b);
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    default:
      if (b === 0) throw new ArithmeticError('divide by zero');
      return operator === '/' ? Math.trunc(a / b) : a % b;
  }
}

function unary(r: Reckoner): number {
  const token = r.tokens[r.at++];
  switch (token) {
    case undefined:
      throw new ArithmeticError('arithmetic syntax error');
    case '-':
      return -unary(r);
    case '+':
      return unary(r);
    case '!':
      return Number(unary(r) === 0);
    case '~':
      return ~unary(r);
    case '(': {
      const value = ternary(r);
      if (r.tokens[r.at++] !== ')') throw new ArithmeticError('arithmetic syntax error');
      return value;
    }
    case '++':
    case '--': {
      const name = r.tokens[r.at++] ?? '';
      return assign(r, name, valueOf(r, name) + (token === '++' ? 1 : -1));
    }
    default:
  }
  if (/^\d/.test(token)) return /^0\d/.test(token) ? Number.parseInt(token, 8) : Number(token);
  if (!/^[A-Za-z_]/.test(token)) throw new ArithmeticError('arithmetic syntax error');
  return named(r, token);
}

function named(r: Reckoner, name: string): number {
  const next = r.tokens[r.at];
  if (next === '=') {
    r.at++;
    return assign(r, name, ternary(r));
  }
  if (next && /^[-+*/%]=$/.test(next)) {
    r.at++;
    return assign(r, name, apply(next[0]!, valueOf(r, name), ternary(r)));
  }
  const value = valueOf(r, name);
  if (next === '++' || next === '--') {
    r.at++;
    assign(r, name, value + (next === '++' ? 1 : -1));
  }
  return value;
}

function assign(r: Reckoner, name: string, value: number): number {
  r.names.set(name, String(value));
  return value;
}

function valueOf(r: Reckoner, name: string): number {
  const text = r.names.get(name).trim();
  if (text === '') return 0;
  const value = Number(text);
  return Number.isInteger(value) ? value : reckon(text, r.names);
}
