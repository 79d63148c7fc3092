import type { Preview } from '../protocol/index.ts';
import type { Session } from './session.ts';

/** What an apply of `text` would do at the present moment, without doing it. */
export function preview(_session: Session, _text: string): Preview {
  return { documents: [], problems: [] };
}
