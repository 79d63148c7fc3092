import { create } from 'zustand';
import type { Deed, Frame } from '../protocol/index.ts';
import { detail, sentence } from './deeds.ts';
import { onFrames, type Fresh } from './engine.ts';
import { t } from './i18n/index.ts';
import { plain } from './Rich.tsx';
import type { StageCaption } from './stage/index.ts';
import { cluster } from './stores/cluster.ts';

/** A caption is readable for so long, wall time, before another of the same weight takes its place. */
const readableMs = 2400;
/** A deed is news for so long, cluster time at ×1. */
const justNowMs = 3000;
/** And goes when nothing followed. */
const lingerMs = 6000;

/** What deserves words at its object, the more the higher. What is not named gets none. */
const weights: Readonly<Record<string, number>> = {
  'nodelifecycle.not-ready': 6,
  'tainteviction.delete-pod': 6,
  'kubelet.container-exited': 5,
  'scheduler.preempt': 6,
  'hpa.scale': 5,
  'hpa.scale-limited': 5,
  'hpa.scale-stabilized': 5,
  'hpa.no-metrics': 4,
  'job.finish': 4,
  'job.retry-pod': 4,
  'cronjob.create-job': 4,
  'cronjob.skip': 4,
  'statefulset.create-pod': 4,
  'statefulset.update-pod': 4,
  'daemonset.create-pod': 4,
  'daemonset.update-pod': 4,
  'job.create-pod': 4,
  'ingress.address': 4,
  'scheduler.unschedulable': 5,
  'kubelet.pull-failed': 5,
  'kubelet.config-error': 5,
  'kubelet.backoff': 4,
  'replicaset.create-pod': 4,
  'deployment.create-replicaset': 4,
  'deployment.rollback': 4,
  'garbagecollector.delete': 3,
  'replicaset.delete-pod': 3,
  'replicaset.adopt': 3,
  'replicaset.release': 3,
  'nodelifecycle.ready': 3,
  'kubelet.probe-failed': 3,
  'kubelet.restart': 2,
};

/** `at`: cluster time when it was said; null for what is no part of the run. Before it, it has not happened. */
let current: { caption: StageCaption; weight: number; since: number; at: number | null } | null = null;

let expiry: ReturnType<typeof setTimeout> | null = null;

/** Counts the captions that have gone: who shows them looks again. */
export const useCaption = create<{ readonly gone: number }>()(() => ({ gone: 0 }));

/** The few words at an object that the stage shows now. */
export function captionNow(): StageCaption | null {
  if (current && performance.now() - current.since > lingerMs) current = null;
  return current?.caption ?? null;
}

/** Says something at an object (uid) or process of the stage. */
export function sayAt(caption: StageCaption, weight = 9, at: number | null = null): void {
  const [title = '', ...rest] = caption.lines;
  const head = wrap(title);
  const lines = [...head, ...rest.flatMap(wrap)];
  current = { caption: { ...caption, lines, strong: head.length }, weight, since: performance.now(), at };
  // It goes although no frame comes: on a paused page it would lie over the stage for ever.
  if (expiry) clearTimeout(expiry);
  expiry = setTimeout(() => useCaption.setState(({ gone }) => ({ gone: gone + 1 })), lingerMs + 50);
}

/** Messages that are listed. */
const mostTold = 3;

/** What the API server was told last, newest first: the list in the caption, for who sees no envelopes. */
export const useTold = create<{ readonly told: readonly string[] }>()(() => ({ told: [] }));

/** Lists a message to the API server. */
export function tell(text: string): void {
  useTold.setState(({ told }) => ({ told: [text, ...told].slice(0, mostTold) }));
}

/** The weightiest deed that has a place on the stage; the first of equals, because it caused the others. */
export function worthSaying(deeds: readonly Deed[]): Deed | null {
  let best: Deed | null = null;
  for (const deed of deeds) {
    const weight = weights[deed.code] ?? 0;
    if (weight === 0 || !deed.uid || !cluster.byUid.has(deed.uid)) continue;
    if (deed.code === 'kubelet.container-exited' && deed.params?.['exitCode'] === 0) continue;
    if (!best || weight > weights[best.code]!) best = deed;
  }
  return best;
}

/** Widest line of a caption: about 270 px; a Hangul syllable is two columns. */
const mostColumns = 36;

/** Breaks a sentence into lines, and a word that is longer than a line where its parts meet: nothing is left out. */
export function wrap(text: string): string[] {
  const lines: string[] = [];
  let line = '';
  const columns = (part: string): number => [...part].reduce((n, c) => n + (c > '\u1100' ? 2 : 1), 0);
  const words = text.split(' ').flatMap((word) => (word.length > mostColumns ? piecesOf(word) : [word]));
  for (const word of words) {
    if (line !== '' && columns(line) + 1 + columns(word) > mostColumns) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  if (line !== '') lines.push(line);
  return lines;
}

/** A long word in pieces that fit a line, each ending at a sign that joins if there is one. */
const piecesOf = (word: string): string[] =>
  word.match(new RegExp(`.{1,${mostColumns - 1}}[-./:,=@]|.{1,${mostColumns}}`, 'g')) ?? [word];

const failing = new Set([
  'kubelet.container-exited',
  'kubelet.pull-failed',
  'kubelet.config-error',
  'kubelet.probe-failed',
]);

function listen(frame: Frame, fresh: Fresh): void {
  if (fresh.reset) {
    current = null;
    useTold.setState({ told: [] });
    return;
  }
  if (current && current.at !== null && (frame.now < current.at || frame.progress !== null)) current = null;
  // Above ×10 nobody could read them.
  if (frame.speed === 60 || frame.speed === 600 || fresh.deeds.length === 0) return;
  // On the way to another moment everything is history; only what has just happened there deserves words.
  const since = frame.now - justNowMs * (frame.speed === 10 ? 10 : 1);
  if (frame.progress !== null) return;
  const deed = worthSaying(fresh.deeds.filter((d) => d.at >= since && d.at <= frame.now));
  if (!deed) return;
  const weight = weights[deed.code]!;
  const age = current ? performance.now() - current.since : Infinity;
  if (current && age < readableMs && weight <= current.weight) return;
  sayAt(
    {
      at: deed.uid!,
      lines: [plain(sentence(t, deed)), plain(detail(t, deed))],
      tone: failing.has(deed.code) ? 'failed' : 'plain',
    },
    weight,
    deed.at,
  );
}

/** Starts the captions. Before the stage listens, so that its picture already has them. */
export const startCaptions = (): (() => void) => onFrames(listen);
