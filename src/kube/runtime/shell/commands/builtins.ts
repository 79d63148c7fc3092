import { readFile, resolvePath, isDirectory } from '../../files.ts';
import { reckon } from '../arithmetic.ts';
import { namesOf, setVariable } from '../expand.ts';
import { dispatch } from '../dispatch.ts';
import { endTask, exportedOf, fork, leaveFrame, pushFrame, type Os } from '../life.ts';
import { print, say } from '../io.ts';
import type { Task, Wait } from '../tasks.ts';
import { TestError, testArguments } from '../test.ts';
import { commands, type Call } from '../utility.ts';
import { out, takeLine } from './support.ts';

const optionLetters: Readonly<Record<string, string>> = { errexit: 'e', nounset: 'u', xtrace: 'x', pipefail: 'p' };

/** Sets `-e`, `+x`, `-o pipefail`, and what follows as positional parameters. */
function setOptions(task: Task, args: readonly string[]): void {
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === '--' || !/^[-+]/.test(arg)) {
      task.args = [task.args[0] ?? '', ...args.slice(arg === '--' ? i + 1 : i)];
      return;
    }
    let letters = arg.slice(1);
    if (letters.endsWith('o')) letters = letters.slice(0, -1) + (optionLetters[args[++i] ?? ''] ?? '');
    for (const letter of letters) {
      task.options = task.options.replaceAll(letter, '');
      if (arg.startsWith('-')) task.options += letter;
    }
  }
}

/** `name=value` and `name` of export, readonly, local, declare. */
function declare({ task }: Call, args: readonly string[], exported: boolean): void {
  for (const arg of args) {
    if (arg.startsWith('-')) continue;
    const [name = '', value] = arg.split(/=(.*)/s);
    if (value !== undefined) setVariable(task, name, value);
    if (exported && !task.exported.includes(name)) task.exported = [...task.exported, name];
  }
}

function runTest(call: Call, args: readonly string[]): number {
  try {
    return testArguments({ ...call.os, task: call.task }, args) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof TestError)) throw error;
    say(call.os, call.task, error.message);
    return 2;
  }
}

/** `sh -c script`, `sh file`, `sh` with its script on standard input: in a task of its own. */
function runShell(call: Call): number | Wait {
  const { os, task, argv, state, env } = call;
  if (state['child']) return task.status;
  const name = argv[0]!.slice(argv[0]!.lastIndexOf('/') + 1);
  let i = 1;
  const flags: string[] = [];
  while (i < argv.length && /^[-+]\w+$/.test(argv[i]!) && argv[i] !== '-c') {
    const flag = argv[i++]!;
    flags.push(flag.replace('c', '').replace('l', '').replace('i', ''));
    if (flag.endsWith('o')) flags.push(argv[i++] ?? '');
    if (flag.includes('c')) {
      i--;
      break;
    }
  }
  let code: string | null | undefined;
  let args: readonly string[];
  if (i < argv.length && /^-\w*c\w*$/.test(argv[i]!)) {
    code = argv[i + 1] ?? '';
    args = argv.length > i + 2 ? argv.slice(i + 2) : [argv[0]!];
  } else if (i < argv.length) {
    code = readFile(os, resolvePath(argv[i]!, task.cwd));
    if (code === undefined) {
      print(
        os,
        task,
        2,
        `${name}: ${name === 'bash' ? argv[i] : `can't open '${argv[i]}'`}: No such file or directory\n`,
      );
      return name === 'bash' ? 127 : 2;
    }
    args = argv.slice(i);
  } else {
    // Its script is what comes on standard input, command by command.
    code = null;
    args = [argv[0]!];
  }
  if (task.frames.length === 0) return become(call, name, code, args, flags);
  const child = fork(os, task, []);
  if (!child) return 1;
  state['child'] = child.pid;
  const visible = { ...exportedOf(task), ...env };
  child.vars = visible;
  child.exported = Object.keys(visible);
  child.functions = {};
  child.options = '';
  child.name = name;
  child.args = args;
  setOptions(
    child,
    flags.filter((f) => f.length > 1 || f === ''),
  );
  begin(os, child, code);
  return { for: 'children', pids: [child.pid] };
}

