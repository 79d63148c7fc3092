import { readStored, writeStored } from '../storage.ts';

/** What is remembered of a lesson on this device. */
export interface Kept {
  readonly state: 'open' | 'done' | 'assisted';
  /** The option that was predicted last, '' when it was skipped. */
  readonly predicted?: string;
  /** The option that came true then. */
  readonly happened?: string;
}

/** Where the browser keeps it. */
const place = 'lessons';
const states: readonly string[] = ['open', 'done', 'assisted'];

const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= 100;

/** Reads one entry; what is not understood is as if it were not there. */
function read(value: unknown): Kept | null {
  if (typeof value !== 'object' || value === null) return null;
  const { state, predicted, happened } = value as Readonly<Record<string, unknown>>;
  if (!states.includes(state as string)) return null;
  return {
    state: state as Kept['state'],
    ...(isText(predicted) && { predicted }),
    ...(isText(happened) && { happened }),
  };
}

/** All that is remembered, by lesson. Damaged entries are left out. */
export function keptLessons(): ReadonlyMap<string, Kept> {
  const kept = new Map<string, Kept>();
  const stored = readStored<Record<string, unknown>>(place, {});
  for (const [id, value] of Object.entries(stored)) {
    const entry = read(value);
    if (entry && /^\d\d$/.test(id)) kept.set(id, entry);
  }
  return kept;
}

const worth: Readonly<Record<Kept['state'], number>> = { open: 0, assisted: 1, done: 2 };

/** Remembers more of a lesson. What was reached once is never taken back. */
export function keep(id: string, news: Kept): void {
  const all = new Map(keptLessons());
  const before = all.get(id);
  const state = before && worth[before.state] > worth[news.state] ? before.state : news.state;
  all.set(id, { ...before, ...news, state });
  writeStored(place, Object.fromEntries(all));
}

/** Forgets everything about lessons. */
export const forgetLessons = (): void => writeStored(place, {});
