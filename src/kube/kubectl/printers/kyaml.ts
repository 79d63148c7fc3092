/** An object as KYAML: YAML in flow style, every text in double quotes, keys sorted. Kubernetes: sigs.k8s.io/yaml/kyaml. */
export const toKyaml = (object: unknown): string => `---\n${valueText(object, 0)}\n`;

const pad = (level: number): string => '  '.repeat(level);

function valueText(value: unknown, level: number): string {
  if (typeof value === 'string') return textOf(value, level);
  if (Array.isArray(value)) return listText(value, level);
  if (value !== null && typeof value === 'object') return mapText(value as Record<string, unknown>, level);
  return String(value);
}

function mapText(map: Readonly<Record<string, unknown>>, level: number): string {
  const entries = Object.entries(map).filter(([, value]) => value !== undefined);
  if (entries.length === 0) return '{}';
  const lines = entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${pad(level + 1)}${keyText(key)}: ${valueText(value, level + 1)},\n`);
  return `{\n${lines.join('')}${pad(level)}}`;
}

/** Objects and lists stand close to the bracket; everything else stands in a line of its own. */
function listText(list: readonly unknown[], level: number): string {
  if (list.length === 0) return '[]';
  if (list.every((each) => each !== null && typeof each === 'object'))
    return `[${list.map((each) => valueText(each, level)).join(', ')}]`;
  const lines = list.map((each) => `${pad(level + 1)}${valueText(each, level + 1)},\n`);
  return `[\n${lines.join('')}${pad(level)}]`;
}

const keyText = (key: string): string =>
  /^[A-Za-z_][\w./-]*$/.test(key) && !/^(?:y|n|yes|no|on|off|true|false|null)$/i.test(key) ? key : JSON.stringify(key);

/** A text of several lines is folded at its line ends. */
function textOf(text: string, level: number): string {
  if (!text.includes('\n')) return JSON.stringify(text);
  const lines = text.split('\n');
  const body = lines.slice(0, -1).map((line) => `${pad(level + 1)} ${JSON.stringify(line).slice(1, -1)}\\n\\\n`);
  const last = lines.at(-1)!;
  return `"\\\n${body.join('')}${pad(level + 1)}${last && ` ${JSON.stringify(last).slice(1, -1)}\\\n${pad(level + 1)}`}"`;
}