/** Process 1 itself is the shell. */
function become(
  { os, task }: Call,
  name: string,
  code: string | null,
  args: readonly string[],
  flags: readonly string[],
): number {
  task.utility = null;
  task.name = name;
  task.args = args;
  setOptions(
    task,
    flags.filter((f) => f.length > 1),
  );
  begin(os, task, code);
  return 0;
}

/** Begins a shell's script; null stands for what is typed. */
function begin(os: Os, task: Task, code: string | null): void {
  if (code !== null) return pushFrame(os, task, code, 'script');
  task.frames.push({ code: '', pc: 0, lists: 0, saved: task.saved.length, args: null, kind: 'typed' });
}

function readLine(call: Call): number | Wait {
  const { os, task, argv } = call;
  const line = takeLine(call);
  if (typeof line === 'object') return line;
  const names = argv.slice(1).filter((a) => !a.startsWith('-'));
  const shell = { ...os, task };
  const ifs = task.vars['IFS'] ?? call.env['IFS'] ?? ' \t\n';
  const text = line.replace(/\n$/, '');
  const targets = names.length > 0 ? names : ['REPLY'];
  let rest = (call.env['IFS'] ?? ifs) === '' ? text : text.replace(/^[ \t]+|[ \t]+$/g, '');
  targets.forEach((name, i) => {
    if (i === targets.length - 1) return setVariable(shell.task, name, rest);
    const at = [...rest].findIndex((c) => ifs.includes(c));
    setVariable(shell.task, name, at < 0 ? rest : rest.slice(0, at));
    rest = at < 0 ? '' : rest.slice(at + 1).replace(/^[ \t]+/, '');
  });
  return line === '' ? 1 : 0;
}

const signalName = (text: string): string =>
  ({ '0': 'EXIT', '1': 'HUP', '2': 'INT', '3': 'QUIT', '15': 'TERM' })[text] ?? text.replace(/^SIG/, '').toUpperCase();

