import type { World } from '../kube/cluster.ts';
import type { KubeObject } from '../kube/apimachinery/index.ts';
import { createJudge, lessonOf, type LessonMemory, type Scene } from '../lessons/index.ts';
import type { Deed, LessonProgress, LessonRef } from '../protocol/index.ts';
import type { History } from './history.ts';
import { reachOf } from './matrix.ts';

/** What a lesson remembers from a place of the run on. */
export interface Judged {
  readonly at: number;
  readonly step: number;
  readonly memory: LessonMemory;
}

/**
 * Follows a run on behalf of its lesson. What it remembers goes into the branch's history with its place, as deeds do:
 * so the past is looked up, never judged twice, and a branch shares it with its parent.
 */
export interface Judging {
  /** When it must look although no event may come; Infinity when it need not. */
  readonly due: number;
  /** Takes note of what was done. */
  deed(deed: Deed): void;
  /** Looks at the present if there is something to see. */
  look(): void;
  /** The branch is another one: go on from what its history remembers. */
  resume(): void;
  /** How the lesson stands at the present moment; null before it opens. */
  progress(): LessonProgress | null;
  /** How often the lesson has turned on this branch: a step was done, or the prediction was decided. */
  turns(): number;
  /** The next turn after the present moment that is known already. */
  nextTurn(): Judged | null;
}

/** Judges a run by a lesson; null in a sandbox. `history` is that of the current branch. */
export function createJudging(ref: LessonRef | undefined, world: World, history: () => History): Judging | null {
  const lesson = ref && lessonOf(ref.id);
  if (!lesson) return null;
  const judge = createJudge(lesson, ref.side);
  const { opensAt } = ref.side === 'b' && lesson.compare ? lesson.compare.b : lesson.start;
  const { kernel } = world;
  let deeds: Deed[] = [];
  let due = opensAt;

  const scene = (): Scene => {
    const { resources } = kernel.state.parts.get('etcd') as { resources: Map<string, Map<string, KubeObject>> };
    return {
      now: kernel.state.now,
      objects: (resource) => resources.get(resource)?.values() ?? [],
      traffic: (source) => history().traffic.get(source) ?? [],
      deeds,
      reach: (from, to, port) => reachOf(world, from, to, port),
    };
  };

  const isPast = ({ step, at }: Judged): boolean => {
    const { now, steps } = kernel.state;
    return step < steps || (step === steps && at <= now);
  };

  return {
    get due() {
      return due;
    },
    deed: (deed) => void deeds.push(deed),
    look() {
      const { now, steps } = kernel.state;
      if (deeds.length === 0 && now < due) return;
      const { judged } = history();
      const latest = judged.at(-1);
      if (latest || now >= opensAt) {
        const memory = latest ? judge.observe(latest.memory, scene()) : judge.begin(scene());
        if (memory !== latest?.memory) judged.push({ at: now, step: steps, memory });
        due = judge.dueAt(memory, now);
      }
      deeds = [];
    },
    resume() {
      deeds = [];
      const latest = history().judged.at(-1);
      due = latest ? judge.dueAt(latest.memory, history().headAt) : opensAt;
    },
    progress() {
      const here = history().judged.findLast(isPast);
      return here ? judge.progress(here.memory, scene()) : null;
    },
    turns: () => turnsOf(history().judged.at(-1)),
    nextTurn() {
      const { judged } = history();
      const here = turnsOf(judged.findLast(isPast));
      return judged.find((j) => turnsOf(j) > here) ?? null;
    },
  };
}

const turnsOf = (judged: Judged | undefined): number =>
  judged ? judged.memory.step + (judged.memory.outcome ? 1 : 0) : 0;
