import { goQuote } from '../../apimachinery/index.ts';
import { momentOf, utc, wallTime, zoneOf, type Zone } from './timezone.ts';

/** When something is due, again and again. */
export interface Schedule {
  /** The next time after `unix` (seconds since 1970), or undefined when there is none within five years. */
  next(unix: number): number | undefined;
}

/** Values that a field of a schedule allows. `star`: it was written `*` or `?`. */
interface Field {
  readonly allowed: ReadonlySet<number>;
  readonly star: boolean;
}

interface Bounds {
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

/** Minute, hour, day of month, month, day of week. Names stand for the numbers from `min` on. */
const bounds: readonly Bounds[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] },
  { min: 0, max: 6, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
];

const descriptors: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

const parsed = new Map<string, Schedule | Error>(); // pure: text → schedule
const maxParsed = 5000;

/**
 * Reads a schedule: five fields (`0/5 8-17 * * mon-fri`), `@hourly` and the like, `@every 1h30m`; `TZ=zone` may stand before it.
 * Throws an Error whose message is the parser's that Kubernetes uses. Kubernetes: robfig/cron v3 ParseStandard.
 */
export function parseSchedule(text: string): Schedule {
  let schedule = parsed.get(text);
  if (!schedule) {
    try {
      schedule = parse(text);
    } catch (error) {
      schedule = error as Error;
    }
    if (parsed.size >= maxParsed) parsed.clear();
    parsed.set(text, schedule);
  }
  if (schedule instanceof Error) throw schedule;
  return schedule;
}

function parse(text: string): Schedule {
  if (text === '') throw new Error('empty spec string');
  const prefix = /^(?:CRON_)?TZ=(\S*)/.exec(text);
  const zone = prefix ? zoneOf(prefix[1]!) : utc;
  if (!zone) throw new Error(`provided bad location ${prefix![1]}: unknown time zone ${prefix![1]}`);
  const spec = prefix ? text.slice(prefix[0].length).trim() : text;
  if (spec.startsWith('@every ')) return every(spec.slice('@every '.length));
  if (spec.startsWith('@')) {
    if (!Object.hasOwn(descriptors, spec)) throw new Error(`unrecognized descriptor: ${spec}`);
    return onFields(descriptors[spec]!.split(' '), zone);
  }
  const words = spec.split(/\s+/).filter((word) => word !== '');
  if (words.length !== 5) throw new Error(`expected exactly 5 fields, found ${words.length}: [${words.join(' ')}]`);
  return onFields(words, zone);
}

function onFields(words: readonly string[], zone: Zone): Schedule {
  const [minute, hour, day, month, weekday] = words.map((word, i) => parseField(word, bounds[i]!)) as [
    Field,
    Field,
    Field,
    Field,
    Field,
  ];
  return { next: (unix) => nextMatch({ minute, hour, day, month, weekday }, zone, unix) };
}

function parseField(word: string, within: Bounds): Field {
  const allowed = new Set<number>();
  let star = false;
  for (const expression of word.split(',').filter((part) => part !== '')) {
    const range = parseRange(expression, within);
    star ||= range.star;
    for (let value = range.start; value <= range.end; value += range.step) allowed.add(value);
  }
  return { allowed, star };
}

/** `5`, `5-7`, `5-7/2`, `*`; `5/2` means from 5 to the end. */
function parseRange(
  expression: string,
  { min, max, names }: Bounds,
): { start: number; end: number; step: number; star: boolean } {
  const [range = '', stepText, ...more] = expression.split('/');
  const [low = '', high, ...others] = range.split('-');
  const any = low === '*' || low === '?';
  const numberOf = (word: string): number => {
    const named = names?.indexOf(word.toLowerCase()) ?? -1;
    return named >= 0 ? named + min : natural(word);
  };
  const start = any ? min : numberOf(low);
  if (!any && others.length > 0) throw new Error(`too many hyphens: ${expression}`);
  let end = any ? max : high === undefined ? start : numberOf(high);
  if (more.length > 0) throw new Error(`too many slashes: ${expression}`);
  const step = stepText === undefined ? 1 : natural(stepText);
  if (stepText !== undefined && high === undefined) end = max;
  if (start < min) throw new Error(`beginning of range (${start}) below minimum (${min}): ${expression}`);
  if (end > max) throw new Error(`end of range (${end}) above maximum (${max}): ${expression}`);
  if (start > end) throw new Error(`beginning of range (${start}) beyond end of range (${end}): ${expression}`);
  if (step === 0) throw new Error(`step of range should be a positive number: ${expression}`);
  return { start, end, step, star: any && step === 1 };
}

