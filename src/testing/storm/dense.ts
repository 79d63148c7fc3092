import { describe, expect, it } from 'vitest';
import { kinds } from '../../kube/apis/index.ts';
import type { Fault } from '../../kube/inputs.ts';
import { runStorm } from '../storm.ts';

/** Every fault there is. */
const faults = [
  'container-crash',
  'container-hang',
  'container-leak',
  'container-heal',
  'node-crash',
  'node-start',
  'node-cut',
  'node-reconnect',
  'node-add',
  'image-slow',
  'image-missing',
  'image-heal',
  'process-stop',
  'process-start',
  'policies-ignore',
  'policies-enforce',
] as const satisfies readonly Fault['fault'][];

/** Fails to compile when a fault is missing above. */
type Missing = Exclude<Fault['fault'], (typeof faults)[number]>;
const none: [Missing] extends [never] ? true : Missing = true;

/**
 * Declares that each of so many seeds holds over 1,000 acts in quick succession, and that together they have come by every
 * kind and every fault. The hundred seeds of the test run are spread over a few files, which run side by side.
 */
export function seedsHold(first: number, count: number): void {
  const reached = new Set<string>();
  describe('a storm of 1,000 acts in quick succession leaves every invariant whole and comes to rest', () => {
    it.each(Array.from({ length: count }, (_, i) => first + i))('seed %i', (seed) => {
      const report = runStorm({ seed, acts: 1000 });
      for (const name of report.reached) reached.add(name);
      expect(report.failure, `npm run storm -- --seed ${seed} --acts 1000`).toBe(undefined);
    });
    it('has written every kind and struck with every fault', () => {
      const all = [...kinds.map(({ key }) => key), ...faults.map((fault) => `fault ${fault}`)];
      expect(none && all.filter((name) => !reached.has(name))).toEqual([]);
    });
  });
}
