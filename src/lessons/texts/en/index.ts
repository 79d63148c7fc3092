import type { AllTexts } from '../../index.ts';
import { text01 } from './01.ts';
import { text03 } from './03.ts';
import { text04 } from './04.ts';
import { text08 } from './08.ts';
import { text09 } from './09.ts';
import { text11 } from './11.ts';

/** The words of every lesson. */
export const texts: AllTexts = {
  '01': text01,
  '03': text03,
  '04': text04,
  '08': text08,
  '09': text09,
  '11': text11,
};
