/**
 * kubectl's JSONPath templates: text and `{expression}` parts. Supports fields, `['quoted']` fields, indices and slices,
 * wildcards, recursive descent, unions, filters `?(@.a=="b")`, `{range …}…{end}` and quoted text. It is not RFC 9535.
 * Kubernetes: client-go/util/jsonpath. Throws `JsonPathError` with kubectl's words.
 */
export function renderJsonPath(template: string, data: unknown): string {
  const nodes = parseTemplate(template);
  const [text] = renderNodes(nodes, 0, data, false);
  return text;
}

/** A template that cannot be read, or a path that does not exist. */
export class JsonPathError extends Error {
  override name = 'JsonPathError';
}

type Part = { text: string } | { expression: string };

function parseTemplate(template: string): Part[] {
  const parts: Part[] = [];
  let i = 0;
  while (i < template.length) {
    const open = template.indexOf('{', i);
    if (open < 0) {
      parts.push({ text: template.slice(i) });
      break;
    }
    if (open > i) parts.push({ text: template.slice(i, open) });
    const close = closingBrace(template, open);
    parts.push({ expression: template.slice(open + 1, close).trim() });
    i = close + 1;
  }
  return parts;
}

function closingBrace(text: string, open: number): number {
  let quote = '';
  for (let i = open + 1; i < text.length; i++) {
    const c = text[i]!;
    if (quote) {
      if (c === '\\') i++;
      else if (c === quote) quote = '';
    } else if (c === '"' || c === "'") quote = c;
    else if (c === '}') return i;
  }
  throw new JsonPathError('error: error parsing jsonpath, unclosed action');
}

function renderNodes(parts: readonly Part[], from: number, data: unknown, inRange: boolean): [string, number] {
  let out = '';
  for (let i = from; i < parts.length; i++) {
    const part = parts[i]!;
    if ('text' in part) {
      out += part.text;
      continue;
    }
    const { expression } = part;
    if (expression === 'end') {
      if (!inRange) throw new JsonPathError('error: error parsing jsonpath, not in range, nothing to end');
      return [out, i];
    }
    if (expression.startsWith('range ')) {
      const items = evaluate(expression.slice(6).trim(), data);
      let end = i;
      for (const item of items.length > 0 ? items : [undefined]) {
        const [text, at] = renderNodes(parts, i + 1, item, true);
        if (items.length > 0) out += text;
        end = at;
      }
      i = end;
      continue;
    }
    const literal = /^"((?:\\.|[^"\\])*)"$|^'((?:\\.|[^'\\])*)'$/.exec(expression);
    if (literal) {
      out += (literal[1] ?? literal[2]!).replace(
        /\\([ntr\\"'])/g,
        (_, c: string) => ({ n: '\n', t: '\t', r: '\r' })[c] ?? c,
      );
      continue;
    }
    out += evaluate(expression, data).map(printValue).join(' ');
  }
  if (inRange) throw new JsonPathError('error: error parsing jsonpath, unclosed range');
  return [out, parts.length];
}

/** A value as templates print it: objects as JSON. */
export const printValue = (value: unknown): string =>
  value === null || value === undefined ? '' : typeof value === 'object' ? sortedJson(value) : String(value);

/** Values that an expression selects from `data`. A missing field selects nothing. */
export function evaluate(expression: string, data: unknown): unknown[] {
  let current: unknown[] = [data];
  let rest = expression.replace(/^[$@]/, '');
  while (rest !== '') {
    let match: RegExpExecArray | null;
    if ((match = /^\.\.(\*|[\w-]+)?/.exec(rest))) {
      const name = match[1];
      current = current
        .flatMap((v) => descend(v))
        .flatMap((v) => (name === undefined ? [v] : name === '*' ? children(v) : field(v, name)));
    } else if ((match = /^\.\*/.exec(rest))) current = current.flatMap(children);
    else if ((match = /^\.?((?:[^.[\]{}()\s\\]|\\.)+)/.exec(rest))) {
      const name = match[1]!.replace(/\\(.)/g, '$1');
      current = current.flatMap((v) => field(v, name));
    } else if (rest.startsWith('[')) {
      const close = closingBracket(rest);
      const inside = rest.slice(1, close);
      match = [rest.slice(0, close + 1)] as unknown as RegExpExecArray;
      current = current.flatMap((v) => subscript(inside, v));
    } else if (rest === '.') break;
    else
      throw new JsonPathError(
        `error: error parsing jsonpath {${expression}}, unrecognized character in action: U+${rest.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')} '${rest[0]}'`,
      );
    rest = rest.slice(match[0].length);
  }
  return current;
}

function closingBracket(text: string): number {
  let depth = 0;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!;
    if (quote) {
      if (c === quote) quote = '';
    } else if (c === '"' || c === "'") quote = c;
    else if (c === '[') depth++;
    else if (c === ']' && --depth === 0) return i;
  }
  throw new JsonPathError('error: error parsing jsonpath, unterminated array');
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

const children = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : [];

const descend = (value: unknown): unknown[] => [value, ...children(value).flatMap(descend)];

const field = (value: unknown, name: string): unknown[] =>
  isRecord(value) && Object.hasOwn(value, name) ? [value[name]] : [];

function subscript(inside: string, value: unknown): unknown[] {
  const filter = /^\?\(\s*(.+?)\s*(?:(==|!=|<=|>=|<|>)\s*(.+?)\s*)?\)$/.exec(inside);
  if (filter) return children(value).filter((item) => keeps(item, filter[1]!, filter[2], filter[3]));
  if (inside === '*') return children(value);
  return inside.split(/,(?=(?:[^'"]*['"][^'"]*['"])*[^'"]*$)/).flatMap((raw) => {
    const one = raw.trim();
    const quoted = /^'(.*)'$|^"(.*)"$/.exec(one);
    if (quoted) return field(value, quoted[1] ?? quoted[2]!);
    if (!Array.isArray(value)) return [];
    const slice = /^(-?\d*):(-?\d*)(?::(\d+))?$/.exec(one);
    if (slice) {
      const step = Number(slice[3] ?? 1);
      return value
        .slice(slice[1] ? Number(slice[1]) : 0, slice[2] ? Number(slice[2]) : undefined)
        .filter((_, i) => i % step === 0);
    }
    const index = Number(one);
    const at = index < 0 ? value.length + index : index;
    if (!Number.isInteger(index)) throw new JsonPathError(`error: error parsing jsonpath, invalid array index ${one}`);
    if (at < 0 || at >= value.length)
      throw new JsonPathError(
        `error: error executing jsonpath: array index out of bounds: index ${index}, length ${value.length}`,
      );
    return [value[at]];
  });
}

function keeps(item: unknown, left: string, operator: string | undefined, right: string | undefined): boolean {
  const values = evaluate(left, item);
  if (operator === undefined || right === undefined) return values.length > 0;
  const a = values[0];
  const literal = /^'(.*)'$|^"(.*)"$/.exec(right);
  const b: unknown = literal
    ? (literal[1] ?? literal[2])
    : right.startsWith('@')
      ? evaluate(right, item)[0]
      : right === 'true'
        ? true
        : right === 'false'
          ? false
          : Number(right);
  switch (operator) {
    case '==':
      return a === b;
    case '!=':
      return a !== b;
    case '<':
      return (a as number) < (b as number);
    case '>':
      return (a as number) > (b as number);
    case '<=':
      return (a as number) <= (b as number);
    default:
      return (a as number) >= (b as number);
  }
}

/** JSON with sorted keys, as Go writes maps. */
const sortedJson = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) =>
    inner !== null && typeof inner === 'object' && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
