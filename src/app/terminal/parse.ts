/** One program of a pipeline. */
export interface Stage {
  readonly words: readonly string[];
  /** As it was typed: kubectl takes its own line apart. */
  readonly raw: string;
}

/** Programs that hand on what they print, and what decides whether they run. */
export interface Pipeline {
  readonly stages: readonly Stage[];
  /** What comes in: a here-document, or the file that `<` names. */
  readonly stdin?: string | undefined;
  readonly stdinFile?: string | undefined;
  /** `2>&1`: what goes wrong is handed on as well. */
  readonly both: boolean;
  /** Runs after what stands before it: always, only if that went well, only if not. */
  readonly after: ';' | '&&' | '||';
}

/** What was typed: pipelines, a text that goes on in the next line, or a mistake. */
export type Parsed = { readonly pipelines: readonly Pipeline[] } | { readonly more: true } | { readonly error: string };

interface Draft {
  stages: Stage[];
  words: string[];
  /** The words with their quotes. */
  raw: string[];
  stdin?: string;
  stdinFile?: string;
  both: boolean;
  after: Pipeline['after'];
}

const operators = ['&&', '||', '2>&1', '2>/dev/null', '<<-', '<<', '|', ';', '&', '>', '<', '\n'] as const;

class ShellError extends Error {}
class More extends Error {}

/**
 * Reads what was typed as a POSIX shell would, as far as one needs it before kubectl: words with their quotes, pipes, `;`, `&&`,
 * `||`, `<` and here-documents. Nothing is expanded, and nothing can be written to a file.
 */
export function parseShell(typed: string): Parsed {
  // A backslash at the very end of a line joins it with the next, but not in a here-document.
  const text = typed.includes('<<') ? typed : typed.replace(/\\\n/g, ' ');
  if (/(^|[^\\])(\\\\)*\\\n?$/.test(text)) return { more: true };
  try {
    return { pipelines: read(text) };
  } catch (error) {
    if (error instanceof More) return { more: true };
    if (error instanceof ShellError) return { error: error.message };
    throw error;
  }
}

function read(text: string): Pipeline[] {
  const pipelines: Pipeline[] = [];
  const fresh = (after: Draft['after']): Draft => ({ stages: [], words: [], raw: [], both: false, after });
  let draft = fresh(';');
  const heredocs: { word: string; tabs: boolean; of: Draft }[] = [];
  let open: Draft[] = [];
  let i = 0;

  const endStage = (operator: string): void => {
    if (draft.words.length === 0) {
      if (operator === '\n' && draft.stages.length > 0) throw new More();
      throw new ShellError(`syntax error near unexpected token '${operator === '\n' ? 'newline' : operator}'`);
    }
    draft.stages.push({ words: draft.words, raw: draft.raw.join(' ') });
    draft.words = [];
    draft.raw = [];
  };
  const endPipeline = (operator: '\n' | ';' | '&&' | '||'): void => {
    const empty = draft.words.length === 0 && draft.stages.length === 0;
    if (empty && operator === '\n') {
      if (draft.after !== ';') throw new More();
      return;
    }
    endStage(operator);
    open.push(draft);
    draft = fresh(operator === '\n' ? ';' : operator);
  };
  const bodies = (): void => {
    for (const { word, tabs, of } of heredocs.splice(0)) {
      const lines: string[] = [];
      for (;;) {
        if (i >= text.length) throw new More();
        const end = text.indexOf('\n', i);
        const line = text.slice(i, end < 0 ? undefined : end);
        i = end < 0 ? text.length : end + 1;
        const bare = tabs ? line.replace(/^\t+/, '') : line;
        if (bare === word) break;
        lines.push(bare);
        if (end < 0) throw new More();
      }
      of.stdin = lines.map((line) => `${line}\n`).join('');
    }
  };
  const flush = (): void => {
    for (const { stages, stdin, stdinFile, both, after } of open)
      pipelines.push({ stages, stdin, stdinFile, both, after });
    open = [];
  };

  while (i < text.length) {
    const char = text[i]!;
    if (char === ' ' || char === '\t') {
      i++;
      continue;
    }
    if (char === '#') {
      while (i < text.length && text[i] !== '\n') i++;
      continue;
    }
    const operator = operators.find((o) => text.startsWith(o, i));
    if (operator === undefined) {
      const word = wordAt(text, i);
      draft.words.push(word.text);
      draft.raw.push(text.slice(i, word.end));
      i = word.end;
      continue;
    }
    i += operator.length;
    switch (operator) {
      case '|':
        endStage('|');
        break;
      case ';':
      case '&&':
      case '||':
        endPipeline(operator);
        break;
      case '\n':
        endPipeline('\n');
        bodies();
        flush();
        break;
      case '2>&1':
        draft.both = true;
        break;
      case '2>/dev/null':
        break;
      case '<<':
      case '<<-':
      case '<': {
        while (text[i] === ' ') i++;
        const word = wordAt(text, i);
        if (word.end === i) throw new ShellError("syntax error near unexpected token 'newline'");
        i = word.end;
        if (operator === '<') draft.stdinFile = word.text;
        else heredocs.push({ word: word.text, tabs: operator === '<<-', of: draft });
        break;
      }
      case '>':
        throw new ShellError('there are no files to write to: the editor is the only one, and it is yours');
      case '&':
        throw new ShellError('nothing runs in the background here: a line that waits is ended by Ctrl+C');
    }
  }
  if (heredocs.length > 0) throw new More();
  endPipeline('\n');
  flush();
  return pipelines;
}

/** The word at an index: quotes and backslashes protect, and are taken off. */
function wordAt(text: string, from: number): { text: string; end: number } {
  let word = '';
  let i = from;
  while (i < text.length && !/[\s|;&<>]/.test(text[i]!)) {
    const char = text[i]!;
    if (char === "'") {
      const end = text.indexOf("'", i + 1);
      if (end < 0) throw new More();
      word += text.slice(i + 1, end);
      i = end + 1;
    } else if (char === '"') {
      for (i++; ; i++) {
        if (i >= text.length) throw new More();
        if (text[i] === '"') break;
        if (text[i] === '\\' && '"\\$`'.includes(text[i + 1] ?? ' ')) i++;
        word += text[i];
      }
      i++;
    } else if (char === '\\') {
      word += text[i + 1] ?? '';
      i += 2;
    } else {
      word += char;
      i++;
    }
  }
  return { text: word, end: i };
}
