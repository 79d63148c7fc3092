import type { Pod } from '../../apis/index.ts';

/** Annotation, and label, with the completion index of an Indexed Job's pod. */
export const indexAnnotation = 'batch.kubernetes.io/job-completion-index';
const failuresAnnotation = 'batch.kubernetes.io/job-index-failure-count';
const ignoredFailuresAnnotation = 'batch.kubernetes.io/job-index-ignored-failure-count';

/**
 * A set of completion indexes as increasing intervals `[first, last]` that do not touch: `1,3-5` is `[[1, 1], [3, 5]]`.
 * Kubernetes: pkg/controller/job/indexed_job_utils.go orderedIntervals.
 */
export type Intervals = readonly (readonly [number, number])[];

/** Reads `1,3-5`, as a status has it; indexes from `completions` on are left out. */
export function parseIndexes(text: string, completions: number): Intervals {
  const result: [number, number][] = [];
  if (text === '') return result;
  for (const part of text.split(',')) {
    const [first = Number.NaN, last = first] = part.split('-').map((word) => (/^\d+$/.test(word) ? Number(word) : NaN));
    if (Number.isNaN(first) || Number.isNaN(last)) continue;
    if (first >= completions) break;
    const end = Math.min(last, completions - 1);
    const before = result.at(-1);
    if (before && before[1] === first - 1) before[1] = end;
    else result.push([first, end]);
  }
  return result;
}

/** Writes `1,3-5`; two neighbours stand as `1,2`. */
export const formatIndexes = (intervals: Intervals): string =>
  intervals
    .map(([first, last]) => (last === first ? `${first}` : `${first}${last === first + 1 ? ',' : '-'}${last}`))
    .join(',');

/** How many indexes there are. */
export const totalOf = (intervals: Intervals): number =>
  intervals.reduce((sum, [first, last]) => sum + last - first + 1, 0);

/** Whether an index is among them; by halving, because a Job may have 100,000. */
export function hasIndex(intervals: Intervals, index: number): boolean {
  let [low, high] = [0, intervals.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (intervals[middle]![1] >= index) high = middle;
    else low = middle + 1;
  }
  return low < intervals.length && intervals[low]![0] <= index;
}

/** Both sets in one. */
export function mergeIntervals(a: Intervals, b: Intervals): Intervals {
  const result: [number, number][] = [];
  const add = ([first, last]: readonly [number, number]): void => {
    const before = result.at(-1);
    if (!before || first > before[1] + 1) result.push([first, last]);
    else if (before[1] < last) before[1] = last;
  };
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (j >= b.length || (i < a.length && a[i]![0] < b[j]![0])) add(a[i++]!);
    else add(b[j++]!);
  }
  return result;
}

/** The set with some more indexes, in any order. */
export const withIndexes = (intervals: Intervals, indexes: Iterable<number>): Intervals => {
  const sorted = [...new Set(indexes)].sort((a, b) => a - b);
  return sorted.length === 0
    ? intervals
    : mergeIntervals(
        intervals,
        sorted.map((index) => [index, index]),
      );
};

/** The first `count` indexes below `completions` that are not taken. */
export function freeIndexes(taken: Intervals, count: number, completions: number): number[] {
  const result: number[] = [];
  let candidate = 0;
  for (const [first, last] of taken) {
    for (; candidate < Math.min(completions, first) && result.length < count; candidate++) result.push(candidate);
    candidate = Math.max(candidate, last + 1);
  }
  for (; candidate < completions && result.length < count; candidate++) result.push(candidate);
  return result;
}

const natural = (text: string | undefined): number | undefined =>
  text !== undefined && /^\+?\d+$/.test(text) ? Number(text) : undefined;

/** The completion index of a pod, or undefined when it has none. */
export const indexOf = (pod: Pod): number | undefined => natural(pod.metadata.annotations?.[indexAnnotation]);

/** How often this index had failed before this pod: what counts, and what a failure policy ignored. */
export function failuresBefore(pod: Pod): { counted: number; ignored: number } {
  const read = (name: string): number => {
    const value = natural(pod.metadata.annotations?.[name]) ?? 0;
    return value > 2_147_483_647 ? 0 : value;
  };
  return { counted: read(failuresAnnotation), ignored: read(ignoredFailuresAnnotation) };
}

/** Annotations that carry these numbers on to the next pod of the index. */
export const failureAnnotations = (counted: number, ignored: number): Record<string, string> => ({
  [failuresAnnotation]: String(counted),
  ...(ignored > 0 && { [ignoredFailuresAnnotation]: String(ignored) }),
});
