import type { Command, Envelope, Message, Results, SavedRun } from '../../protocol/index.ts';
import { createFrames, createSession, engineVersion, readSavedRun, type Session } from '../../session/index.ts';
import { answerQuestion, schemasFor } from '../questions.ts';
import { createPump, type Pump } from './pump.ts';

declare const self: DedicatedWorkerGlobalScope;

/** The worker holds one run at a time. */
let session: Session | null = null;
let pump: Pump | null = null;

const post = (message: Message): void => self.postMessage(message);

self.addEventListener('message', (event: MessageEvent<Envelope>) => {
  const { id, command } = event.data;
  answer(command).then(
    (result) => post({ type: 'reply', id, ok: true, result }),
    (error: unknown) =>
      post({ type: 'reply', id, ok: false, error: error instanceof Error ? error.message : String(error) }),
  );
});

/** A bug of ours, an invariant broken: say so, with all that is needed to see it again. */
function halt(error: unknown): void {
  const run: SavedRun = session
    ? { kubarium: 1, engine: engineVersion, world: session.config, journal: session.history.journal, at: session.now }
    : { kubarium: 1, engine: engineVersion, world: { seed: 0, nodes: 0 }, journal: [], at: 0 };
  post({ type: 'halted', error: error instanceof Error ? `${error.name}: ${error.message}` : String(error), run });
}

/** Does something to the session. What a user can cause is an answer; what is thrown has left the state half changed. */
function guarded<T>(act: () => T): T {
  try {
    return act();
  } catch (error) {
    pump?.destroy('the simulation has halted');
    halt(error);
    throw error;
  }
}

async function open(raw: SavedRun): Promise<Results['open']> {
  const run = readSavedRun(raw);
  pump?.destroy('another run was opened');
  const opened = createSession(run);
  session = opened;
  pump = createPump(opened, createFrames(opened), post, halt);
  await pump.seek(run.at, run.step);
  const engineMatches = run.engine === engineVersion;
  return { engineMatches, digestMatches: run.digest === undefined ? null : opened.digest() === run.digest };
}

/** Commands about the present moment: while a seek or step passes through other moments they wait for its end. */
const aboutThePresent: ReadonlySet<Command['type']> = new Set([
  'input',
  'branch',
  'export',
  'preview',
  'look',
  'digest',
]);

async function answer(command: Command): Promise<unknown> {
  if (command.type === 'open') return open(command.run);
  if (!session || !pump) throw new Error('no run is open');
  const s = session;
  const p = pump;
  if (aboutThePresent.has(command.type)) await p.arrival();
  switch (command.type) {
    case 'input': {
      if (command.input.type === 'kubectl') await schemasFor(command.input.line);
      const result = guarded(() => s.input(command.input));
      p.touch();
      if (result || command.input.type !== 'kubectl') return result;
      return { type: 'waits', id: s.injected - 1 } satisfies Results['input'];
    }
    case 'play':
      p.play(command.playing);
      return null;
    case 'speed':
      p.speed(command.speed);
      return null;
    case 'seek':
      await p.seek(command.at);
      return null;
    case 'step':
      return stepTo(s, p, command.to);
    case 'branch':
      guarded(() => s.switchTo(command.branch));
      p.touch();
      return null;
    case 'preview':
    case 'look':
      // Both put the world back as it was; what is thrown has not.
      try {
        return await answerQuestion(s, command);
      } catch (error) {
        pump?.destroy('the simulation has halted');
        halt(error);
        throw error;
      }
    default:
      return answerQuestion(s, command);
  }
}

async function stepTo(s: Session, p: Pump, to: Extract<Command, { type: 'step' }>['to']): Promise<boolean> {
  if (to === 'next' || to === 'next-significant') return p.step(to === 'next' ? 'step' : 'significant');
  p.play(false);
  await p.arrival();
  if (to === 'start' || to === 'end') await p.seek(to === 'start' ? 0 : s.head);
  else {
    guarded(() => s.previous(to === 'previous' ? 'step' : 'significant'));
    p.touch();
  }
  return true;
}
