// The frame on which the page opens: the running example in the usual world, played to the moment at which it is shown.
import { loadTs } from './load-ts.mjs';

/** Plays the example and returns its frame, as the worker would send it. */
export async function firstFrame() {
  const { createFrames, createSession } = await loadTs('src/session/index.ts');
  const { runOf, usualWorld } = await loadTs('src/app/gallery/run.ts');
  const { firstExample } = await loadTs('src/app/gallery/first.ts');
  const run = runOf(firstExample, usualWorld.seed, usualWorld.nodes);
  const session = createSession(run);
  session.advance(run.at);
  return createFrames(session).take({ playing: true, speed: 1, progress: null });
}