function natural(word: string): number {
  if (!/^[+-]?\d+$/.test(word))
    throw new Error(`failed to parse int from ${word}: strconv.Atoi: parsing ${goQuote(word)}: invalid syntax`);
  const value = Number(word);
  if (value < 0) throw new Error(`negative number (${value}) not allowed: ${word}`);
  return value;
}

interface Fields {
  readonly minute: Field;
  readonly hour: Field;
  readonly day: Field;
  readonly month: Field;
  readonly weekday: Field;
}

const hourSeconds = 3600;
const searchedYears = 5;

/**
 * The first full minute after `unix` whose fields match: month, day, hour and minute are advanced in this order, and a carry
 * starts again from the month. Days and months step on the calendar, hours and minutes in real time: so an hour that clocks
 * skip is passed over, and one that they show twice matches twice. Kubernetes: robfig/cron spec.go Next.
 */
function nextMatch(fields: Fields, zone: Zone, unix: number): number | undefined {
  let t = (Math.floor(unix / 60) + 1) * 60;
  let at = wallTime(t, zone);
  const lastYear = at.year + searchedYears;
  /** What lies below the field that was advanced is at its beginning. */
  let reset = false;
  const go = (to: number): void => {
    t = to;
    at = wallTime(t, zone);
    reset = true;
  };
  search: while (at.year <= lastYear) {
    while (!fields.month.allowed.has(at.month)) {
      if (!reset) go(momentOf(zone, at.year, at.month, 1));
      go(momentOf(zone, at.year, at.month + 1, at.day, at.hour));
      if (at.month === 1) continue search;
    }
    while (!dayMatches(fields, at)) {
      if (!reset) go(momentOf(zone, at.year, at.month, at.day));
      go(momentOf(zone, at.year, at.month, at.day + 1, at.hour));
      // Where midnight does not exist the day begins at one, or the step has ended at eleven.
      if (at.hour !== 0) go(t + (at.hour > 12 ? 24 - at.hour : -at.hour) * hourSeconds);
      if (at.day === 1) continue search;
    }
    while (!fields.hour.allowed.has(at.hour)) {
      if (!reset) go(momentOf(zone, at.year, at.month, at.day, at.hour));
      go(t + hourSeconds);
      if (at.hour === 0) continue search;
    }
    while (!fields.minute.allowed.has(at.minute)) {
      go(t + 60);
      if (at.minute === 0) continue search;
    }
    return t;
  }
  return undefined;
}

/** Both must match when one of them is `*`; else one is enough. */
function dayMatches({ day, weekday }: Fields, at: { day: number; weekday: number }): boolean {
  const [onDay, onWeekday] = [day.allowed.has(at.day), weekday.allowed.has(at.weekday)];
  return day.star || weekday.star ? onDay && onWeekday : onDay || onWeekday;
}

/** `@every 90s`: from wherever it is counted, in whole seconds, at least one. */
function every(text: string): Schedule {
  const seconds = Math.max(1, Math.floor(goSeconds(text)));
  return { next: (unix) => Math.floor(unix) + seconds };
}

const unitSeconds: Readonly<Record<string, number>> = {
  ns: 1e-9,
  us: 1e-6,
  µs: 1e-6,
  μs: 1e-6,
  ms: 1e-3,
  s: 1,
  m: 60,
  h: 3600,
};

/** `1h30m` in seconds. Errors as Go's time.ParseDuration words them. */
function goSeconds(text: string): number {
  const fail = (why: string): never => {
    throw new Error(`failed to parse duration @every ${text}: time: ${why}`);
  };
  const sign = text.startsWith('-') ? -1 : 1;
  let rest = text.replace(/^[+-]/, '');
  if (rest === '0') return 0;
  if (rest === '') fail(`invalid duration ${goQuote(text)}`);
  let seconds = 0;
  while (rest !== '') {
    const number = /^(?:\d+\.?\d*|\.\d+)/.exec(rest)?.[0];
    if (number === undefined) fail(`invalid duration ${goQuote(text)}`);
    rest = rest.slice(number!.length);
    const unit = /^[^.\d]*/.exec(rest)![0];
    if (unit === '') fail(`missing unit in duration ${goQuote(text)}`);
    if (!Object.hasOwn(unitSeconds, unit)) fail(`unknown unit ${goQuote(unit)} in duration ${goQuote(text)}`);
    rest = rest.slice(unit.length);
    seconds += Number(number) * unitSeconds[unit]!;
  }
  return sign * seconds;
}
