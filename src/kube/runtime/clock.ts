import { timestamp, worldBeginsMs } from '../apimachinery/index.ts';

const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** A virtual time taken apart, in UTC. */
export interface CalendarTime {
  readonly year: string;
  /** `01` … `12`. */
  readonly month: string;
  readonly monthName: string;
  readonly day: string;
  readonly hour: string;
  readonly minute: string;
  readonly second: string;
  readonly weekday: string;
  /** Seconds since 1970. */
  readonly epochSeconds: number;
}

/** What a clock on the wall of the cluster shows at virtual `nowMs`. */
export function calendar(nowMs: number): CalendarTime {
  const text = timestamp(nowMs);
  const epochSeconds = Math.floor((worldBeginsMs + nowMs) / 1000);
  const month = text.slice(5, 7);
  return {
    year: text.slice(0, 4),
    month,
    monthName: months[Number(month) - 1]!,
    day: text.slice(8, 10),
    hour: text.slice(11, 13),
    minute: text.slice(14, 16),
    second: text.slice(17, 19),
    weekday: weekdays[(4 + Math.floor(epochSeconds / 86_400)) % 7]!,
    epochSeconds,
  };
}

/** `01/Jan/2026:00:00:07 +0000`: access logs. */
export function accessLogTime(nowMs: number): string {
  const t = calendar(nowMs);
  return `${t.day}/${t.monthName}/${t.year}:${t.hour}:${t.minute}:${t.second} +0000`;
}
