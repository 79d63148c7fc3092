/** Words of the terminal. What kubectl prints is English in every language. */
export const terminal = {
  'terminal.label': 'Terminal',
  'terminal.close': 'Close the terminal',
  'terminal.leave': 'Esc leaves',
} as const;
