import type { CommandOutput, CommandResult, KubectlInput, LineWaits } from '../../protocol/index.ts';
import { keysOf, type Key } from './keys.ts';
import { edited, emptyLine, insert, type Line } from './line-editor.ts';
import { parseShell, type Pipeline } from './parse.ts';
import { plainText } from './plain.ts';
import { createPrompt, type Prompt, type Tty } from './prompt.ts';

/** What the shell asks of the page. */
export interface Host {
  /** Gives a kubectl line to the cluster; null when it may not be given now, which the page tells. */
  kubectl(line: KubectlInput): Promise<CommandResult | LineWaits | null>;
  /** Ctrl+C for a line that waits. */
  interrupt(id: number): void;
  /** The working directory: the editor's documents. */
  files(): Readonly<Record<string, string>>;
}

/** A terminal's screen. */
export interface Screen extends Tty {
  /** Everything but the row of the prompt goes. */
  clear(): void;
}

/** The shell of the page: reads lines, runs them one after the other, prints what they print. */
export interface Shell {
  /** What the terminal emulator sends. */
  type(data: string): void;
  /** What lines of the run have printed; the shell takes what belongs to the line it waits for. */
  printed(outputs: readonly (CommandOutput | CommandResult)[]): void;
  readonly busy: boolean;
}

const primary = '$ ';
const secondary = '> ';

/** Runs in the foreground: `id` is its place in the journal once it is known to wait. */
interface Foreground {
  id: number | null;
  /** What the frames told before the place was known. */
  early: (CommandOutput | CommandResult)[];
  print(stdout: string, stderr: string): void;
  end(exitCode: number): void;
  interrupted: boolean;
}

export function createShell(screen: Screen, host: Host): Shell {
  const prompt: Prompt = createPrompt(screen);
  let line: Line = emptyLine;
  /** Lines of what is being typed that are complete. */
  let before = '';
  let foreground: Foreground | null = null;
  let running = false;
  const ahead: Key[] = [];

  const print = (text: string): void => screen.write(plainText(text).replaceAll('\n', '\r\n'));
  const ask = (): void => {
    line = { ...emptyLine, cut: line.cut };
    prompt.begin(before ? secondary : primary, line);
  };

  const runKubectl = (input: KubectlInput, out: (stdout: string, stderr: string) => void): Promise<number> =>
    new Promise((resolve) => {
      const mine: Foreground = {
        id: null,
        early: [],
        print: out,
        interrupted: false,
        end(exitCode) {
          foreground = null;
          resolve(exitCode);
        },
      };
      foreground = mine;
      host.kubectl(input).then(
        (answer) => {
          if (answer === null) mine.end(1);
          else if (answer.type === 'result') {
            mine.print(answer.stdout, answer.stderr);
            mine.end(answer.exitCode);
          } else {
            mine.id = answer.id;
            take(mine, mine.early.splice(0));
            if (mine.interrupted) host.interrupt(answer.id);
          }
        },
        (error: unknown) => {
          mine.print('', `${error instanceof Error ? error.message : String(error)}\n`);
          mine.end(1);
        },
      );
    });

  const take = (mine: Foreground, outputs: readonly (CommandOutput | CommandResult)[]): void => {
    for (const output of outputs) {
      if (output.id !== mine.id) continue;
      mine.print(output.stdout, output.stderr);
      if (output.type === 'result') {
        mine.end(output.exitCode);
        return;
      }
    }
  };

  const runPipeline = ({ stages }: Pipeline): Promise<number> => {
    const [first] = stages;
    const [name, ...rest] = first!.words;
    if (name === 'clear') {
      screen.clear();
      return Promise.resolve(0);
    }
    if (name === 'kubectl' || name === 'k') {
      void rest;
      const text = first!.raw.slice(name.length).trim();
      return runKubectl({ type: 'kubectl', line: text }, (stdout, stderr) => print(stdout + stderr));
    }
    print(`${name}: command not found\n`);
    return Promise.resolve(127);
  };

  const run = async (pipelines: readonly Pipeline[]): Promise<void> => {
    let status = 0;
    for (const pipeline of pipelines) {
      if (pipeline.after === '&&' && status !== 0) continue;
      if (pipeline.after === '||' && status === 0) continue;
      status = await runPipeline(pipeline);
    }
  };

  const submit = (): void => {
    prompt.end();
    const typed = before + line.text;
    const parsed = parseShell(typed);
    if ('more' in parsed) {
      before = `${typed}\n`;
      ask();
      return;
    }
    before = '';
    if ('error' in parsed) {
      print(`${parsed.error}\n`);
      ask();
      return;
    }
    running = true;
    void run(parsed.pipelines).finally(() => {
      running = false;
      ask();
      for (let key = ahead.shift(); key; key = running ? undefined : ahead.shift()) press(key);
    });
  };

  const press = (key: Key): void => {
    if (running) {
      if (key.key === 'interrupt' && foreground) {
        ahead.length = 0;
        screen.write('^C\r\n');
        foreground.interrupted = true;
        if (foreground.id !== null) host.interrupt(foreground.id);
      } else ahead.push(key);
      return;
    }
    switch (key.key) {
      case 'text':
        line = insert(line, key.text);
        prompt.show(line);
        return;
      case 'enter':
        submit();
        return;
      case 'interrupt':
        screen.write('^C');
        prompt.end();
        before = '';
        ask();
        return;
      case 'clear':
        screen.clear();
        prompt.again();
        return;
      case 'paste':
        return;
      default: {
        const now = edited(line, key.key);
        if (now) prompt.show((line = now));
      }
    }
  };

  ask();
  return {
    type(data) {
      for (const key of keysOf(data)) press(key);
    },
    printed(outputs) {
      const mine = foreground;
      if (!mine) return;
      if (mine.id === null) mine.early.push(...outputs);
      else take(mine, outputs);
    },
    get busy() {
      return running;
    },
  };
}
