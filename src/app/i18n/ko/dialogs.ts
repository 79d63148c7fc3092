import type { dialogs } from '../en/dialogs.ts';
import type { Translated } from '../messages.ts';

/** Words of the dialogs in Korean. */
export const dialogsKo: Translated<typeof dialogs> = {};
