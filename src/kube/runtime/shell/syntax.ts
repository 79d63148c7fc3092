/** A shell script taken apart. Pure data, made once per text. */
export type Node =
  | {
      readonly k: 'cmd';
      readonly assigns: readonly Assign[];
      readonly words: readonly Word[];
      readonly redirs: readonly Redir[];
    }
  | { readonly k: 'pipe'; readonly parts: readonly Node[]; readonly not: boolean }
  | { readonly k: 'and' | 'or'; readonly a: Node; readonly b: Node }
  | { readonly k: 'list'; readonly items: readonly Node[] }
  | { readonly k: 'background'; readonly body: Node }
  | { readonly k: 'subshell' | 'group'; readonly body: Node; readonly redirs: readonly Redir[] }
  | {
      readonly k: 'if';
      readonly arms: readonly { readonly test: Node; readonly body: Node }[];
      readonly other: Node | null;
      readonly redirs: readonly Redir[];
    }
  | {
      readonly k: 'while';
      readonly test: Node;
      readonly body: Node;
      readonly until: boolean;
      readonly redirs: readonly Redir[];
    }
  | {
      readonly k: 'for';
      readonly name: string;
      /** Null: the positional parameters. */
      readonly words: readonly Word[] | null;
      readonly body: Node;
      readonly redirs: readonly Redir[];
    }
  | { readonly k: 'count'; readonly start: Word; readonly test: Word; readonly next: Word; readonly body: Node }
  | {
      readonly k: 'case';
      readonly word: Word;
      readonly arms: readonly { readonly patterns: readonly Word[]; readonly body: Node }[];
    }
  | { readonly k: 'function'; readonly name: string; readonly body: Node }
  | { readonly k: 'math'; readonly text: Word }
  | { readonly k: 'condition'; readonly words: readonly Word[] };

/** `name=word`, `name+=word`, `name=(word …)`. */
export interface Assign {
  readonly name: string;
  readonly word: Word;
  readonly append: boolean;
  readonly items?: readonly Word[];
}

/** `2> file`, `< file`, `2>&1`, here-documents. */
export interface Redir {
  readonly fd: number;
  readonly op: '<' | '>' | '>>' | '<<' | '<<<' | '>&' | '<&' | '&>' | '&>>';
  readonly target: Word;
}

export type Word = readonly Part[];

/** A piece of a word. `quoted` pieces are neither split nor matched against file names. */
export type Part =
  | { readonly t: 'text'; readonly text: string; readonly quoted: boolean }
  | {
      readonly t: 'variable';
      readonly name: string;
      readonly quoted: boolean;
      /** `:-`, `#`, `%%`, …; `length` for `${#x}`. */
      readonly op?: string;
      readonly arg?: Word;
      /** `${a[index]}`. */
      readonly index?: Word;
    }
  /** `$(…)`: `slot` is the place of its output among those of its command. */
  | { readonly t: 'command'; readonly script: string; readonly quoted: boolean; slot: number }
  | { readonly t: 'math'; readonly text: Word; readonly quoted: boolean };

/** The text is no script. `message` is what the shell prints after its own name. */
export class ShellSyntaxError extends Error {
  override name = 'ShellSyntaxError';
}
