import type { AllTexts } from '../../index.ts';
import { text01 } from './01.ts';
import { text03 } from './03.ts';
import { text04 } from './04.ts';
import { text08 } from './08.ts';
import { text09 } from './09.ts';
import { text10 } from './10.ts';
import { text11 } from './11.ts';
import { text12 } from './12.ts';
import { text13 } from './13.ts';
import { text14 } from './14.ts';
import { text16 } from './16.ts';
import { text21 } from './21.ts';
import { text24 } from './24.ts';
import { text26 } from './26.ts';
import { text28 } from './28.ts';
import { text30 } from './30.ts';
import { text31 } from './31.ts';
import { text33 } from './33.ts';
import { text37 } from './37.ts';
import { text38 } from './38.ts';
import { text42 } from './42.ts';

/** The words of every lesson. */
export const texts: AllTexts = {
  '01': text01,
  '03': text03,
  '04': text04,
  '08': text08,
  '09': text09,
  '10': text10,
  '11': text11,
  '12': text12,
  '13': text13,
  '14': text14,
  '16': text16,
  '21': text21,
  '24': text24,
  '26': text26,
  '28': text28,
  '30': text30,
  '31': text31,
  '33': text33,
  '37': text37,
  '38': text38,
  '42': text42,
};
