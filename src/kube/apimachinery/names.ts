import type { Random } from '../../kernel/index.ts';

/** Each `is…` returns the reasons why the text is not one, in Kubernetes' words; an empty list means it is. */
type Reasons = string[];

const label1123 = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const subdomain1123 = `${label1123}(\\.${label1123})*`;
const label1035 = '[a-z]([-a-z0-9]*[a-z0-9])?';
const qualifiedPart = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const labelValue = `(${qualifiedPart})?`;

const label1123Pattern = new RegExp(`^${label1123}$`);
const subdomain1123Pattern = new RegExp(`^${subdomain1123}$`);
const label1035Pattern = new RegExp(`^${label1035}$`);
const qualifiedPattern = new RegExp(`^${qualifiedPart}$`);
const labelValuePattern = new RegExp(`^${labelValue}$`);

/** `must be no more than N characters` (Kubernetes counts bytes but says characters). */
const maxLengthMessage = (max: number): string => `must be no more than ${max} characters`;

/** A sentence with the pattern and examples appended. Kubernetes: validation.RegexError. */
function patternMessage(sentence: string, pattern: string, ...examples: string[]): string {
  if (examples.length === 0) return `${sentence} (regex used for validation is '${pattern}')`;
  const eg = examples.map((e) => `'${e}', `).join(' or ');
  return `${sentence} (e.g. ${eg}regex used for validation is '${pattern}')`;
}

/** A label of RFC 1123: names of namespaces, pods' host names, services. */
export function isDns1123Label(text: string): Reasons {
  const reasons: Reasons = [];
  if (text.length > 63) reasons.push(maxLengthMessage(63));
  if (!label1123Pattern.test(text)) {
    reasons.push(
      subdomain1123Pattern.test(text)
        ? 'must not contain dots'
        : patternMessage(
            "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
            label1123,
            'my-name',
            '123-abc',
          ),
    );
  }
  return reasons;
}

/** A subdomain of RFC 1123: names of most objects. */
export function isDns1123Subdomain(text: string): Reasons {
  const reasons: Reasons = [];
  if (text.length > 253) reasons.push(maxLengthMessage(253));
  if (!subdomain1123Pattern.test(text)) {
    reasons.push(
      patternMessage(
        "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
        subdomain1123,
        'example.com',
      ),
    );
  }
  return reasons;
}

/** A subdomain behind `*.`: hosts of Ingress rules. Kubernetes: validation.IsWildcardDNS1123Subdomain. */
export function isWildcardSubdomain(text: string): Reasons {
  const reasons: Reasons = [];
  if (text.length > 253) reasons.push(maxLengthMessage(253));
  if (!text.startsWith('*.') || !subdomain1123Pattern.test(text.slice(2))) {
    reasons.push(
      patternMessage(
        "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character",
        `\\*\\.${subdomain1123}`,
        '*.example.com',
      ),
    );
  }
  return reasons;
}

/** A label of RFC 1035: starts with a letter. */
export function isDns1035Label(text: string): Reasons {
  const reasons: Reasons = [];
  if (text.length > 63) reasons.push(maxLengthMessage(63));
  if (!label1035Pattern.test(text)) {
    reasons.push(
      patternMessage(
        "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
        label1035,
        'my-name',
        'abc-123',
      ),
    );
  }
  return reasons;
}

/** A segment of a URL path: names of RBAC objects. Kubernetes: path.IsValidPathSegmentName. */
export function isPathSegmentName(text: string): Reasons {
  if (text === '.' || text === '..') return [`may not be '${text}'`];
  return ['/', '%'].filter((c) => text.includes(c)).map((c) => `may not contain '${c}'`);
}

/** A label or annotation key: `[prefix/]name`. */
export function isQualifiedName(text: string): Reasons {
  const reasons: Reasons = [];
  const parts = text.split('/');
  const name = parts.length === 2 ? parts[1]! : parts[0]!;
  const examples = ['MyName', 'my.name', '123-abc'] as const;
  const sentence =
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
  if (parts.length > 2) {
    return [
      `${patternMessage(`a qualified name ${sentence}`, qualifiedPart, ...examples)} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  if (parts.length === 2) {
    if (parts[0] === '') reasons.push('prefix part must be non-empty');
    else reasons.push(...isDns1123Subdomain(parts[0]!).map((r) => `prefix part ${r}`));
  }
  if (name === '') reasons.push('name part must be non-empty');
  else if (name.length > 63) reasons.push(`name part ${maxLengthMessage(63)}`);
  if (!qualifiedPattern.test(name)) {
    reasons.push(`name part ${patternMessage(sentence, qualifiedPart, ...examples)}`);
  }
  return reasons;
}

/** A label value: empty, or at most 63 characters. */
export function isLabelValue(text: string): Reasons {
  const reasons: Reasons = [];
  if (text.length > 63) reasons.push(maxLengthMessage(63));
  if (!labelValuePattern.test(text)) {
    reasons.push(
      patternMessage(
        "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
        labelValue,
        'MyValue',
        'my_value',
        '12345',
      ),
    );
  }
  return reasons;
}

const suffixLetters = 'bcdfghjklmnpqrstvwxz2456789';

/** Letters of generated names: no vowels, nothing that looks like another. Kubernetes: apimachinery/pkg/util/rand. */
export function randomLetters(random: Random, count: number): string {
  let text = '';
  for (let i = 0; i < count; i++) text += suffixLetters[random.int(suffixLetters.length)];
  return text;
}

/** A name from `metadata.generateName`: the base, cut to 58 characters, and five random letters. */
export const generatedName = (random: Random, base: string): string => base.slice(0, 58) + randomLetters(random, 5);

/** Letters that stand for a number in a name: decimal digits mapped so that no word appears. Kubernetes: rand.SafeEncodeString. */
export const safeEncode = (text: string): string =>
  [...text].map((c) => suffixLetters[c.charCodeAt(0) % suffixLetters.length]).join('');
