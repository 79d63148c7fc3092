import { createHistory } from './history.ts';
import type { Key } from './keys.ts';
import { createReader } from './reader.ts';
import type { Tty } from './prompt.ts';

/** The terminal of a command in a container: `kubectl exec -it web -- sh`. */
export interface Inside {
  press(key: Key): void;
  /** What the command has printed, free of control characters. */
  printed(text: string): void;
  /** The command has ended: what it printed last is left standing. */
  end(): void;
}

/**
 * Lines are written here, with this terminal's keys and a history of their own, and go to the container whole: its terminal
 * echoes them, and its shell asks for the next one. What it printed last without a line end is the prompt.
 */
export function createInside(
  tty: Tty & { clear(): void },
  keyboard: 'terminal' | 'pipe',
  type: (text: string) => void,
): Inside {
  let prompt = '';
  const print = (text: string): void => tty.write(text.replaceAll('\n', '\r\n'));
  const history = createHistory([], () => {});
  const reader = createReader(tty, {
    history,
    echoed: keyboard === 'terminal',
    style: '',
    submit(text) {
      history.add(text);
      if (keyboard === 'terminal') reader.put('');
      else reader.ask('');
      type(`${text}\n`);
    },
    complete: () => Promise.resolve({ from: 0, words: [] }),
    completed() {},
    print,
  });
  reader.ask('');
  return {
    press(key) {
      switch (key.key) {
        case 'interrupt':
          reader.put('');
          type('\u0003');
          return;
        case 'end-of-file':
          if (reader.empty) type('\u0004');
          return;
        case 'clear':
          reader.around(tty.clear);
          return;
        case 'paste':
          for (const line of key.text.split('\n').slice(0, -1)) type(`${line}\n`);
          reader.press({ key: 'text', text: key.text.slice(key.text.lastIndexOf('\n') + 1) });
          return;
        case 'tab':
          return;
        default:
          reader.press(key);
      }
    },
    printed(text) {
      const all = prompt + text;
      const lines = all.lastIndexOf('\n') + 1;
      prompt = all.slice(lines);
      reader.around(() => print(all.slice(0, lines)), prompt);
    },
    end() {
      reader.put('');
      if (prompt !== '') tty.write('\r\n');
    },
  };
}
