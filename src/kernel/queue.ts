/** What the queue orders by: virtual milliseconds, then the order of scheduling. */
export interface Ordered {
  readonly at: number;
  readonly seq: number;
}

const byTime = (a: Ordered, b: Ordered): boolean => a.at < b.at || (a.at === b.at && a.seq < b.seq);

/** Adds an item to a binary heap kept in a plain array. O(log n). `before` is a total order: by time, then by `seq`, unless told otherwise. */
export function push<T extends Ordered>(heap: T[], item: T): void;
export function push<T>(heap: T[], item: T, before: (a: T, b: T) => boolean): void;
export function push<T>(heap: T[], item: T, before: (a: never, b: never) => boolean = byTime): void {
  let i = heap.length;
  heap.push(item);
  while (i > 0) {
    const parent = (i - 1) >> 1;
    if (!before(item as never, heap[parent]! as never)) break;
    heap[i] = heap[parent]!;
    i = parent;
  }
  heap[i] = item;
}

/** Removes and returns the first item, or undefined when there is none. O(log n). */
export function pop<T extends Ordered>(heap: T[]): T | undefined;
export function pop<T>(heap: T[], before: (a: T, b: T) => boolean): T | undefined;
export function pop<T>(heap: T[], before: (a: never, b: never) => boolean = byTime): T | undefined {
  const top = heap[0];
  const last = heap.pop();
  if (heap.length === 0 || last === undefined) return top;
  let i = 0;
  for (;;) {
    let child = 2 * i + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1]! as never, heap[child]! as never)) child++;
    if (!before(heap[child]! as never, last as never)) break;
    heap[i] = heap[child]!;
    i = child;
  }
  heap[i] = last;
  return top;
}
