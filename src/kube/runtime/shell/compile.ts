import { parseScript } from './parse.ts';
import type { Assign, Node, Redir, Word } from './syntax.ts';
import { plainText } from './words.ts';

/**
 * A script as a flat list of steps. Where a task stands in it is a number, so that a checkpoint in the middle of a
 * loop inside a pipe is as small as anywhere else.
 */
export type Op =
  /** Runs a script in a child and keeps its output for the words of the next op. */
  | { readonly op: 'substitute'; readonly script: string }
  | {
      readonly op: 'run';
      readonly assigns: readonly Assign[];
      readonly words: readonly Word[];
      readonly redirs: readonly Redir[];
      /** Its failure is looked at: `set -e` does not end the shell. */
      readonly tested: boolean;
    }
  | { readonly op: 'jump'; to: number }
  | { readonly op: 'jump-if'; readonly success: boolean; to: number }
  | { readonly op: 'not' }
  | { readonly op: 'status'; readonly value: number }
  /** Opens a list to go through; null means the positional parameters. */
  | { readonly op: 'list'; readonly words: readonly Word[] | null }
  | { readonly op: 'next'; readonly name: string; to: number }
  | { readonly op: 'drop' }
  | { readonly op: 'subject'; readonly word: Word }
  | { readonly op: 'match'; readonly patterns: readonly Word[]; to: number }
  | { readonly op: 'pipe'; readonly entries: readonly number[]; readonly tested: boolean }
  | { readonly op: 'subshell'; readonly entry: number; readonly redirs: readonly Redir[]; readonly tested: boolean }
  | { readonly op: 'background'; readonly entry: number }
  | { readonly op: 'redirect'; readonly redirs: readonly Redir[] }
  | { readonly op: 'restore' }
  | { readonly op: 'define'; readonly name: string; readonly entry: number }
  | { readonly op: 'math'; readonly text: Word; readonly tested: boolean }
  | { readonly op: 'condition'; readonly words: readonly Word[]; readonly tested: boolean }
  /** Leaves a function or a sourced file. */
  | { readonly op: 'return' }
  /** Ends the task. */
  | { readonly op: 'end' };

interface Loop {
  readonly start: () => number;
  readonly breaks: { to: number }[];
  readonly continues: { to: number }[];
}

/** What is open around the node being compiled: loops, and what a `break` has to tidy up on its way. */
type Open = { readonly kind: 'loop'; readonly loop: Loop } | { readonly kind: 'list' } | { readonly kind: 'redirect' };

interface Compiler {
  readonly ops: Op[];
  open: Open[];
}

const cache = new Map<string, readonly Op[]>(); // pure: text → steps

/** The steps of a script. Throws `ShellSyntaxError`. */
export function compileScript(source: string): readonly Op[] {
  let ops = cache.get(source);
  if (!ops) {
    if (cache.size > 2000) cache.clear();
    const c: Compiler = { ops: [], open: [] };
    emit(c, parseScript(source), false);
    c.ops.push({ op: 'return' });
    cache.set(source, (ops = c.ops));
  }
  return ops;
}

