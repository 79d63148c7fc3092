import type { SavedRun } from '../protocol/index.ts';
import { openRun, startEngine } from './engine.ts';
import { firstExample, type Example } from './gallery/first.ts';
import { startLive } from './live.ts';
import { useNotices } from './stores/notices.ts';
import { useSettings } from './stores/settings.ts';
import { useTimeline } from './stores/timeline.ts';
import { useWorkspace } from './stores/workspace.ts';

/** Time at which a fresh example is shown: its pods have become Ready. */
const shownAt = 20_000;

/** The run of an example: its manifest applied and its traffic started in a fresh world. */
export function runOf(example: Example, seed: number, nodes: number): SavedRun {
  const files = { 'manifest.yaml': example.yaml };
  return {
    kubarium: 1,
    engine: '0.1.0',
    world: { seed, nodes },
    journal: [
      ...(example.yaml.trim() === ''
        ? []
        : [{ at: 1000, input: { type: 'kubectl' as const, line: 'apply -f manifest.yaml', files } }]),
      ...(example.traffic ? [{ at: 5000, input: { type: 'traffic' as const, source: example.traffic } }] : []),
    ],
    at: example.yaml.trim() === '' ? 2000 : shownAt,
    editor: example.yaml,
  };
}

/** Opens an example in a fresh sandbox. */
export async function openExample(example: Example): Promise<void> {
  const { seed, nodes } = useSettings.getState();
  useWorkspace.setState({ name: example.title, text: example.yaml, applied: example.yaml, dialog: null });
  useNotices.setState({ brokenLink: null });
  const paused = new URLSearchParams(location.search).get('paused');
  await openRun(runOf(example, seed, nodes), paused === null || paused === '0');
}

/** Opens a saved run (link or file). */
export async function openSaved(run: SavedRun, name: { readonly en: string; readonly ko: string }): Promise<void> {
  const text = run.editor ?? '';
  useWorkspace.setState({ name, text, applied: text, dialog: null });
  const { digestMatches, engineMatches } = await openRun(run, false);
  if (digestMatches === false && !engineMatches) useNotices.setState({ brokenLink: 'other-engine' });
  else if (digestMatches === false) useNotices.setState({ brokenLink: 'other-end' });
}

const sharedName = { en: 'Shared run', ko: '공유된 실행' };

/** Starts the worker and opens what the address asks for: a shared run, else the running example. */
export async function begin(): Promise<void> {
  startEngine();
  startLive();
  useTimeline.setState({ speed: 1 });
  try {
    if (location.hash.startsWith('#v=')) {
      const { readLink } = await import('./share.ts');
      const read = await readLink(location.hash);
      if (read.ok) {
        await openSaved(read.run, sharedName);
        return;
      }
      useNotices.setState({ brokenLink: read.why });
      useWorkspace.setState({ dialog: 'open' });
      return;
    }
    await openExample(firstExample);
  } catch (error) {
    console.error(error);
    if (!useNotices.getState().halt)
      useNotices.setState({
        halt: { kind: 'died', error: error instanceof Error ? error.message : String(error), run: null },
      });
  }
}
