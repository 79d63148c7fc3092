import type { CommandResult, Completion, LineWaits } from '../../protocol/index.ts';
import { createForeground } from './foreground.ts';
import { createHistory } from './history.ts';
import type { Host, News } from './host.ts';
import { keysOf, type Key } from './keys.ts';
import { parseShell, type Pipeline } from './parse.ts';
import { createInside, type Inside } from './inside.ts';
import { plainText } from './plain.ts';
import { programNames, runPipeline, type Desk } from './programs.ts';
import type { Tty } from './prompt.ts';
import { createReader } from './reader.ts';

/** A terminal's screen. */
export interface Screen extends Tty {
  clear(): void;
}

/** The shell of the page: reads lines, runs them one after the other, prints what they print. */
export interface Shell {
  /** What the terminal emulator sends. */
  type(data: string): void;
  /** A frame has come. */
  follow(news: News): void;
  /** Something the page has done by kubectl itself: shown with what it prints. */
  tell(line: string, told: CommandResult | LineWaits): void;
  /** Puts a line at the prompt, to be looked at and run. */
  put(line: string): void;
  /** Nothing has been typed, so that Tab may leave. */
  readonly empty: boolean;
  /** A line waits for time to pass. */
  readonly waits: boolean;
  /** Kubernetes words of the last line that printed a table: what its names are names of. */
  readonly subject: string;
}

/** Most characters of a paste. */
const mostPasted = 200_000;

const primary = '$ ';
const secondary = '> ';

