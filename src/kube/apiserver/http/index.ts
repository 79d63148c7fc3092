export * from './types.ts';
export {
  checkListOptions,
  continueExpired,
  expired,
  stateWanted,
  tooLargeVersion,
  type StateWanted,
} from './list-options.ts';
export { permit, permitImpersonation, streams, watches } from './permit.ts';
export { routeOf } from './route.ts';
export { shaped } from './shape.ts';
export { watchFilter, type WatchFilter, type WatchLine } from './watch.ts';
export { streamOf, type LogCall, type ExecCall, type ForwardCall, type ProxyCall, type StreamCall } from './streams.ts';
