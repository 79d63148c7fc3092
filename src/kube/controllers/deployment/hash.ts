import type { V1PodTemplateSpec } from '../../../generated/types.ts';
import { fnv1a } from '../../../kernel/index.ts';
import { safeEncode } from '../../apimachinery/index.ts';

/** The label that tells the pods of one template from those of another. */
export const hashLabel = 'pod-template-hash';

/** Text of a value that is the same for equal values: keys sorted; what is absent, null or an empty list left out. */
export function canonical(value: unknown): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value) ?? '';
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const fields: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const field = (value as Record<string, unknown>)[key];
    if (field === undefined || field === null || (Array.isArray(field) && field.length === 0)) continue;
    fields.push(`${JSON.stringify(key)}:${canonical(field)}`);
  }
  return `{${fields.join(',')}}`;
}

const texts = new WeakMap<V1PodTemplateSpec, string>();

/** Canonical text of a template without its hash label: two templates are the same when their texts are. */
export function templateText(template: V1PodTemplateSpec): string {
  const known = texts.get(template);
  if (known !== undefined) return known;
  const { [hashLabel]: _, ...labels } = template.metadata?.labels ?? {};
  const text = canonical({
    ...template,
    metadata: { ...template.metadata, labels, creationTimestamp: undefined },
  });
  if (Object.isFrozen(template)) texts.set(template, text);
  return text;
}

/**
 * `pod-template-hash` of a template: 32 bits as a decimal number, each digit replaced by a letter that spells no words.
 * After a collision (another template with the same hash has the name) the count makes it a different one.
 *
 * Simplified: the bits are those of our own text of the template, so a hash differs from the one a real cluster gives;
 * alphabet and length are the same.
 */
export function templateHash(template: V1PodTemplateSpec, collisionCount = 0): string {
  const bits = fnv1a(collisionCount > 0 ? `${templateText(template)}#${collisionCount}` : templateText(template));
  return safeEncode(String(bits));
}
