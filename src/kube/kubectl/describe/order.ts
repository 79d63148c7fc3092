/** Order of text by code points, as Go sorts strings. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
