import type { Messages } from '../index.ts';
import { flattenDeeds } from '../en/deeds.ts';
import { deedTableKo } from './deeds.ts';
import { faultsKo } from './faults.ts';
import { kindsKo } from './kinds.ts';
import { lessonsKo } from './lessons.ts';
import { pageKo } from './page.ts';
import { panelsKo } from './panels.ts';
import { dialogsKo } from './dialogs.ts';
import { terminalKo } from './terminal.ts';

/** Every Korean text of the page. */
export const ko: Messages = {
  ...pageKo,
  ...faultsKo,
  ...panelsKo,
  ...kindsKo,
  ...dialogsKo,
  ...lessonsKo,
  ...terminalKo,
  ...flattenDeeds(deedTableKo),
};
