import type { Input } from '../../protocol/index.ts';
import { act, ask, onDone, onFrames, openings } from '../engine.ts';
import { t } from '../i18n/index.ts';
import { readStored, writeStored } from '../storage.ts';
import { theStage } from '../StageHost.tsx';
import { useTimeline } from '../stores/timeline.ts';
import { useWorkspace } from '../stores/workspace.ts';
import { editInEditor, stopEditing } from './edit.ts';
import { showAnswer, showForward } from './forward.ts';
import type { Host, Moment, Words } from './host.ts';
import { nameLinks } from './links.ts';
import { createShell } from './shell.ts';
import { createEmulator } from './xterm.ts';

/** A terminal on the page. */
export interface Mounted {
  focus(): void;
  restyle(): void;
  close(): void;
}

const momentNow = (): Moment => {
  const { now, head, branch, branches } = useTimeline.getState();
  return { run: openings(), now, head, branch, branches };
};

const words: Words = {
  get forked() {
    return t('terminal.forked');
  },
  get lost() {
    return t('terminal.lost');
  },
  get refused() {
    return t('lesson.wait');
  },
  verb: (line) => t('terminal.verb', { line: `kubectl ${line}` }),
  get notWatched() {
    return t('terminal.watch');
  },
  editing: (name) => t('terminal.editing', { name }),
  get welcome() {
    return t('terminal.try');
  },
  get tooLong() {
    return t('terminal.too-long');
  },
  get help() {
    return t('terminal.help');
  },
};

/** Inputs of the terminal itself: what others do is told in it. */
const own = new WeakSet<Input>();

const host: Host = {
  kubectl(input) {
    own.add(input);
    return act(input);
  },
  look: (input) => ask({ type: 'look', input }),
  interrupt: (line) => void act({ type: 'interrupt', line }).catch(() => {}),
  type: (exec, text, end = false) => void act({ type: 'stdin', exec, text, ...(end && { end }) }).catch(() => {}),
  forwards: showForward,
  answered: showAnswer,
  complete: (line, files) => ask({ type: 'complete', line, files }),
  files: () => ({ 'manifest.yaml': useWorkspace.getState().text }),
  edit: editInEditor,
  stopEditing,
  moment: momentNow,
  leave() {
    useWorkspace.setState({ terminal: false });
    theStage()?.focus();
  },
  words,
};

/** Builds the terminal in a place of the page. `onWaits` is told whether a line waits for time to pass. */
export function mountTerminal(place: HTMLElement, onWaits: (waits: boolean) => void): Mounted {
  const emulator = createEmulator();
  const { term } = emulator;
  term.open(place);
  emulator.restyle();
  emulator.fit();
  // A paste comes marked as one: its tabs complete nothing.
  term.write('\u001b[?2004h');
  const { lines } = readStored<{ lines: unknown }>('terminal', { lines: [] });
  const kept = Array.isArray(lines) ? lines.filter((line) => typeof line === 'string') : [];
  const shell = createShell(
    {
      write: (text) => term.write(text),
      get columns() {
        return term.cols;
      },
      clear: () => term.write('\u001b[H\u001b[2J\u001b[3J'),
    },
    host,
    kept,
    (now) => writeStored('terminal', { lines: now }),
  );
  let waited = false;
  let run = openings();
  const tellWaits = (): void => {
    if (shell.waits !== waited) onWaits((waited = shell.waits));
  };
  term.onData((data) => {
    shell.type(data);
    tellWaits();
  });
  term.attachCustomKeyEventHandler((event) => belongsToTerminal(event, shell.empty, term));
  nameLinks(term, () => shell.subject);
  const stops = [
    onFrames((_frame, { outputs }) => {
      if (openings() !== run) {
        run = openings();
        stopEditing();
      }
      shell.follow({ moment: momentNow(), outputs });
      tellWaits();
    }),
    onDone((input, told) => {
      if (input.type === 'kubectl' && told && !own.has(input)) shell.tell(input.line, told);
    }),
    useWorkspace.subscribe((now, before) => {
      if (now.atPrompt === null || now.atPrompt === before.atPrompt) return;
      shell.put(`kubectl ${now.atPrompt}`);
      useWorkspace.setState({ atPrompt: null });
      term.focus();
    }),
  ];
  const resized = new ResizeObserver(() => emulator.fit());
  resized.observe(place);
  const waiting = useWorkspace.getState().atPrompt;
  if (waiting !== null) {
    shell.put(`kubectl ${waiting}`);
    useWorkspace.setState({ atPrompt: null });
  }
  return {
    focus() {
      emulator.fit();
      term.focus();
    },
    restyle: emulator.restyle,
    close() {
      for (const stop of stops) stop();
      resized.disconnect();
      term.dispose();
    },
  };
}

/** False for keys that the page or the browser serves: leaving, copying, pasting. */
function belongsToTerminal(
  event: KeyboardEvent,
  empty: boolean,
  term: { hasSelection(): boolean; getSelection(): string; clearSelection(): void },
): boolean {
  const { code, ctrlKey, metaKey, shiftKey, altKey, type } = event;
  if (event.isComposing) return true;
  const command = ctrlKey || metaKey;
  if (code === 'Backquote' && ctrlKey) return false;
  if (code === 'Escape' || (code === 'KeyM' && ctrlKey && shiftKey)) {
    if (type === 'keydown' && !altKey) {
      event.preventDefault();
      event.stopPropagation();
      theStage()?.focus();
    }
    return false;
  }
  // With nothing typed Tab goes on through the page; Shift+Tab always does.
  if (code === 'Tab' && (shiftKey || empty)) return false;
  if (code === 'KeyV' && command) return false;
  if (code === 'KeyC' && command && (term.hasSelection() || shiftKey)) {
    if (type === 'keydown' && term.hasSelection()) {
      event.preventDefault();
      void navigator.clipboard?.writeText(term.getSelection()).catch(() => {});
      term.clearSelection();
    }
    return false;
  }
  return true;
}
