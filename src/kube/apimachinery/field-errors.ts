import type { FieldError } from './status.ts';

/** A Go string literal, as `%q` prints it: how Kubernetes quotes values in messages. */
export function goQuote(text: string): string {
  let out = '"';
  for (const char of text) {
    const code = char.codePointAt(0)!;
    if (char === '"' || char === '\\') out += `\\${char}`;
    else if (char === '\n') out += '\\n';
    else if (char === '\t') out += '\\t';
    else if (char === '\r') out += '\\r';
    else if (code < 0x20 || code === 0x7f) out += `\\x${code.toString(16).padStart(2, '0')}`;
    else out += char;
  }
  return `${out}"`;
}

function printed(value: unknown): string {
  if (value === undefined || value === null) return 'null';
  if (typeof value === 'string') return goQuote(value);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

const withDetail = (head: string, detail: string): string => (detail ? `${head}: ${detail}` : head);

/** `Required value[: detail]`. These constructors mirror field.Error. Kubernetes: apimachinery/pkg/util/validation/field. */
export const requiredValue = (path: string, detail = ''): FieldError => ({
  type: 'FieldValueRequired',
  path,
  message: withDetail('Required value', detail),
});

/** `Invalid value: "x": detail`. Strings are quoted as Go does, objects printed as JSON. */
export const invalidValue = (path: string, value: unknown, detail: string): FieldError => ({
  type: 'FieldValueInvalid',
  path,
  message: withDetail(`Invalid value: ${printed(value)}`, detail),
});

/** `Unsupported value: "x": supported values: "a", "b"`. */
export const notSupported = (path: string, value: unknown, supported: readonly string[]): FieldError => ({
  type: 'FieldValueNotSupported',
  path,
  message: withDetail(
    `Unsupported value: ${printed(value)}`,
    supported.length > 0 ? `supported values: ${supported.map(goQuote).join(', ')}` : '',
  ),
});

/** `Forbidden: detail`. */
export const forbiddenValue = (path: string, detail: string): FieldError => ({
  type: 'FieldValueForbidden',
  path,
  message: withDetail('Forbidden', detail),
});

/** `Duplicate value: "x"`. */
export const duplicateValue = (path: string, value: unknown): FieldError => ({
  type: 'FieldValueDuplicate',
  path,
  message: `Duplicate value: ${printed(value)}`,
});

/** `Not found: "x"`. */
export const notFoundValue = (path: string, value: unknown): FieldError => ({
  type: 'FieldValueNotFound',
  path,
  message: `Not found: ${printed(value)}`,
});

/** `Too long: may not be more than N bytes`. */
export const tooLong = (path: string, maxBytes: number): FieldError => ({
  type: 'FieldValueTooLong',
  path,
  message: `Too long: may not be more than ${maxBytes} bytes`,
});

/** `Too many: 21: must have at most 20 items`. */
export const tooMany = (path: string, count: number, most: number): FieldError => ({
  type: 'FieldValueTooMany',
  path,
  message: `Too many: ${count}: must have at most ${most} item${most === 1 ? '' : 's'}`,
});
