import type { monaco } from './monaco.ts';

/** Names of the two Monaco themes made from the page's tokens. */
const themeName = (dark: boolean): string => (dark ? 'kubarium-dark' : 'kubarium-light');

/** A token's colour as eight or six digits: minified style sheets shorten `#ffffff` to `#fff`, which Monaco refuses. */
function token(styles: CSSStyleDeclaration, name: string): string {
  const value = styles.getPropertyValue(name).trim();
  return /^#[0-9a-f]{3,4}$/i.test(value) ? value.replace(/[0-9a-f]/gi, '$&$&') : value;
}

/** Six digits without the hash, as token rules want them. */
const digits = (colour: string): string => colour.slice(1, 7);

/** (Re)defines the Monaco theme from the tokens in force and switches to it. Call after `data-theme` has changed. */
export function applyTheme(api: typeof monaco): void {
  const styles = getComputedStyle(document.documentElement);
  const of = (name: string): string => token(styles, name);
  const dark = styles.colorScheme === 'dark';
  const rules = [
    { token: 'type', foreground: digits(of('--syn-key')) },
    { token: 'string', foreground: digits(of('--syn-string')) },
    { token: 'number', foreground: digits(of('--syn-number')) },
    { token: 'keyword', foreground: digits(of('--syn-number')) },
    { token: 'comment', foreground: digits(of('--syn-comment')) },
    { token: 'operators', foreground: digits(of('--syn-punct')) },
    { token: 'delimiter', foreground: digits(of('--syn-punct')) },
    { token: '', foreground: digits(of('--ink')) },
  ];
  api.editor.defineTheme(themeName(dark), {
    base: dark ? 'vs-dark' : 'vs',
    inherit: true,
    rules,
    colors: {
      'editor.background': of('--panel'),
      'editor.foreground': of('--ink'),
      'editorLineNumber.foreground': of('--ink-3'),
      'editorLineNumber.activeForeground': of('--ink'),
      'editor.lineHighlightBackground': of('--hover'),
      'editor.lineHighlightBorder': '#00000000',
      'editorWidget.background': of('--raised'),
      'editorWidget.border': of('--line-strong'),
      'editorHoverWidget.background': of('--raised'),
      'editorSuggestWidget.background': of('--raised'),
      'editorSuggestWidget.selectedBackground': of('--done-wash'),
      'editorSuggestWidget.selectedForeground': of('--ink'),
      'editorError.foreground': of('--failed'),
      'editorWarning.foreground': of('--waiting'),
      'editor.selectionBackground': of('--done-wash'),
      'editorCursor.foreground': of('--ink'),
      'editorIndentGuide.background1': of('--line'),
      focusBorder: '#00000000',
    },
  });
  api.editor.setTheme(themeName(dark));
}
