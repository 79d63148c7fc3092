import type { AllTexts } from '../../index.ts';
import { text01 } from './01.ts';

/** The words of every lesson. */
export const texts: AllTexts = {
  '01': text01,
};
