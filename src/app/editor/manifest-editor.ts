import type { Problem } from '../../protocol/index.ts';
import { blanksIn } from '../lessons/blanks.ts';
import { changedLines } from './lines.ts';
import { loadMonaco } from './monaco.ts';
import { applyTheme } from './theme.ts';

/** Words and callbacks of the editor. Texts come translated. */
export interface ManifestEditorOptions {
  readonly text: string;
  readonly ariaLabel: string;
  readonly readOnly: boolean;
  onChange(text: string): void;
  /** Ctrl/Cmd+Enter. */
  onApply(): void;
  /** Escape twice: focus goes back to the stage. */
  onLeave(): void;
  readonly labels: EditorLabels;
}

/** Sentences around a problem's own message. */
export interface EditorLabels {
  /** "Line 23". */
  line(number: number): string;
  /** "Replace by periodSeconds". */
  fix(text: string): string;
}

/** The Monaco editor behind an instance. */
export interface ManifestEditor {
  text(): string;
  /** Replaces the whole text; undo still works. */
  setText(text: string): void;
  /** Text that was applied last: lines that differ get the amber gutter bar. */
  setApplied(text: string): void;
  /** Errors of our own decoder and of the API server; each error line gets a card below it, at most three. */
  setProblems(problems: readonly Problem[]): void;
  setReadOnly(readOnly: boolean): void;
  setLabels(ariaLabel: string, labels: EditorLabels): void;
  /** Reads the tokens again: call when the theme has changed. */
  refreshTheme(): void;
  /** Shows the live object beside the text, read-only; null returns to editing. */
  showDiff(live: string | null): void;
  format(): Promise<void>;
  focus(): void;
  /** Puts the caret on a line, at a column (both from 1), and reveals it. */
  reveal(line: number, column?: number): void;
  destroy(): void;
}

/** Cards below error lines: more would hide the text. */
const mostCards = 3;
/** Two Escapes within this time leave the editor, milliseconds. */
const leaveMs = 600;