function emit(c: Compiler, node: Node, tested: boolean): void {
  const { ops } = c;
  switch (node.k) {
    case 'cmd':
      return emitCommand(c, node, tested);
    case 'list':
      for (const item of node.items) emit(c, item, tested);
      if (node.items.length === 0) ops.push({ op: 'status', value: 0 });
      return;
    case 'and':
    case 'or': {
      emit(c, node.a, true);
      const jump = push(c, { op: 'jump-if' as const, success: node.k === 'or', to: 0 });
      emit(c, node.b, tested);
      jump.to = ops.length;
      return;
    }
    case 'pipe':
      if (node.parts.length === 1) emit(c, node.parts[0]!, true);
      else {
        const entries = node.parts.map((part) => region(c, part, 'end'));
        ops.push({ op: 'pipe', entries, tested: tested || node.not });
      }
      if (node.not) ops.push({ op: 'not' });
      return;
    case 'background':
      ops.push({ op: 'background', entry: region(c, node.body, 'end') });
      return;
    case 'subshell': {
      const entry = region(c, node.body, 'end');
      substitutions(
        c,
        node.redirs.map((r) => r.target),
      );
      ops.push({ op: 'subshell', entry, redirs: node.redirs, tested });
      return;
    }
    case 'group':
      return redirected(c, node.redirs, () => emit(c, node.body, tested));
    case 'if':
      return redirected(c, node.redirs, () => emitIf(c, node, tested));
    case 'while':
      return redirected(c, node.redirs, () => emitWhile(c, node, tested));
    case 'for':
      return redirected(c, node.redirs, () => emitFor(c, node, tested));
    case 'count':
      return emitCount(c, node, tested);
    case 'case':
      return emitCase(c, node, tested);
    case 'function':
      ops.push({ op: 'define', name: node.name, entry: region(c, node.body, 'return') });
      return;
    case 'math':
      substitutions(c, [node.text]);
      ops.push({ op: 'math', text: node.text, tested });
      return;
    case 'condition':
      substitutions(c, node.words);
      ops.push({ op: 'condition', words: node.words, tested });
  }
}

function push<T extends Op>(c: Compiler, op: T): T {
  c.ops.push(op);
  return op;
}

/** Compiles a body out of line and returns where it begins. Loops outside are not visible in it. */
function region(c: Compiler, body: Node, end: 'end' | 'return'): number {
  const around = push(c, { op: 'jump' as const, to: 0 });
  const entry = c.ops.length;
  const { open } = c;
  c.open = [];
  emit(c, body, false);
  c.open = open;
  c.ops.push({ op: end });
  around.to = c.ops.length;
  return entry;
}

function redirected(c: Compiler, redirs: readonly Redir[], body: () => void): void {
  if (redirs.length === 0) return body();
  substitutions(
    c,
    redirs.map((r) => r.target),
  );
  c.ops.push({ op: 'redirect', redirs });
  c.open.push({ kind: 'redirect' });
  body();
  c.open.pop();
  c.ops.push({ op: 'restore' });
}

/** Emits the command substitutions in these words, in order, and numbers their slots. */
function substitutions(c: Compiler, words: readonly Word[]): void {
  let slot = 0;
  const visit = (word: Word): void => {
    for (const part of word) {
      if (part.t === 'command') {
        part.slot = slot++;
        c.ops.push({ op: 'substitute', script: part.script });
      } else if (part.t === 'math') visit(part.text);
      else if (part.t === 'variable') {
        if (part.arg) visit(part.arg);
        if (part.index) visit(part.index);
      }
    }
  };
  words.forEach(visit);
}

function emitCommand(c: Compiler, node: Extract<Node, { k: 'cmd' }>, tested: boolean): void {
  const word = node.words.length > 0 ? plainText(node.words[0]!) : undefined;
  if (word === 'break' || word === 'continue') return emitJump(c, word, Number(plainText(node.words[1] ?? []) ?? 1));
  const assigned = node.assigns.flatMap((a) => (a.items ? a.items : [a.word]));
  const targets = node.redirs.map((r) => r.target);
  substitutions(c, [...assigned, ...node.words, ...targets]);
  c.ops.push({ op: 'run', assigns: node.assigns, words: node.words, redirs: node.redirs, tested });
}

function emitJump(c: Compiler, word: 'break' | 'continue', levels: number): void {
  let left = levels;
  for (let i = c.open.length - 1; i >= 0; i--) {
    const open = c.open[i]!;
    if (open.kind === 'loop') {
      if (--left > 0) continue;
      c.ops.push({ op: 'status', value: 0 });
      const jump = push(c, { op: 'jump' as const, to: 0 });
      (word === 'break' ? open.loop.breaks : open.loop.continues).push(jump);
      return;
    }
    c.ops.push({ op: open.kind === 'list' ? 'drop' : 'restore' });
  }
}

