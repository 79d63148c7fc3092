import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { fields } from '../../generated/fields.ts';
import { kinds } from './index.ts';

/*
 * docs/fidelity.md is a promise: each field of each kind is exact, simplified or stored only. This test holds the promise and
 * the kinds' `storedOnly` against each other and against the generated models, so that no field is dropped silently.
 */

const page = readFileSync(path.join(import.meta.dirname, '../../../docs/fidelity.md'), 'utf8');

/** Path → state, from the table below a kind's heading. */
function promised(kind: string): Map<string, string> {
  const [, section = ''] = page.split(`\n### ${kind}\n`);
  const states = new Map<string, string>();
  for (const line of section.split(/\n##/)[0]!.split('\n')) {
    const [, names = '', state = ''] = line.split('|').map((cell) => cell.trim());
    for (const [, name] of names.matchAll(/`([^`]+)`/g)) states.set(name!, state);
  }
  return states;
}

/** Every leaf field of a model, lists as `name[]`. A model inside itself is not entered again. */
function leaves(model: string, prefix: string, above: readonly string[] = []): string[] {
  return Object.entries(fields[model] ?? {}).flatMap(([name, code]) => {
    const list = code.startsWith('[');
    const inner = /!(\w+)$/.exec(code)?.[1];
    const at = `${prefix}${name}${list ? '[]' : ''}`;
    if (inner === undefined || above.includes(inner) || !fields[inner]) return [at];
    const below = leaves(inner, `${at}.`, [...above, model]);
    return below.length > 0 ? below : [at];
  });
}

const shorter = (at: string): string => (at.endsWith('[]') ? at.slice(0, -2) : at.slice(0, at.lastIndexOf('.')));

/** The longest of some paths that covers a field. */
function cover(field: string, paths: ReadonlySet<string>): string | undefined {
  for (let at = field; at !== ''; at = at.includes('.') || at.endsWith('[]') ? shorter(at) : '')
    if (paths.has(at)) return at;
  return undefined;
}

/** A pod's init containers share the rows of its containers; templates share those of the pod. */
const rowOf = (field: string): string => field.replace(/^spec\.(init|ephemeral)Containers\[\]/, 'spec.containers[]');

it.each(kinds.map((kind) => [kind.kind, kind] as const))(
  'every field of a %s stands in docs/fidelity.md',
  (_, kind) => {
    const states = promised(kind.kind);
    const pod = promised('Pod');
    const rows = new Set(states.keys());
    const podRows = new Set(pod.keys());
    const stored = new Set<string>(kind.storedOnly);
    const used = new Set<string>();
    const wrong: string[] = [];
    const all = leaves(kind.model, '').filter((field) => !/^(apiVersion|kind|metadata|status)\b/.test(field));
    for (const field of all) {
      const own = cover(field, rows) ?? cover(rowOf(field), rows);
      for (const row of rows) if (cover(field, new Set([row])) ?? cover(rowOf(field), new Set([row]))) used.add(row);
      let state = own && states.get(own);
      if (own?.endsWith('spec.template') && field.startsWith(`${own}.spec.`)) {
        const below = field.slice(`${own}.`.length);
        state = pod.get(cover(below, podRows) ?? cover(rowOf(below), podRows) ?? '');
      }
      if (!state || !['exact', 'simplified', 'stored only'].includes(state)) wrong.push(`${field}: no row`);
      else if ((state === 'stored only') !== (cover(field, stored) !== undefined))
        wrong.push(`${field}: ${state} in the page, ${cover(field, stored) ? '' : 'not '}in storedOnly`);
    }
    for (const row of rows) if (!used.has(row)) wrong.push(`${row}: no such field`);
    for (const at of stored) if (!all.some((field) => cover(field, new Set([at])))) wrong.push(`${at}: no such field`);
    expect(wrong).toEqual([]);
  },
);
