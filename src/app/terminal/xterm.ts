import { FitAddon } from '@xterm/addon-fit';
import { Terminal } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';

/** The emulator and what fits it into its place. */
export interface Emulator {
  readonly term: Terminal;
  fit(): void;
  /** Takes the tokens in force for its colours and sizes. */
  restyle(): void;
}

/** Builds the emulator, with the tree that screen readers read. */
export function createEmulator(): Emulator {
  const term = new Terminal({ screenReaderMode: true, cursorBlink: false, scrollback: 5000, allowProposedApi: false });
  const fitting = new FitAddon();
  term.loadAddon(fitting);
  const restyle = (): void => {
    const styles = getComputedStyle(document.documentElement);
    const of = (name: string): string => styles.getPropertyValue(name).trim();
    term.options = {
      fontFamily: of('--mono'),
      fontSize: Number.parseFloat(of('--text-s')),
      lineHeight: 1.25,
      theme: {
        background: of('--panel'),
        foreground: of('--ink'),
        cursor: of('--ink'),
        cursorAccent: of('--panel'),
        selectionBackground: of('--done-wash'),
        selectionForeground: of('--ink'),
        blue: of('--done-text'),
      },
    };
  };
  restyle();
  return {
    term,
    restyle,
    fit() {
      const wanted = fitting.proposeDimensions();
      if (wanted && wanted.cols > 1 && wanted.rows > 0) fitting.fit();
    },
  };
}
