import { seedsHold } from './dense.ts';

seedsHold(1076, 25);