/** Commands that are part of the shell itself. */
export const builtins = commands({
  ':': () => 0,
  true: () => 0,
  false: () => 1,
  '[': (call) => {
    if (call.argv.at(-1) !== ']') {
      say(call.os, call.task, `[: missing ]`);
      return 2;
    }
    return runTest(call, call.argv.slice(1, -1));
  },
  test: (call) => runTest(call, call.argv.slice(1)),
  exit: ({ os, task, argv }) => {
    const code = argv[1] === undefined ? (task.final ?? task.status) : Number(argv[1]) || 0;
    if (task.final !== null && argv[1] !== undefined) task.final = code & 255;
    task.frames.length = 0;
    endTask(os, task, code);
    return code & 255;
  },
  return: ({ task, argv }) => {
    while (task.frames.length > 1 && task.frames.at(-1)!.kind === 'script') leaveFrame(task);
    leaveFrame(task);
    return argv[1] === undefined ? task.status : Number(argv[1]) & 255;
  },
  cd: ({ os, task, argv }) => {
    const path = resolvePath(argv[1] ?? task.vars['HOME'] ?? '/', task.cwd);
    if (!isDirectory(os, path)) {
      say(os, task, `cd: can't cd to ${argv[1]}: No such file or directory`);
      return 2;
    }
    task.cwd = path;
    return 0;
  },
  pwd: (call) => {
    out(call, `${call.task.cwd}\n`);
    return 0;
  },
  export: (call) => {
    if (call.argv.length === 1 || call.argv[1] === '-p')
      for (const name of call.task.exported) out(call, `export ${name}='${call.task.vars[name] ?? ''}'\n`);
    declare(call, call.argv.slice(1), true);
    return 0;
  },
  readonly: (call) => (declare(call, call.argv.slice(1), false), 0),
  local: (call) => (declare(call, call.argv.slice(1), false), 0),
  declare: (call) => (declare(call, call.argv.slice(1), call.argv.includes('-x')), 0),
  typeset: (call) => (declare(call, call.argv.slice(1), false), 0),
  unset: ({ task, argv }) => {
    for (const name of argv.slice(1)) {
      const { [name]: _value, ...vars } = task.vars;
      task.vars = vars;
      task.exported = task.exported.filter((n) => n !== name);
    }
    return 0;
  },
  set: (call) => {
    const { task, argv } = call;
    if (argv.length === 1)
      for (const name of Object.keys(task.vars).sort()) out(call, `${name}='${task.vars[name]}'\n`);
    setOptions(task, argv.slice(1));
    return 0;
  },
  shift: ({ task, argv }) => {
    const n = Number(argv[1] ?? 1);
    if (n > task.args.length - 1) return 1;
    task.args = [task.args[0] ?? '', ...task.args.slice(1 + n)];
    return 0;
  },
  let: ({ os, task, argv }) => {
    let value = 0;
    for (const text of argv.slice(1)) value = reckon(text, namesOf({ ...os, task }));
    return value === 0 ? 1 : 0;
  },
  eval: ({ os, task, argv }) => {
    pushFrame(os, task, argv.slice(1).join(' '), 'script');
    return 0;
  },
  '.': (call) => source(call),
  source: (call) => source(call),
  exec: ({ os, task, argv, env }) => {
    if (argv.length === 1) return 0;
    // The command takes the shell's place: nothing of the script is left.
    task.frames.length = 0;
    task.lists.length = 0;
    task.traps = {};
    task.utility = null;
    dispatch(os, task, argv.slice(1), env);
    return task.status;
  },
  trap: ({ task, argv }) => {
    if (argv.length < 3) return 0;
    for (const name of argv.slice(2)) {
      const { [signalName(name)]: _old, ...rest } = task.traps;
      task.traps = argv[1] === '-' ? rest : { ...rest, [signalName(name)]: argv[1]! };
    }
    return 0;
  },
  wait: ({ os, task, argv, state }) => {
    if (state['pids']) return task.pending === null ? task.status : 143;
    const running = os.container.tasks.filter((t) => t.ppid === task.pid).map((t) => t.pid);
    const asked = argv.slice(1).map(Number);
    const pids = asked.length > 0 ? asked.filter((pid) => running.includes(pid)) : running;
    state['pids'] = pids;
    if (pids.length > 0) return { for: 'children', pids };
    return asked.length > 0 ? (task.ended[asked.at(-1)!] ?? 127) : 0;
  },
  read: (call) => readLine(call),
  type: (call) => {
    const name = call.argv[1] ?? '';
    out(call, name in call.os.utilities ? `${name} is /bin/${name}\n` : `${name}: not found\n`);
    return name in call.os.utilities ? 0 : 127;
  },
  command: (call) => {
    const { os, task, argv, env } = call;
    if (argv[1] === '-v' || argv[1] === '-V') {
      const name = argv[2] ?? '';
      if (!(name in os.utilities)) return 127;
      out(call, `/bin/${name}\n`);
      return 0;
    }
    const { restore, tested } = task.utility!;
    task.utility = null;
    dispatch(os, task, argv.slice(1), env, restore, tested);
    return task.status;
  },
  umask: () => 0,
  ulimit: () => 0,
  alias: () => 0,
  hash: () => 0,
  jobs: () => 0,
  shopt: () => 0,
  sh: (call) => runShell(call),
  ash: (call) => runShell(call),
  dash: (call) => runShell(call),
  bash: (call) => runShell(call),
});

function source({ os, task, argv }: Call): number {
  const name = argv[1] ?? '';
  const code = readFile(os, resolvePath(name, task.cwd));
  if (code === undefined) {
    say(os, task, `${argv[0]}: can't open '${name}': No such file or directory`);
    return task.name === 'bash' ? 1 : 2;
  }
  pushFrame(os, task, code, 'function', argv.length > 2 ? task.args : null);
  if (argv.length > 2) task.args = [task.args[0] ?? '', ...argv.slice(2)];
  return 0;
}
