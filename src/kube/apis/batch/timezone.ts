import { daysOf } from '../../apimachinery/index.ts';

/** A moment as clocks of one place show it. Month and day count from 1, weekday 0 is Sunday. */
export interface WallTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly weekday: number;
}

/** A time zone: seconds that its clocks are ahead of UTC at a moment (seconds since 1970). */
export interface Zone {
  readonly name: string;
  offsetAt(unix: number): number;
}

/** The zone of schedules that name none: controllers run in UTC. */
export const utc: Zone = { name: 'UTC', offsetAt: () => 0 };

/** Days since 1970 → date (Howard Hinnant's algorithm). */
function dateOf(days: number): { year: number; month: number; day: number } {
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const dayOfEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365,
  );
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const shift = Math.floor((5 * dayOfYear + 2) / 153);
  const month = shift + (shift < 10 ? 3 : -9);
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * shift + 2) / 5) + 1,
  };
}

/** What clocks of the zone show at a moment. */
export function wallTime(unix: number, zone: Zone): WallTime {
  const local = unix + zone.offsetAt(unix);
  const days = Math.floor(local / 86_400);
  const rest = local - days * 86_400;
  return {
    ...dateOf(days),
    hour: Math.floor(rest / 3600),
    minute: Math.floor(rest / 60) % 60,
    second: rest % 60,
    weekday: (((days + 4) % 7) + 7) % 7,
  };
}

/**
 * The moment at which clocks of the zone show this; month and day may overflow. A time that clocks skip or show twice gets one of
 * its two readings, the same that Go's time.Date chooses. Kubernetes: schedules are computed with it.
 */
export function momentOf(zone: Zone, year: number, month: number, day: number, hour = 0): number {
  const months = year * 12 + month - 1;
  const first = daysOf(Math.floor(months / 12), (((months % 12) + 12) % 12) + 1, 1);
  const local = (first + day - 1) * 86_400 + hour * 3600;
  const offset = zone.offsetAt(local);
  return offset === 0 ? local : local - zone.offsetAt(local - offset);
}

const zones = new Map<string, Zone | null>(); // pure: name → rules

/**
 * The zone of a name from the tz database, or undefined. Its rules are those of the JavaScript engine (Intl): engines
 * with tz databases of different years agree but for places that have changed their rules since.
 */
export function zoneOf(name: string): Zone | undefined {
  let zone = zones.get(name);
  if (zone === undefined) zones.set(name, (zone = name === '' || name === 'UTC' ? utc : loadZone(name)));
  return zone ?? undefined;
}

function loadZone(name: string): Zone | null {
  if (/^[+-]/.test(name)) return null; // an offset, which Intl would take for a zone
  let format: Intl.DateTimeFormat;
  try {
    const fields = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const;
    format = new Intl.DateTimeFormat('en-US', { timeZone: name, hourCycle: 'h23', second: 'numeric', ...fields });
  } catch {
    return null;
  }
  // File names of the database are case-sensitive.
  const known = format.resolvedOptions().timeZone;
  if (known !== name && known.toLowerCase() === name.toLowerCase()) return null;
  return { name, offsetAt: (unix) => shownAt(format, unix) - unix };
}

/** What the format shows at a moment, read as if it were UTC. */
function shownAt(format: Intl.DateTimeFormat, unix: number): number {
  const part: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(unix * 1000)) part[type] = Number(value);
  const days = daysOf(part['year']!, part['month']!, part['day']!);
  return ((days * 24 + part['hour']!) * 60 + part['minute']!) * 60 + part['second']!;
}

/** `2026-01-01T09:05:00+09:00`: a moment as RFC 3339 writes it in a zone, `Z` for UTC. */
export function wallClock(unix: number, zone: Zone): string {
  const { year, month, day, hour, minute, second } = wallTime(unix, zone);
  const two = (n: number): string => String(n).padStart(2, '0');
  const offset = zone.offsetAt(unix) / 60;
  const [ahead, minutes] = [offset < 0 ? '-' : '+', Math.abs(offset)];
  const behind = offset === 0 ? 'Z' : `${ahead}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
  return `${year}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}${behind}`;
}
