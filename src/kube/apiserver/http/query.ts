import { badRequest } from '../../apimachinery/index.ts';
import type { Query } from './types.ts';

/** A part of a path without its escapes; one that is broken stays as it is and is found nowhere. */
export function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Go's ParseBool, and a bare `?watch`. */
export const isTrue = (text: string | null): boolean => text !== null && /^(1|t|T|true|True|TRUE|)$/.test(text);

/** A whole number of the query; throws BadRequest for one that is none. */
export function numberOf(query: Query, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '') return undefined;
  if (!/^[-+]?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Number(text);
}
