/**
 * Replaces `$(VAR)` by the variable's value; `$$(VAR)` stays as the text `$(VAR)`, and a reference to an unknown
 * variable stays as it is. Kubernetes: third_party/forked/golang/expansion.
 */
export function expand(text: string, ...scopes: readonly Readonly<Record<string, string>>[]): string {
  if (!text.includes('$')) return text;
  let out = '';
  let i = 0;
  for (;;) {
    const dollar = text.indexOf('$', i);
    if (dollar < 0 || dollar === text.length - 1) return out + text.slice(i);
    out += text.slice(i, dollar);
    const next = text[dollar + 1];
    if (next === '$') {
      out += '$';
      i = dollar + 2;
    } else if (next === '(') {
      const close = text.indexOf(')', dollar + 2);
      if (close < 0) {
        out += '$(';
        i = dollar + 2;
        continue;
      }
      const name = text.slice(dollar + 2, close);
      const scope = scopes.find((s) => Object.hasOwn(s, name));
      out += scope ? scope[name] : `$(${name})`;
      i = close + 1;
    } else {
      out += `$${next}`;
      i = dollar + 2;
    }
  }
}
