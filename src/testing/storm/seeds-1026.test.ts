import { seedsHold } from './dense.ts';

seedsHold(1026, 25);
