import { create } from 'zustand';
import { readStored, writeStored } from '../storage.ts';

export type Tab = 'yaml' | 'inspect' | 'why' | 'events';
export type Dialog = 'gallery' | 'lessons' | 'share' | 'settings' | 'open';

/** An object that `kubectl edit` has opened in the editor. */
export interface Editing {
  readonly name: string;
  /** What Apply does with the text. */
  apply(text: string): Promise<void>;
  cancel(): void;
}

interface Stored {
  readonly sideWidth: number;
  readonly sideOpen: boolean;
  /** null: by the width of the window. */
  readonly outlineOpen: boolean | null;
  /** px. */
  readonly terminalHeight: number;
}

interface WorkspaceStore extends Stored {
  readonly tab: Tab;
  readonly dialog: Dialog | null;
  /** Name of the example or saved run, null in an empty sandbox. */
  readonly name: { readonly en: string; readonly ko: string } | null;
  /** Text of the editor. */
  readonly text: string;
  /** What was applied last: lines that differ are not applied yet. */
  readonly applied: string;
  /** The panel is drawn over the stage: on the projector and in a comparison, where it has no place of its own. */
  readonly drawer: boolean;
  /** An apply is under way. */
  readonly applying: boolean;
  /** Errors in the text now. */
  readonly problemCount: number;
  /** The terminal is open. */
  readonly terminal: boolean;
  /** A kubectl line that is to stand at the terminal's prompt. */
  readonly atPrompt: string | null;
  readonly editing: Editing | null;
  /** What the phone shows. */
  readonly phoneView: 'stage' | Tab | 'terminal';
}

const stored: Stored = readStored('workspace', {
  sideWidth: 400,
  sideOpen: true,
  outlineOpen: null,
  terminalHeight: 240,
});

/** How the page is arranged and what the editor holds. */
export const useWorkspace = create<WorkspaceStore>()(() => ({
  sideWidth: typeof stored.sideWidth === 'number' ? stored.sideWidth : 400,
  sideOpen: stored.sideOpen !== false,
  outlineOpen: typeof stored.outlineOpen === 'boolean' ? stored.outlineOpen : null,
  terminalHeight: typeof stored.terminalHeight === 'number' ? stored.terminalHeight : 240,
  tab: 'yaml',
  dialog: null,
  name: null,
  text: '',
  applied: '',
  drawer: false,
  applying: false,
  problemCount: 0,
  terminal: false,
  atPrompt: null,
  editing: null,
  phoneView: 'stage',
}));

/** Changes and remembers the arrangement. */
export function arrange(change: Partial<Stored>): void {
  useWorkspace.setState(change);
  const { sideWidth, sideOpen, outlineOpen, terminalHeight } = useWorkspace.getState();
  writeStored('workspace', { sideWidth, sideOpen, outlineOpen, terminalHeight });
}

/** Opens a tab of the side panel, unfolding it when needed. */
export function showTab(tab: Tab): void {
  if (!useWorkspace.getState().sideOpen) arrange({ sideOpen: true });
  useWorkspace.setState({ tab, phoneView: tab });
}

/** Opens a tab because somebody wants to read it: where the panel has no place, over the stage. */
export function openTab(tab: Tab): void {
  showTab(tab);
  useWorkspace.setState({ drawer: true });
}

/** Opens the terminal, with a kubectl line at its prompt. */
export const toTerminal = (line: string): void => useWorkspace.setState({ terminal: true, atPrompt: line });
