import type { panels } from '../en/panels.ts';
import type { Translated } from '../messages.ts';

/** Words of the panels in Korean. */
export const panelsKo: Translated<typeof panels> = {};
