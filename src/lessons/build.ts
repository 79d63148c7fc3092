/** Short forms of what lessons say most often. They only build data. */
import type { Check, Move, Op, Selection, Value, Where } from './lesson.ts';
import type { TrafficSource } from '../protocol/index.ts';

/** Pods by their labels, those being deleted left out. */
export const pods = (labels: string, ...where: readonly Where[]): Selection => ({ resource: 'pods', labels, where });

/** Ready pods by their labels. */
export const ready = (labels: string, ...where: readonly Where[]): Selection => pods(labels, { is: 'ready' }, ...where);

/** Where the first container runs this image. */
export const image = (name: string): Where => ({ path: 'spec.containers[0].image', op: '=', to: name });

/** A comparison. */
export const is = (value: Value, op: Op, to: number | string): Check => ({ value, op, to });

/** A comparison of a number of objects. */
export const count = (selection: Selection, op: Op, to: number): Check => is({ count: selection }, op, to);

/** Held for so many seconds without a break. */
export const lasting = (seconds: number, check: Check): Check => ({ for: seconds * 1000, check });

/** All of these. */
export const all = (...checks: readonly Check[]): Check => ({ all: checks });

/** Something was done at least once since the step began. */
export const done = (deed: Extract<Value, { deeds: unknown }>): Check => is(deed, '>=', 1);

/** The learner's fault of this name. */
export const fault = (name: string, target?: string): Extract<Value, { deeds: unknown }> => ({
  deeds: 'input.fault',
  params: { fault: name, ...(target !== undefined && { target }) },
});

/** Users who ask a Service from within the cluster, so often a second. */
export const users = (url: string, rps: number): TrafficSource => ({
  name: 'users',
  url,
  rps,
  from: 'inside',
  namespace: 'default',
  timeoutMs: 2000,
});

/** What can be told of the users' requests. */
export const traffic = (
  measure: Extract<Value, { traffic: unknown }>['measure'],
  overMs?: number,
): Value & { traffic: string } => ({
  traffic: 'users',
  measure,
  ...(overMs !== undefined && { overMs }),
});

/** Lets so many seconds pass. */
export const wait = (seconds: number): Move => ({ advanceMs: seconds * 1000 });

/** One kubectl line. */
export const kubectl = (line: string): Move => ({ kubectl: line });
