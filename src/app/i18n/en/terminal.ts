/** Words of the terminal. What kubectl prints is English in every language. */
export const terminal = {
  'terminal.label': 'Terminal',
  'terminal.close': 'Close the terminal',
  'terminal.resize': 'Height of the terminal',
  'terminal.keys': 'Tab completes · Ctrl C interrupts · Esc leaves',
  'terminal.input': 'kubectl prompt. Tab completes, on an empty line it moves on; Escape leaves',
  'terminal.waits': 'Time stands still: this line goes on when it runs.',
  'terminal.past': 'past: reading changes nothing, writing begins another branch',
  'terminal.forked': 'This moment is past: what you do here begins another branch.',
  'terminal.lost': 'At this moment, on this branch, that line has not been begun.',
  'terminal.verb': 'that is a verb of kubectl: {{line}}',
  'terminal.watch': 'watch: only lines that read can be watched here',
  'terminal.editing': '{{name}} is open in the editor: Apply there, or Ctrl+C here to give it up.',
  'terminal.help':
    'kubectl (or k) with its verbs; clear, history, ls, cat manifest.yaml, echo, watch; pipes into grep, head, tail, sort, uniq, wc.\nTab completes, the second Tab lists. Up and Ctrl+R find earlier lines. Ctrl+C ends a line that waits.\nA name in the output is a link: a click selects it everywhere.',
  'terminal.too-long': 'This is too long to paste into a terminal: put it into the editor.',
  'terminal.try': 'kubectl get pods shows the Pods; help tells what else there is.',
  'terminal.send': 'To the terminal',
  'terminal.cancel': 'Cancel',
  'keys.terminal': 'open or close the terminal',
} as const;
