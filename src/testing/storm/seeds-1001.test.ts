import { seedsHold } from './dense.ts';

seedsHold(1001, 25);
