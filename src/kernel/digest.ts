/**
 * A 53-bit hash (as 14 hex digits) of any state tree in canonical form: keys sorted, Map and Set in insertion
 * order (which is part of the state), undefined skipped. Equal states have equal digests in every engine.
 */
export function digest(value: unknown): string {
  let h1 = 0xdeadbeef;
  let h2 = 0x41c6ce57;
  const eat = (text: string): void => {
    for (let i = 0; i < text.length; i++) {
      const c = text.charCodeAt(i);
      h1 = Math.imul(h1 ^ c, 2654435761);
      h2 = Math.imul(h2 ^ c, 1597334677);
    }
  };
  const walk = (v: unknown): void => {
    if (v === null) eat('null;');
    else if (typeof v === 'string') eat(`s${v.length}:${v};`);
    else if (typeof v !== 'object') eat(`${typeof v}:${String(v)};`);
    else if (Array.isArray(v)) {
      eat(`[${v.length}`);
      for (const item of v) walk(item);
    } else if (v instanceof Map) {
      eat(`m${v.size}`);
      for (const [k, item] of v) {
        walk(k);
        walk(item);
      }
    } else if (v instanceof Set) {
      eat(`S${v.size}`);
      for (const item of v) walk(item);
    } else {
      eat('{');
      const record = v as Record<string, unknown>;
      for (const k of Object.keys(record).sort()) {
        if (record[k] === undefined) continue;
        eat(`${k}=`);
        walk(record[k]);
      }
      eat('}');
    }
  };
  walk(value);
  h1 = Math.imul(h1 ^ (h1 >>> 16), 2246822507) ^ Math.imul(h2 ^ (h2 >>> 13), 3266489909);
  h2 = Math.imul(h2 ^ (h2 >>> 16), 2246822507) ^ Math.imul(h1 ^ (h1 >>> 13), 3266489909);
  return (4294967296 * (2097151 & h2) + (h1 >>> 0)).toString(16).padStart(14, '0');
}
