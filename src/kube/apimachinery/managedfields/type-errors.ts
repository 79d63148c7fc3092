import { goPrint, isObject } from '../patch/index.ts';
import { printStep } from './field-set.ts';
import { stepOf, typeBelow } from './steps.ts';
import { resolved, type ListType, type Type } from './types.ts';

/**
 * What is wrong with a value by its type, one sentence each with its path; nothing for a right one. A list that is a map or set
 * may not name an item twice. Kubernetes: structured-merge-diff/v6/typed/validate.go.
 */
export function typeErrors(given: Type, value: unknown, path = ''): string[] {
  const type = resolved(given, value);
  const shown = `&{${goPrint(value)}}`;
  if (value === null || value === undefined) return [];
  const at = (sentence: string): string[] => [path === '' ? sentence : `${path}: ${sentence}`];
  if (type.is === 'scalar') {
    const is = typeof value;
    if (type.of === 'numeric' && is !== 'number') return at(`expected numeric (int or float), got ${goTypeOf(value)}`);
    if (type.of === 'string' && is !== 'string')
      return at(`expected string, got &value.valueUnstructured{Value:${goSyntax(value)}}`);
    if (type.of === 'boolean' && is !== 'boolean') return at(`expected boolean, got ${shown}`);
    if (is === 'object') return at(`expected any scalar, got ${shown}`);
    return [];
  }
  if (type.is === 'list') {
    if (!Array.isArray(value)) return at(`expected list, got ${shown}`);
    return listErrors(type, value, path, at);
  }
  if (!isObject(value)) return at(`expected map, got ${shown}`);
  const errors: string[] = [];
  for (const [key, inner] of Object.entries(value)) {
    const below = typeBelow(type, key);
    if (!below) return [...errors, `${path}.${key}: field not declared in schema`];
    errors.push(...typeErrors(below, inner, `${path}.${key}`));
  }
  return errors;
}

function listErrors(
  type: ListType,
  list: readonly unknown[],
  path: string,
  at: (sentence: string) => string[],
): string[] {
  const errors: string[] = [];
  const seen = new Set<string>();
  for (const [i, item] of list.entries()) {
    let name = `[${i}]`;
    if (type.keys) {
      const found = stepOf(type, item);
      if ('wrong' in found) return [...errors, ...at(`element ${i}: ${found.wrong}`)];
      name = printStep(found.step);
      if (seen.has(found.step)) errors.push(...at(`duplicate entries for key ${name}`));
      seen.add(found.step);
    }
    errors.push(...typeErrors(type.item(), item, path + name));
  }
  return errors;
}

const goTypeOf = (value: unknown): string =>
  typeof value === 'string'
    ? 'string'
    : typeof value === 'boolean'
      ? 'bool'
      : Array.isArray(value)
        ? '[]interface {}'
        : 'map[string]interface {}';

/** A value as Go's `%#v` prints it. */
function goSyntax(value: unknown): string {
  if (value === null) return 'interface {}(nil)';
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (!isObject(value)) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}:${goSyntax(inner)}`);
  return `map[string]interface {}{${entries.join(', ')}}`;
}