function emitIf(c: Compiler, node: Extract<Node, { k: 'if' }>, tested: boolean): void {
  const ends: { to: number }[] = [];
  for (const { test, body } of node.arms) {
    emit(c, test, true);
    const skip = push(c, { op: 'jump-if' as const, success: false, to: 0 });
    emit(c, body, tested);
    ends.push(push(c, { op: 'jump' as const, to: 0 }));
    skip.to = c.ops.length;
  }
  if (node.other) emit(c, node.other, tested);
  else c.ops.push({ op: 'status', value: 0 });
  for (const end of ends) end.to = c.ops.length;
}

function loop(c: Compiler, start: () => number, body: () => void): Loop {
  const made: Loop = { start, breaks: [], continues: [] };
  c.open.push({ kind: 'loop', loop: made });
  body();
  c.open.pop();
  return made;
}

const land = (jumps: readonly { to: number }[], to: number): void => {
  for (const jump of jumps) jump.to = to;
};

function emitWhile(c: Compiler, node: Extract<Node, { k: 'while' }>, tested: boolean): void {
  const start = c.ops.length;
  emit(c, node.test, true);
  const exit = push(c, { op: 'jump-if' as const, success: node.until, to: 0 });
  const { breaks, continues } = loop(
    c,
    () => start,
    () => emit(c, node.body, tested),
  );
  c.ops.push({ op: 'jump', to: start });
  exit.to = c.ops.length;
  c.ops.push({ op: 'status', value: 0 });
  land(breaks, c.ops.length);
  land(continues, start);
}

function emitFor(c: Compiler, node: Extract<Node, { k: 'for' }>, tested: boolean): void {
  substitutions(c, node.words ?? []);
  c.ops.push({ op: 'list', words: node.words });
  const start = c.ops.length;
  const next = push(c, { op: 'next' as const, name: node.name, to: 0 });
  c.open.push({ kind: 'list' });
  const { breaks, continues } = loop(
    c,
    () => start,
    () => emit(c, node.body, tested),
  );
  c.open.pop();
  c.ops.push({ op: 'jump', to: start });
  land(breaks, c.ops.length);
  c.ops.push({ op: 'drop' });
  next.to = c.ops.length;
  land(continues, start);
}

function emitCount(c: Compiler, node: Extract<Node, { k: 'count' }>, tested: boolean): void {
  const math = (text: Word): void => {
    substitutions(c, [text]);
    c.ops.push({ op: 'math', text, tested: true });
  };
  math(node.start);
  const start = c.ops.length;
  math(node.test);
  const exit = push(c, { op: 'jump-if' as const, success: false, to: 0 });
  const { breaks, continues } = loop(
    c,
    () => start,
    () => emit(c, node.body, tested),
  );
  land(continues, c.ops.length);
  math(node.next);
  c.ops.push({ op: 'jump', to: start });
  exit.to = c.ops.length;
  c.ops.push({ op: 'status', value: 0 });
  land(breaks, c.ops.length);
}

function emitCase(c: Compiler, node: Extract<Node, { k: 'case' }>, tested: boolean): void {
  substitutions(c, [node.word]);
  c.ops.push({ op: 'subject', word: node.word }, { op: 'status', value: 0 });
  c.open.push({ kind: 'list' });
  const ends: { to: number }[] = [];
  for (const { patterns, body } of node.arms) {
    substitutions(c, patterns);
    const match = push(c, { op: 'match' as const, patterns, to: 0 });
    emit(c, body, tested);
    ends.push(push(c, { op: 'jump' as const, to: 0 }));
    match.to = c.ops.length;
  }
  c.open.pop();
  land(ends, c.ops.length);
  c.ops.push({ op: 'drop' });
}
