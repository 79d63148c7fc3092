import { millisOf } from '../../apimachinery/meta.ts';

const uuid = (version: string): RegExp => new RegExp(`^[0-9a-f]{8}-?[0-9a-f]{4}-?${version}-?[0-9a-f]{12}$`, 'i');

const octet = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const ipv4 = new RegExp(`^${octet}(\\.${octet}){3}$`);

function isIpv6(text: string): boolean {
  if (!/^[0-9a-fA-F:.]+$/.test(text) || !text.includes(':')) return false;
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1) ?? '';
  const count = groups.length + (ipv4.test(last) ? 1 : 0);
  if (!groups.every((group, i) => /^[0-9a-fA-F]{1,4}$/.test(group) || (i === groups.length - 1 && ipv4.test(group))))
    return false;
  return halves.length === 2 ? count < 8 : count === 8;
}

function isCidr(text: string): boolean {
  const [address = '', length = '', more] = text.split('/');
  if (more !== undefined || !/^\d{1,3}$/.test(length)) return false;
  return ipv4.test(address) ? Number(length) <= 32 : isIpv6(address) && Number(length) <= 128;
}

function isDate(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(millisOf(`${text}T00:00:00Z`));
}

const luhn = (digits: string): boolean =>
  [...digits].reverse().reduce((sum, digit, i) => {
    const value = Number(digit) * (i % 2 === 1 ? 2 : 1);
    return sum + (value > 9 ? value - 9 : value);
  }, 0) %
    10 ===
  0;

const bare = (text: string): string => text.replace(/[\s-]/g, '');
const isIsbn10 = (text: string): boolean =>
  /^\d{9}[\dXx]$/.test(bare(text)) &&
  [...bare(text)].reduce((sum, digit, i) => sum + (10 - i) * (/x/i.test(digit) ? 10 : Number(digit)), 0) % 11 === 0;
const isIsbn13 = (text: string): boolean =>
  /^\d{13}$/.test(bare(text)) &&
  [...bare(text)].reduce((sum, digit, i) => sum + Number(digit) * (i % 2 ? 3 : 1), 0) % 10 === 0;

/**
 * Formats of strings that are checked, by their name without dashes; others are ignored.
 * Simplified: a URI and an e-mail address are checked by their form alone. Kubernetes: kube-openapi/pkg/validation/strfmt,
 * apiextensions-apiserver/pkg/apiserver/validation/formats.go.
 */
const formats: Readonly<Record<string, (text: string) => boolean>> = {
  bsonobjectid: (text) => /^[0-9a-f]{24}$/i.test(text),
  uri: (text) => /^([a-zA-Z][a-zA-Z0-9+.-]*:\S|\/)\S*$/.test(text),
  email: (text) => /^[^\s@]+@[^\s@]+$/.test(text),
  hostname: (text) => text.length <= 255 && /^([a-zA-Z0-9_]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9_])?\.?)+$/.test(text),
  ipv4: (text) => ipv4.test(text),
  ipv6: isIpv6,
  cidr: isCidr,
  mac: (text) => /^[0-9a-f]{2}([:-][0-9a-f]{2}){5}$/i.test(text) || /^[0-9a-f]{4}(\.[0-9a-f]{4}){2}$/i.test(text),
  uuid: (text) => uuid('[0-9a-f]{4}-?[0-9a-f]{4}').test(text),
  uuid3: (text) => uuid('3[0-9a-f]{3}-?[0-9a-f]{4}').test(text),
  uuid4: (text) => uuid('4[0-9a-f]{3}-?[89ab][0-9a-f]{3}').test(text),
  uuid5: (text) => uuid('5[0-9a-f]{3}-?[89ab][0-9a-f]{3}').test(text),
  isbn: (text) => isIsbn10(text) || isIsbn13(text),
  isbn10: isIsbn10,
  isbn13: isIsbn13,
  creditcard: (text) => /^\d{13,16}$/.test(text.replace(/\D/g, '')) && luhn(text.replace(/\D/g, '')),
  ssn: (text) => /^\d{3}[- ]?\d{2}[- ]?\d{4}$/.test(text),
  hexcolor: (text) => /^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$/.test(text),
  rgbcolor: (text) =>
    /^rgb\(\s*(\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])\s*(,\s*(\d|[1-9]\d|1\d\d|2[0-4]\d|25[0-5])\s*){2}\)$/.test(text),
  byte: (text) => /^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text),
  password: () => true,
  date: isDate,
  duration: (text) =>
    /^[-+]?((\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h))+$|^0$|^\d+\s*(ns|nano|nanos|nanosecond|nanoseconds|us|µs|micro|micros|microsecond|microseconds|ms|milli|millis|millisecond|milliseconds|s|sec|secs|second|seconds|m|min|mins|minute|minutes|h|hr|hour|hours|d|day|days|w|wk|week|weeks)$/.test(
      text,
    ),
  datetime: (text) => !Number.isNaN(millisOf(text.replace(' ', 'T'))),
  k8sshortname: (text) => text.length <= 63 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(text),
  k8slongname: (text) =>
    text.length <= 253 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(text),
};

const normal = (format: string): string => format.replaceAll('-', '');

/** Whether a format means something for a type; others are warned of and ignored. */
export function isKnownFormat(type: string | undefined, format: string): boolean {
  if (type === 'integer') return format === 'int32' || format === 'int64';
  if (type === 'number') return format === 'float' || format === 'double';
  return (type === undefined || type === '' || type === 'string') && Object.hasOwn(formats, normal(format));
}

/** Whether a text is of a format that strings can have. */
export const hasFormat = (format: string, text: string): boolean => formats[normal(format)]?.(text) ?? true;
