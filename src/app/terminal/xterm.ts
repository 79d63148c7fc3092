import { FitAddon } from '@xterm/addon-fit';
import { Terminal, type ITheme } from '@xterm/xterm';
import '@xterm/xterm/css/xterm.css';
import { t } from '../i18n/index.ts';

/** The emulator and what fits it into its place. */
export interface Emulator {
  readonly term: Terminal;
  fit(): void;
  /** Takes the tokens and the language in force. */
  restyle(): void;
}

/** A token of the page as xterm.js reads colours. */
function themeOf(styles: CSSStyleDeclaration): ITheme {
  const of = (name: string): string => styles.getPropertyValue(name).trim();
  return {
    background: of('--panel'),
    foreground: of('--ink'),
    cursor: of('--ink'),
    cursorAccent: of('--panel'),
    selectionBackground: of('--done-wash'),
    selectionForeground: of('--ink'),
    blue: of('--done-text'),
    brightBlue: of('--done-text'),
    brightBlack: of('--ink-3'),
    scrollbarSliderBackground: of('--line'),
    scrollbarSliderHoverBackground: of('--line-strong'),
    scrollbarSliderActiveBackground: of('--line-strong'),
    overviewRulerBorder: of('--panel'),
  };
}

/** Builds the emulator, with the tree that screen readers read. */
export function createEmulator(): Emulator {
  const term = new Terminal({
    screenReaderMode: true,
    scrollback: 5000,
    drawBoldTextInBrightColors: false,
    minimumContrastRatio: 4.5,
    cursorInactiveStyle: 'outline',
  });
  const fitting = new FitAddon();
  term.loadAddon(fitting);
  const restyle = (): void => {
    const styles = getComputedStyle(document.documentElement);
    const of = (name: string): string => styles.getPropertyValue(name).trim();
    Object.assign(term.options, {
      fontFamily: of('--mono'),
      fontSize: Number.parseFloat(of('--text-s')),
      fontWeight: 420,
      fontWeightBold: 640,
      lineHeight: 1.3,
      theme: themeOf(styles),
    });
    term.textarea?.setAttribute('aria-label', t('terminal.input'));
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