/** Builds the shell. `kept` is its history from earlier visits; `keep` is told of every change. */
export function createShell(
  screen: Screen,
  host: Host,
  kept: readonly string[],
  keep: (lines: readonly string[]) => void,
): Shell {
  const foreground = createForeground(host);
  const history = createHistory(kept, keep);
  /** Lines of what is being typed that are complete. */
  let before = '';
  let running = false;
  let status = 0;
  let subject = '';
  let atLineStart = true;
  const ahead: Key[] = [];
  let watching: Watching | null = null;
  let inside: Inside | null = null;
  /** Lines of the page that have not ended. */
  const others = new Set<number>();

  const print = (text: string): void => {
    const shown = plainText(text);
    if (shown === '') return;
    followKeyboard();
    if (inside) {
      inside.printed(shown);
      return;
    }
    atLineStart = shown.endsWith('\n');
    screen.write(shown.replaceAll('\n', '\r\n'));
  };
  const printLines = (text: string): void => print(text === '' || text.endsWith('\n') ? text : `${text}\n`);
  const note = (text: string): void => {
    for (const line of text.split('\n')) screen.write(`\u001b[90m# ${plainText(line)}\u001b[39m\r\n`);
  };
  const reader = createReader(screen, {
    history,
    submit: (text) => submit(text),
    complete: (text) => completeLine(text, host),
    completed: () => goOn(),
    print,
  });
  const ask = (): void => {
    if (!atLineStart) screen.write('\r\n');
    atLineStart = true;
    reader.ask(before ? secondary : primary);
  };
  const desk: Desk = {
    host,
    foreground,
    history,
    note,
    err: print,
    clear: screen.clear,
    get status() {
      return status;
    },
    watch: (seconds, title, line) =>
      new Promise((end) => {
        watching = { seconds, title, line, due: 0, busy: false, end };
        look(watching);
      }),
  };

  const run = async (pipelines: readonly Pipeline[]): Promise<void> => {
    for (const pipeline of pipelines) {
      if (pipeline.after === '&&' && status !== 0) continue;
      if (pipeline.after === '||' && status === 0) continue;
      subject = pipeline.stages[0]!.raw;
      status = await runPipeline(desk, pipeline, print);
      if (status === interrupted) break;
    }
  };

  /** One look of `watch`, printed over the one before. */
  const look = (mine: Watching): void => {
    const parsed = parseShell(mine.line);
    const { now } = host.moment();
    mine.due = now + mine.seconds * 1000;
    mine.now = now;
    if (mine.busy) return;
    mine.busy = true;
    let text = '';
    const looks: Desk = {
      ...desk,
      err: (said) => void (text += said),
      foreground: {
        ...foreground,
        async run(input, { out, err }) {
          const seen = await host.look(input);
          out(seen?.stdout ?? '');
          err(seen?.stderr ?? `${host.words.notWatched}\n`);
          return seen?.exitCode ?? 1;
        },
      },
    };
    const all = 'pipelines' in parsed ? parsed.pipelines : [];
    void (async () => {
      for (const pipeline of all) await runPipeline(looks, pipeline, (said) => void (text += said));
      mine.busy = false;
      if (watching !== mine) return;
      screen.clear();
      print(`Every ${mine.seconds.toFixed(1)}s: ${mine.title}\n\n${text}`);
    })();
  };

  const submit = (text: string): void => {
    const typed = before + text;
    const parsed = parseShell(typed);
    if ('more' in parsed) {
      before = `${typed}\n`;
      ask();
      return;
    }
    before = '';
    history.add(typed.trimEnd());
    if ('error' in parsed) {
      print(`${parsed.error}\n`);
      status = 2;
      ask();
      return;
    }
    running = true;
    void run(parsed.pipelines)
      .catch((error: unknown) => print(`${String(error)}\n`))
      .finally(() => {
        running = false;
        ask();
        goOn();
      });
  };

  /** What was typed or pasted while a line ran. */
  const goOn = (): void => {
    while (!running && !reader.completing && ahead.length > 0) press(ahead.shift()!);
  };

  const interrupt = (): void => {
    ahead.length = 0;
    screen.write('^C\r\n');
    atLineStart = true;
    if (watching) {
      const { end } = watching;
      watching = null;
      end(interrupted);
    } else if (!foreground.interrupt()) host.stopEditing();
  };

  const paste = (text: string): void => {
    if (text.length > mostPasted) {
      reader.around(() => note(host.words.tooLong));
      return;
    }
    const lines = text.split('\n');
    const keys = lines.flatMap((line, i): Key[] => [
      ...(line === '' ? [] : [{ key: 'text', text: line.replaceAll('\t', '  ') } as const]),
      ...(i < lines.length - 1 ? [{ key: 'enter' } as const] : []),
    ]);
    // Before what was typed after it.
    ahead.unshift(...keys);
    goOn();
  };

  /** While a line is typed into, its command has the keys. */
  const followKeyboard = (): void => {
    const { keyboard } = foreground;
    if (keyboard && !inside) {
      inside = createInside(screen, keyboard, (text) => foreground.type(text));
      for (const key of ahead.splice(0)) inside.press(key);
    } else if (!keyboard && inside) {
      inside.end();
      inside = null;
      atLineStart = true;
    }
  };

  const press = (key: Key): void => {
    if (inside) {
      inside.press(key);
      return;
    }
    if ((running || reader.completing) && key.key !== 'interrupt') {
      ahead.push(key);
      return;
    }
    switch (key.key) {
      case 'interrupt':
        if (running) interrupt();
        else {
          reader.abandon();
          before = '';
          ask();
        }
        return;
      case 'clear':
        reader.around(screen.clear);
        return;
      case 'end-of-file':
        if (reader.empty && !before) host.leave();
        return;
      case 'paste':
        paste(key.text);
        return;
      case 'tab':
        // In a here-document one indents.
        reader.press(before ? { key: 'text', text: '  ' } : key);
        return;
      default:
        reader.press(key);
    }
  };

  note(host.words.welcome);
  ask();
  return {
    type(data) {
      for (const key of keysOf(data)) press(key);
    },
    follow(news) {
      for (const output of news.outputs) {
        if (!others.has(output.id)) continue;
        if (!running && output.stdout + output.stderr !== '')
          reader.around(() => printLines(output.stdout + output.stderr));
        if (output.type === 'result') others.delete(output.id);
      }
      foreground.follow(news);
      followKeyboard();
      const { now } = news.moment;
      if (watching && (now >= watching.due || now < (watching.now ?? 0))) look(watching);
    },
    tell(line, told) {
      if (running) return;
      if (told.type === 'waits') others.add(told.id);
      reader.around(() => {
        note(`kubectl ${line}`);
        if (told.type === 'result') printLines(told.stdout + told.stderr);
      });
    },
    put(line) {
      if (!running) reader.put(line);
    },
    get empty() {
      return reader.empty && before === '' && !running;
    },
    get waits() {
      return foreground.waits;
    },
    get subject() {
      return subject;
    },
  };
}

/** Status of what Ctrl+C has ended. */
const interrupted = 130;

/** A line that `watch` runs again and again, in cluster time. */
interface Watching {
  readonly seconds: number;
  readonly title: string;
  readonly line: string;
  due: number;
  now?: number;
  busy: boolean;
  end(status: number): void;
}

/** What Tab offers at the end of a text: names of programs, then what they themselves know. */
async function completeLine(text: string, host: Host): Promise<Completion> {
  const start = /(?:^|[|;&])\s*([^|;&]*)$/.exec(text)!;
  const command = start[1]!;
  const from = text.length - command.length;
  const files = Object.keys(host.files());
  const [, name, blank, rest] = /^(?:watch\s+(?:-n\s*\d+\s+)?)?(\S+)(\s+)(.*)$/s.exec(command) ?? [];
  const among = (at: number, words: readonly string[]): Completion => ({
    from: at,
    words: words.filter((word) => word.startsWith(text.slice(at))),
  });
  if (name === undefined || blank === undefined) return among(from, programNames);
  if (name === 'kubectl' || name === 'k') {
    const found = await host.complete(rest!, files);
    return { from: text.length - rest!.length + found.from, words: found.words };
  }
  return among(text.length - /\S*$/.exec(text)![0].length, files);
}
