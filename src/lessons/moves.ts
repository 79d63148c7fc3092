import { matchesLabels, parseSelector, type KubeObject } from '../kube/apimachinery/index.ts';
import type { Input, JournalEntry, SavedRun } from '../protocol/index.ts';
import type { Lesson, Move } from './lesson.ts';

/** Replaces `{pod app=web}` and `{pod app=web 1}` by the name of the first and second such pod. */
function resolve(text: string, pods: readonly KubeObject[]): string {
  return text.replace(/\{pod (.+?)(?: (\d+))?\}/g, (_, labels: string, place = '0') => {
    const selector = parseSelector(labels);
    const names = pods
      .filter((pod) => pod.metadata.deletionTimestamp === undefined && matchesLabels(selector, pod.metadata.labels))
      .map((pod) => pod.metadata.name)
      .sort();
    return names[Number(place)] ?? 'none';
  });
}

/** The input that a move is, its pods looked up among those of now; null for one that only lets time pass. */
export function inputOf(move: Move, pods: readonly KubeObject[]): Input | null {
  if ('kubectl' in move) {
    const line = resolve(move.kubectl, pods);
    return { type: 'kubectl', line, ...(move.files && { files: move.files }) };
  }
  if ('apply' in move)
    return { type: 'kubectl', line: 'apply -f manifest.yaml', files: { 'manifest.yaml': move.apply } };
  if ('traffic' in move) return { type: 'traffic', source: move.traffic };
  if (!('fault' in move)) return null;
  const { fault } = move;
  return { type: 'fault', fault: 'pod' in fault ? { ...fault, pod: resolve(fault.pod, pods) } : fault };
}

/** A lesson's run as it opens; of a comparison the given side. */
export function runOfLesson(lesson: Lesson, engine: string, side?: 'a' | 'b'): SavedRun {
  const { manifest, later = [], opensAt } = side === 'b' && lesson.compare ? lesson.compare.b : lesson.start;
  const first: Move[] = manifest.trim() === '' ? [] : [{ apply: manifest }];
  const journal = [...first.map((move) => ({ at: 1000, move })), ...later].flatMap(({ at, move }): JournalEntry[] => {
    const input = inputOf(move, []);
    return input ? [{ at, input }] : [];
  });
  return {
    kubarium: 1,
    engine,
    world: lesson.world,
    journal,
    at: opensAt,
    editor: lesson.steps[0]!.manifest ?? manifest,
    lesson: { id: lesson.id, ...(side && { side }) },
  };
}
