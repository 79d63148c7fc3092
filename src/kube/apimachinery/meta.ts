import type { ObjectMeta, V1ObjectMeta, V1OwnerReference } from '../../generated/types.ts';

export type { ObjectMeta, V1ObjectMeta, V1OwnerReference };

/** Any stored API object: frozen, shared by reference between store, caches and checkpoints. */
export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

/** An object on its way to the API server: the server fills in the rest of its metadata. */
export type Draft<T> = Omit<T, 'metadata'> & { metadata?: V1ObjectMeta };

/** `namespace/name`, or `name` for cluster-scoped objects: the key of caches and work queues. */
export function keyOf(object: { metadata: V1ObjectMeta }): string {
  const { namespace, name } = object.metadata;
  return namespace ? `${namespace}/${name}` : name!;
}

/** Splits what `keyOf` made; namespace is '' for cluster-scoped objects. */
export function splitKey(key: string): { namespace: string; name: string } {
  const slash = key.indexOf('/');
  return slash < 0 ? { namespace: '', name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

/** The owner that has `controller: true`, or undefined. Kubernetes: metav1.GetControllerOf. */
export function controllerOf(object: { metadata: V1ObjectMeta }): V1OwnerReference | undefined {
  const owners = object.metadata.ownerReferences;
  if (owners) for (const owner of owners) if (owner.controller) return owner;
  return undefined;
}

/** The RFC 3339 text of a virtual time, in whole seconds as metav1.Time prints it. The world begins at `epochMs`. */
export function timestamp(nowMs: number): string {
  const second = Math.floor(nowMs / 1000);
  if (second !== lastSecond) {
    lastText = isoOf(nowMs).slice(0, 19) + 'Z';
    lastSecond = second;
  }
  return lastText;
}
/** Pure cache: most texts are wanted many times within their second. */
let lastSecond = Number.NaN;
let lastText = '';

/** As `timestamp`, with microseconds: metav1.MicroTime of leases and events. */
export function microTimestamp(nowMs: number): string {
  return isoOf(nowMs).slice(0, 23) + '000Z';
}

const weekdays = ['Thu', 'Fri', 'Sat', 'Sun', 'Mon', 'Tue', 'Wed'];
const monthNames = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A timestamp as events and descriptions write it, RFC 1123: `Tue, 24 Nov 2026 07:30:32 +0000`. '' for none. */
export function longTime(text: string | undefined): string {
  if (!text) return '';
  const [date = '', time = ''] = text.split('T');
  const [year, month, day] = date.split('-');
  const weekday = weekdays[Math.floor(millisOf(text) / 86_400_000) % 7]!;
  return `${weekday}, ${day} ${monthNames[Number(month) - 1]} ${year} ${time.slice(0, 8)} +0000`;
}

/** Virtual milliseconds of a timestamp made by `timestamp` or `microTimestamp` (or written by a user); NaN if it is none. */
export function millisOf(time: string): number {
  const plain = plainMillis(time);
  if (!Number.isNaN(plain)) return plain;
  const m = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(time);
  if (!m) return Number.NaN;
  const days = daysOf(Number(m[1]), Number(m[2]), Number(m[3]));
  const zone =
    m[8] === 'Z' ? 0 : (m[8]![0] === '-' ? 1 : -1) * (Number(m[8]!.slice(1, 3)) * 60 + Number(m[8]!.slice(4, 6)));
  const seconds = days * 86_400 + Number(m[4]) * 3600 + (Number(m[5]) + zone) * 60 + Number(m[6]);
  return seconds * 1000 + Math.floor(Number(`0.${m[7] ?? '0'}`) * 1000) - worldBeginsMs;
}

/** The number that so many digits write; NaN for anything else. */
function digitsAt(text: string, at: number, count: number): number {
  let number = 0;
  for (let i = at; i < at + count; i++) {
    const digit = text.charCodeAt(i) - 48;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    number = number * 10 + digit;
  }
  return number;
}

/**
 * Milliseconds of a time as the API server writes it, `2026-01-01T00:00:00Z` or with six more digits; NaN for all others.
 * Read digit by digit, because it is asked for with every event and every version of a pod.
 */
function plainMillis(time: string): number {
  const micro = time.length === 27 && time[19] === '.' && time[26] === 'Z';
  if (!micro && !(time.length === 20 && time[19] === 'Z')) return Number.NaN;
  if (time[4] !== '-' || time[7] !== '-' || time[10] !== 'T' || time[13] !== ':' || time[16] !== ':') return Number.NaN;
  const days = daysOf(digitsAt(time, 0, 4), digitsAt(time, 5, 2), digitsAt(time, 8, 2));
  const seconds = (digitsAt(time, 11, 2) * 60 + digitsAt(time, 14, 2)) * 60 + digitsAt(time, 17, 2);
  const ms = micro ? Math.floor(digitsAt(time, 20, 6) / 1000) : 0;
  return (days * 86_400 + seconds) * 1000 + ms - worldBeginsMs;
}

/** Calendar time of virtual 0: 2026-01-01T00:00:00Z, a Thursday. Fixed, because a seed must always give the same bytes. */
export const worldBeginsMs = 1_767_225_600_000;

/** Days since 1970-01-01 of a Gregorian date (Howard Hinnant's algorithm); `Date` is banned in the core. */
export function daysOf(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return (
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
  );
}

function isoOf(nowMs: number): string {
  const ms = worldBeginsMs + Math.floor(nowMs);
  const days = Math.floor(ms / 86_400_000);
  const rest = ms - days * 86_400_000;
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthShift = Math.floor((5 * dayOfYear + 2) / 153);
  const month = monthShift + (monthShift < 10 ? 3 : -9);
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  const two = (n: number): string => String(n).padStart(2, '0');
  const day = dayOfYear - Math.floor((153 * monthShift + 2) / 5) + 1;
  return `${year}-${two(month)}-${two(day)}T${two(Math.floor(rest / 3_600_000))}:${two(Math.floor(rest / 60_000) % 60)}:${two(Math.floor(rest / 1000) % 60)}.${String(rest % 1000).padStart(3, '0')}`;
}
