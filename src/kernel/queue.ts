/** What the queue orders by: virtual milliseconds, then the order of scheduling. */
export interface Ordered {
  readonly at: number;
  readonly seq: number;
}

const before = (a: Ordered, b: Ordered): boolean => a.at < b.at || (a.at === b.at && a.seq < b.seq);

/** Adds an item to a binary heap kept in a plain array. O(log n). First in, first out among equal times, by `seq`. */
export function push<T extends Ordered>(heap: T[], item: T): void {
  let i = heap.length;
  heap.push(item);
  while (i > 0) {
    const parent = (i - 1) >> 1;
    if (!before(item, heap[parent]!)) break;
    heap[i] = heap[parent]!;
    i = parent;
  }
  heap[i] = item;
}

/** Removes and returns the earliest item, or undefined when there is none. O(log n). */
export function pop<T extends Ordered>(heap: T[]): T | undefined {
  const top = heap[0];
  const last = heap.pop();
  if (heap.length === 0 || last === undefined) return top;
  let i = 0;
  for (;;) {
    let child = 2 * i + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
    if (!before(heap[child]!, last)) break;
    heap[i] = heap[child]!;
    i = child;
  }
  heap[i] = last;
  return top;
}
