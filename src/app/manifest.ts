import { useEffect, useState } from 'react';
import type { CommandResult, Preview, Problem } from '../protocol/index.ts';
import { ask, kubectl, type Told } from './engine.ts';
import { sayAt } from './captions.ts';
import { t, type Translate } from './i18n/index.ts';
import { toast, useNotices } from './stores/notices.ts';
import { objectsOf, useClusterStore } from './stores/cluster.ts';
import { useWorkspace } from './stores/workspace.ts';

/** Most characters that Apply takes, as the simulation itself: refused here, before the tab is busy with it. */
export const mostCharacters = 1024 * 1024;

/** Tells of a kubectl line that failed, in the server's own words. */
export function tellFailure(result: Told, line: string): void {
  if (result?.type !== 'result') return;
  if (result.exitCode === 0 && result.failures.length === 0) {
    // What was refused before has been overtaken.
    useNotices.setState({ toasts: [] });
    return;
  }
  // The server's own sentence: kubectl wraps it in the whole patch that it sent.
  const said = result.failures.flatMap(({ status }) => (status as { message?: string }).message ?? []);
  const words = said.join('\n') || result.stderr.trim() || `kubectl ${line}: exit code ${result.exitCode}`;
  toast(t('toast.rejected'), words);
  const [first = ''] = words.split('\n');
  const short = first.length > 70 ? `${first.slice(0, 69)}…` : first;
  sayAt({ at: 'kube-apiserver', lines: [t('toast.rejected'), short], tone: 'failed' });
}

/** Runs a kubectl line and tells of its failure. */
export async function run(line: string, files?: Readonly<Record<string, string>>): Promise<CommandResult | null> {
  try {
    const result = await kubectl(line, files);
    tellFailure(result, line);
    return result?.type === 'result' ? result : null;
  } catch (error) {
    toast(t('toast.rejected'), error instanceof Error ? error.message : String(error));
    return null;
  }
}

/** Applies the editor's text: `kubectl apply -f manifest.yaml`, journalled. */
export async function applyManifest(): Promise<void> {
  const { text, applying, editing } = useWorkspace.getState();
  if (applying || (text.trim() === '' && !editing)) return;
  if (text.length > mostCharacters) {
    toast(t('toast.too-long'), t('toast.too-long.detail', { most: mostCharacters / 1024 / 1024 }));
    return;
  }
  useWorkspace.setState({ applying: true });
  try {
    if (editing) {
      await editing.apply(text);
      return;
    }
    const result = await run('apply -f manifest.yaml', { 'manifest.yaml': text });
    // Documents that were refused stay marked as not applied.
    if (result && result.failures.length === 0 && result.exitCode === 0) useWorkspace.setState({ applied: text });
  } finally {
    useWorkspace.setState({ applying: false });
  }
}

/** Wait after a keystroke before the API server is asked. */
const previewMs = 350;

/** What the text would change, as known now. */
export interface TextPreview {
  readonly preview: Preview | null;
  /** False while an answer for this very text, or for the cluster as it has become, is awaited: sentences about it wait too. */
  readonly current: boolean;
}

/** The resource and key of `deployments.apps/default/web`. */
const partsOf = (ref: string): readonly [resource: string, key: string] => {
  const slash = ref.indexOf('/');
  return [ref.slice(0, slash), ref.slice(slash + 1)];
};

/**
 * Which state of the cluster a preview is about: changes when somebody else (a menu, an undo, a rewind, an autoscaler)
 * has changed what the documents describe. Status does not count where the kind has a generation.
 */
function stateOf(preview: Preview | null): string {
  const versions = preview?.documents.map(({ ref }) => {
    const [resource, key] = partsOf(ref);
    const metadata = objectsOf(resource).get(key)?.metadata;
    return metadata ? `${metadata.uid} ${metadata.generation ?? metadata.resourceVersion}` : '';
  });
  return versions?.join() ?? '';
}

/** What the text would change, and what is wrong with it; follows the typing, and the cluster, with a short delay. */
export function usePreview(text: string): TextPreview {
  const [known, setKnown] = useState<{ text: string; state: string; preview: Preview | null } | null>(null);
  const loaded = useClusterStore((s) => s.loaded);
  const state = useClusterStore(() => stateOf(known?.preview ?? null));
  const asks = loaded && text.trim() !== '' && text.length <= mostCharacters;
  const current = known !== null && known.text === text && known.state === state;
  useEffect(() => {
    if (!asks || current) return;
    let stale = false;
    const timer = setTimeout(() => {
      const settle = (preview: Preview | null): void => {
        if (!stale) setKnown({ text, state: stateOf(preview), preview });
      };
      ask({ type: 'preview', text }).then(settle, () => settle(null));
    }, previewMs);
    return () => {
      stale = true;
      clearTimeout(timer);
    };
  }, [text, asks, current, state]);
  return asks ? { preview: known?.preview ?? null, current } : { preview: null, current: true };
}

/** Problems with a plain sentence before the parser's words, where it is a common mistake. */
export const inWords = (translate: Translate, problems: readonly Problem[]): readonly Problem[] =>
  problems.map((p) => (p.reason ? { ...p, message: `${translate(`yaml.${p.reason}`)} (${p.message})` } : p));

/** True when an apply of the text would change something. */
export const wouldChange = (preview: Preview | null): boolean =>
  preview?.documents.some(({ action }) => action === 'create' || action === 'change') ?? false;

/** The text with a problem's range replaced by its repair. A text that has changed in the meantime is left as it is. */
export function mend(text: string, { line, column, endLine, endColumn, fix }: Problem): string {
  const lines = text.split('\n');
  const row = lines[line - 1];
  if (fix === undefined || row === undefined || endLine !== line || endColumn > row.length + 1) return text;
  lines[line - 1] = row.slice(0, column - 1) + fix + row.slice(endColumn - 1);
  return lines.join('\n');
}

/** Number of lines of `now` that are not in `before`, by position from both ends: what the gutter marks. */
export function changedLines(before: string, now: string): number {
  if (before === now) return 0;
  const a = before.split('\n');
  const b = now.split('\n');
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  return Math.max(1, b.length - start - end);
}