/** Loads Monaco (about 900 kB, once) and opens it in `host`. */
export async function createManifestEditor(host: HTMLElement, options: ManifestEditorOptions): Promise<ManifestEditor> {
  const api = await loadMonaco();
  applyTheme(api);
  let labels = options.labels;
  const uri = api.Uri.parse('file:///manifest.yaml');
  api.editor.getModel(uri)?.dispose();
  const model = api.editor.createModel(options.text, 'yaml', uri);
  model.updateOptions({ tabSize: 2, insertSpaces: true });
  const common = {
    automaticLayout: true,
    fontFamily: "'JetBrains Mono Variable', 'Noto Sans KR Variable', monospace",
    fontSize: 14,
    lineHeight: 20,
    minimap: { enabled: false },
    scrollBeyondLastLine: false,
    renderLineHighlight: 'line',
    overviewRulerLanes: 0,
    fixedOverflowWidgets: true,
    padding: { top: 6, bottom: 6 },
    lineNumbersMinChars: 3,
    folding: false,
    glyphMargin: false,
    lineDecorationsWidth: 12,
  } as const;
  const pane = host.appendChild(document.createElement('div'));
  pane.className = 'manifest-pane';
  const editor = api.editor.create(pane, {
    ...common,
    model,
    readOnly: options.readOnly,
    ariaLabel: options.ariaLabel,
    // A text area instead of EditContext: input methods, screen readers and tools that fill in forms all work with it.
    editContext: false,
    accessibilitySupport: 'on',
    wordBasedSuggestions: 'off',
    quickSuggestions: { other: true, comments: false, strings: true },
    tabFocusMode: false,
  });
  let applied = options.text;
  const gutter = editor.createDecorationsCollection();
  const washes = editor.createDecorationsCollection();
  const blanks = editor.createDecorationsCollection();
  let zones: string[] = [];
  let diff: ReturnType<typeof api.editor.createDiffEditor> | null = null;
  let diffPane: HTMLElement | null = null;
  let lastEscape = 0;
  /** The whole text was selected from outside (a form filler), and nothing has been typed or clicked since. */
  let allMeant = false;

  const markUnapplied = (): void => {
    const lines = changedLines(applied, model.getValue());
    gutter.set(
      lines.map((line) => ({
        range: new api.Range(line, 1, line, 1),
        options: { isWholeLine: true, linesDecorationsClassName: 'unapplied-line' },
      })),
    );
  };
  const markBlanks = (): void =>
    void blanks.set(
      blanksIn(model.getValue()).map(({ line, column, length }) => ({
        range: new api.Range(line, column, line, column + length),
        options: { inlineClassName: 'blank' },
      })),
    );
  markBlanks();
  model.onDidChangeContent(() => {
    markUnapplied();
    markBlanks();
    options.onChange(model.getValue());
  });
  editor.addCommand(api.KeyMod.CtrlCmd | api.KeyCode.Enter, () => options.onApply());
  editor.onKeyDown((event) => {
    if (event.keyCode !== api.KeyCode.Escape) return;
    const now = event.browserEvent.timeStamp;
    if (now - lastEscape < leaveMs) options.onLeave();
    lastEscape = now;
  });

  // All of the text replaced, or several lines at once, from an input method, dictation or a form filler: taken as they are. Monaco would type them
  // key by key and indent every line once more.
  pane.addEventListener(
    'beforeinput',
    (event) => {
      const area = event.target;
      if (!(area instanceof HTMLTextAreaElement) || event.isComposing) return;
      const all = allMeant;
      allMeant = false;
      const text = all && event.inputType.startsWith('delete') ? '' : event.data;
      if (text === null || !(all || text.includes('\n'))) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      const selection = editor.getSelection();
      const range = all || !selection ? model.getFullModelRange() : selection;
      editor.pushUndoStop();
      editor.executeEdits('insert', [{ range, text, forceMoveMarkers: true }]);
      editor.pushUndoStop();
    },
    true,
  );

  // `select()` followed by `focus()` means the whole text, to whoever fills in a form; Monaco would forget it on focus.
  pane.addEventListener(
    'focus',
    ({ target }) => {
      if (!(target instanceof HTMLTextAreaElement) || target.value.length === 0) return;
      if (target.selectionStart !== 0 || target.selectionEnd !== target.value.length) return;
      allMeant = true;
    },
    true,
  );
  for (const type of ['keydown', 'mousedown']) pane.addEventListener(type, () => (allMeant = false), true);

  const card = (problem: Problem): HTMLElement => {
    const node = document.createElement('div');
    node.className = 'problem-card';
    node.append(element('strong', `${labels.line(problem.line)}: `), element('span', problem.message));
    if (problem.fix !== undefined) {
      const { fix } = problem;
      const button = node.appendChild(element('button', labels.fix(fix)));
      button.addEventListener('mousedown', (event) => event.preventDefault());
      button.addEventListener('click', () => {
        editor.executeEdits('fix', [
          { range: new api.Range(problem.line, problem.column, problem.endLine, problem.endColumn), text: fix },
        ]);
        editor.focus();
      });
    }
    return node;
  };

  const showCards = (problems: readonly Problem[]): void => {
    editor.changeViewZones((accessor) => {
      for (const id of zones) accessor.removeZone(id);
      zones = problems
        .filter((p) => p.severity === 'error')
        .slice(0, mostCards)
        .map((problem) => {
          const domNode = document.createElement('div');
          domNode.className = 'problem-zone';
          domNode.append(card(problem));
          // Words are wrapped whole: a part of each line stays empty.
          const columns = Math.max(20, Math.floor((editor.getLayoutInfo().contentWidth - 40) / 9));
          const length = problem.message.length + 12 + (problem.fix === undefined ? 0 : problem.fix.length + 14);
          return accessor.addZone({
            afterLineNumber: problem.line,
            heightInPx: 20 * Math.min(6, Math.ceil(length / columns)) + 24,
            domNode,
            suppressMouseDown: false,
          });
        });
    });
  };

  return {
    text: () => model.getValue(),
    setText(text) {
      if (text === model.getValue()) return;
      model.pushEditOperations([], [{ range: model.getFullModelRange(), text }], () => null);
    },
    setApplied(text) {
      applied = text;
      markUnapplied();
    },
    setProblems(problems) {
      const inside = problems.filter((p) => p.line <= model.getLineCount());
      api.editor.setModelMarkers(
        model,
        'kubarium',
        inside.map((p) => ({
          startLineNumber: p.line,
          startColumn: p.column,
          endLineNumber: p.endLine,
          endColumn: Math.max(p.endColumn, p.column + 1),
          message: p.message,
          severity: p.severity === 'error' ? api.MarkerSeverity.Error : api.MarkerSeverity.Warning,
          source: 'Kubernetes',
        })),
      );
      washes.set(
        inside
          .filter((p) => p.severity === 'error')
          .map((p) => ({
            range: new api.Range(p.line, 1, p.line, 1),
            options: { isWholeLine: true, className: 'problem-line' },
          })),
      );
      showCards(inside);
    },
    setReadOnly: (readOnly) => editor.updateOptions({ readOnly }),
    setLabels(ariaLabel, next) {
      labels = next;
      editor.updateOptions({ ariaLabel });
    },
    refreshTheme: () => applyTheme(api),
    showDiff(live) {
      // The widget first: it must not outlive a model it shows.
      const shown = diff?.getModel()?.original;
      diff?.dispose();
      shown?.dispose();
      diffPane?.remove();
      diff = null;
      diffPane = null;
      pane.hidden = live !== null;
      if (live === null) return;
      diffPane = host.appendChild(document.createElement('div'));
      diffPane.className = 'manifest-pane';
      diff = api.editor.createDiffEditor(diffPane, {
        ...common,
        readOnly: true,
        originalEditable: false,
        renderSideBySide: false,
        hideUnchangedRegions: { enabled: true },
      });
      diff.setModel({ original: api.editor.createModel(live, 'yaml'), modified: model });
    },
    async format() {
      await editor.getAction('editor.action.formatDocument')?.run();
    },
    focus: () => editor.focus(),
    reveal(line, column = 1) {
      editor.revealLineInCenterIfOutsideViewport(line);
      editor.setPosition({ lineNumber: line, column });
      editor.focus();
    },
    destroy() {
      // The widget first: it must not outlive a model it shows.
      const shown = diff?.getModel()?.original;
      diff?.dispose();
      shown?.dispose();
      editor.dispose();
      model.dispose();
      host.replaceChildren();
    },
  };
}

function element<K extends keyof HTMLElementTagNameMap>(name: K, text: string): HTMLElementTagNameMap[K] {
  const node = document.createElement(name);
  node.textContent = text;
  return node;
}
