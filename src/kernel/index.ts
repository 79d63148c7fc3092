export { assert, InvariantError } from './assert.ts';
export { digest } from './digest.ts';
export { copyState, deepFreeze } from './freeze.ts';
export { floorLog2, ln } from './math.ts';
export { pop, push } from './queue.ts';
export { fnv1a, type Random } from './random.ts';
export {
  createKernel,
  emptyState,
  type Context,
  type Deed,
  type DeedInput,
  type Handler,
  type Kernel,
  type KernelEvent,
  type KernelState,
  type Observer,
} from './kernel.ts';
