import { deedTable, flattenDeeds } from './deeds.ts';
import { faults } from './faults.ts';
import { kinds } from './kinds.ts';
import { lessons } from './lessons.ts';
import { page } from './page.ts';
import { panels } from './panels.ts';
import { dialogs } from './dialogs.ts';
import { terminal } from './terminal.ts';

/** Every English text of the page. The other languages have the same keys; the compiler and a test see to it. */
export const en = {
  ...page,
  ...faults,
  ...panels,
  ...kinds,
  ...dialogs,
  ...lessons,
  ...terminal,
  ...flattenDeeds(deedTable),
};
