import { Document, isScalar, visit } from 'yaml';
import { yamlStyle } from '../../apimachinery/yaml-style.ts';

/** YAML as kubectl prints objects. */
export function toYaml(object: unknown): string {
  const document = new Document(object, { ...yamlStyle, aliasDuplicateObjects: false });
  visit(document, {
    Scalar(_key, node) {
      if (!isScalar(node) || typeof node.value !== 'string') return;
      // What YAML would read as something else stands in double quotes, what only looks odd in single ones.
      if (meansOther.test(node.value) || needsEscapes(node.value)) node.type = 'QUOTE_DOUBLE';
      else if (/^(?:'|---|\.\.\.)/.test(node.value) && !node.value.includes('\n')) node.type = 'QUOTE_SINGLE';
    },
  });
  return document.toString({ indentSeq: false, lineWidth: 0, singleQuote: true });
}

/** A tab, another character that cannot be shown, or a blank at the end of one of several lines. go-yaml: analyze_scalar. */
const needsEscapes = (text: string): boolean =>
  [...text].some((char) => (char < ' ' && char !== '\n') || char === '\u007f') ||
  / \n/.test(text) ||
  (/\n/.test(text) && text.endsWith(' '));

/** Texts that YAML 1.1 reads as no text: booleans, null, numbers, times. go-yaml: resolve, isBase60Float, isOldBool. */
const meansOther =
  /^(?:|~|null|Null|NULL|true|True|TRUE|false|False|FALSE|[yYnN]|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|<<|[-+]?(?:0b[01_]+|0o?[0-7_]+|0x[\da-fA-F_]+|[\d_]+|(?:\d[\d_]*\.?[\d_]*|\.[\d_]+)(?:[eE][-+]?\d+)?|\.inf|\.Inf|\.INF|\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?)|\.nan|\.NaN|\.NAN|\d{4}-\d\d?-\d\d?(?:[Tt ].*)?)$/;

/** JSON as kubectl prints it: four blanks, sorted keys. */
export const toJson = (object: unknown): string =>
  `${JSON.stringify(
    object,
    (_key, v: unknown) =>
      v !== null && typeof v === 'object' && !Array.isArray(v)
        ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)))
        : v,
    4,
  )}\n`;
