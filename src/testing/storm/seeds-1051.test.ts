import { seedsHold } from './dense.ts';

seedsHold(1051, 25);
