/**
 * Paths of keys that a JSON text gives twice (`spec.replicas`, `spec.containers[0].name`), which `JSON.parse` swallows. The
 * text is one that parses. One pass, no recursion: a body may be deep.
 */
export function duplicateKeys(text: string): string[] {
  const found: string[] = [];
  /** Open objects (their keys) and arrays (the index one is at), with the path of each. */
  const open: { readonly keys: Set<string> | null; index: number; readonly path: string; key: string }[] = [];
  const strings = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;
  let isKey = false;
  for (const [token] of text.matchAll(strings)) {
    const top = open.at(-1);
    if (token === '{' || token === '[') {
      const path = !top ? '' : top.keys ? join(top.path, top.key) : `${top.path}[${top.index}]`;
      open.push({ keys: token === '{' ? new Set() : null, index: 0, path, key: '' });
      isKey = token === '{';
    } else if (token === '}' || token === ']') {
      open.pop();
      isKey = false;
    } else if (token === ',') {
      if (top && !top.keys) top.index++;
      isKey = !!top?.keys;
    } else if (token === ':') isKey = false;
    else if (isKey && top?.keys) {
      top.key = JSON.parse(token) as string;
      if (top.keys.has(top.key)) found.push(join(top.path, top.key));
      top.keys.add(top.key);
    }
  }
  return found;
}

const join = (path: string, key: string): string => (path ? `${path}.${key}` : key);
