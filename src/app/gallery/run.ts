import type { SavedRun } from '../../protocol/index.ts';
import { engineVersion } from '../../protocol/version.ts';
import type { Example } from './first.ts';

/** The world that a fresh sandbox gets when nobody says otherwise. */
export const usualWorld = { seed: 42, nodes: 3 } as const;

/** Time at which a fresh example is shown: its pods have become Ready. Its traffic has begun a little before. */
const usualShownAt = 20_000;
const trafficBeforeMs = 8000;

/** The run of an example: its manifest applied and its traffic started in a fresh world. */
export function runOf(example: Example, seed: number, nodes: number): SavedRun {
  const files = { 'manifest.yaml': example.yaml };
  const shownAt = example.shownAt ?? usualShownAt;
  return {
    kubarium: 1,
    engine: engineVersion,
    world: { seed, nodes },
    journal: [
      ...(example.yaml.trim() === ''
        ? []
        : [{ at: 1000, input: { type: 'kubectl' as const, line: 'apply -f manifest.yaml', files } }]),
      ...(example.traffic
        ? [{ at: shownAt - trafficBeforeMs, input: { type: 'traffic' as const, source: example.traffic } }]
        : []),
    ],
    at: example.yaml.trim() === '' ? 2000 : shownAt,
    editor: example.yaml,
  };
}
