import { machinesOf } from '../../../machines.ts';
import { calendar, type CalendarTime } from '../../clock.ts';
import { writeFile } from '../../files.ts';
import { memoryBytesOf } from '../../memory-use.ts';
import { dispatch } from '../dispatch.ts';
import { exportedOf } from '../life.ts';
import type { Wait } from '../tasks.ts';
import { commands, type Call } from '../utility.ts';
import { complain, isAsh, options, out, sleepFor } from './support.ts';

const units: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400 };

/** Milliseconds of `10`, `0.5`, `1m`, `2h`, `1d`, `infinity`; NaN for what is none. */
function durationMs(text: string): number {
  if (/^inf(?:inity)?$/i.test(text)) return Infinity;
  const m = /^(\d+(?:\.\d+)?|\.\d+)([smhd]?)$/.exec(text);
  return m ? Number(m[1]) * units[m[2]!]! * 1000 : Number.NaN;
}

function sleep(call: Call): number | Wait {
  const { state, argv } = call;
  if (state['begun']) return 0;
  if (argv.length < 2)
    return complain(
      call,
      isAsh(call) ? 'sleep: missing operand' : "sleep: missing operand\nTry 'sleep --help' for more information.",
    );
  let ms = 0;
  for (const arg of argv.slice(1)) {
    const part = durationMs(arg);
    if (Number.isNaN(part))
      return complain(call, isAsh(call) ? `sleep: invalid number '${arg}'` : `sleep: invalid time interval '${arg}'`);
    ms += part;
  }
  state['begun'] = true;
  if (ms > 1e12) return { for: 'ever' };
  return sleepFor(call, ms);
}

const twelve = (t: CalendarTime): string => String(((Number(t.hour) + 11) % 12) + 1).padStart(2, '0');

const longDays: Readonly<Record<string, string>> = {
  Sun: 'Sunday',
  Mon: 'Monday',
  Tue: 'Tuesday',
  Wed: 'Wednesday',
  Thu: 'Thursday',
  Fri: 'Friday',
  Sat: 'Saturday',
};

/** strftime for what scripts use. */
function timeText(pattern: string, nowMs: number): string {
  const t = calendar(nowMs);
  const ms = String(Math.floor(nowMs) % 1000).padStart(3, '0');
  const parts: Record<string, string> = {
    Y: t.year,
    y: t.year.slice(2),
    m: t.month,
    d: t.day,
    e: t.day.replace(/^0/, ' '),
    H: t.hour,
    I: twelve(t),
    p: Number(t.hour) < 12 ? 'AM' : 'PM',
    M: t.minute,
    S: t.second,
    N: `${ms}000000`,
    s: String(t.epochSeconds),
    a: t.weekday,
    A: longDays[t.weekday]!,
    b: t.monthName,
    h: t.monthName,
    B: t.monthName,
    Z: 'UTC',
    z: '+0000',
    F: `${t.year}-${t.month}-${t.day}`,
    T: `${t.hour}:${t.minute}:${t.second}`,
    R: `${t.hour}:${t.minute}`,
    D: `${t.month}/${t.day}/${t.year.slice(2)}`,
    c: `${t.weekday} ${t.monthName} ${t.day.replace(/^0/, ' ')} ${t.hour}:${t.minute}:${t.second} ${t.year}`,
    n: '\n',
    t: '\t',
    '%': '%',
  };
  return pattern.replace(/%[-_0]?([A-Za-z%])/g, (all, letter: string) => parts[letter] ?? all);
}

function date(call: Call): number {
  const { os, argv } = call;
  const { flags } = options(argv, 'd');
  const pattern = argv.find((a) => a.startsWith('+'));
  const iso = 'I' in flags || argv.some((a) => a.startsWith('-I') || a.startsWith('--iso'));
  const text = pattern
    ? pattern.slice(1)
    : iso
      ? argv.some((a) => a.includes('seconds') || a.includes('-Is'))
        ? '%Y-%m-%dT%H:%M:%S+00:00'
        : '%F'
      : '%a %b %e %H:%M:%S UTC %Y';
  out(call, `${timeText(text, os.ctx.now)}\n`);
  return 0;
}

function env(call: Call): number {
  const { os, task, argv } = call;
  const visible: Record<string, string> = { ...exportedOf(task), ...call.env };
  const extra: Record<string, string> = {};
  let i = 1;
  for (; i < argv.length; i++) {
    const arg = argv[i]!;
    if (arg === '-i' || arg === '-') for (const name of Object.keys(visible)) delete visible[name];
    else if (arg === '-u') delete visible[argv[++i] ?? ''];
    else if (/^\w+=/.test(arg)) {
      const [name = '', value = ''] = arg.split(/=(.*)/s);
      extra[name] = value;
    } else break;
  }
  if (i < argv.length) {
    const { restore, tested } = task.utility!;
    task.utility = null;
    dispatch(os, task, argv.slice(i), { ...call.env, ...extra }, restore, tested);
    return task.status;
  }
  for (const [name, value] of Object.entries({ ...visible, ...extra })) out(call, `${name}=${value}\n`);
  return 0;
}

function printenv(call: Call): number {
  const visible: Record<string, string> = { ...exportedOf(call.task), ...call.env };
  if (call.argv.length === 1) return env(call);
  let code = 0;
  for (const name of call.argv.slice(1)) {
    if (visible[name] === undefined) code = 1;
    else out(call, `${visible[name]}\n`);
  }
  return code;
}

const signalOf = (text: string): string =>
  ({ '1': 'HUP', '2': 'INT', '3': 'QUIT', '9': 'KILL', '15': 'TERM', '10': 'USR1', '12': 'USR2', '0': '0' })[text] ??
  text.replace(/^SIG/i, '').toUpperCase();

/** Sends a signal to a process of the container. */
function send(call: Call, pid: number, signal: string): void {
  const { ctx, memory, container } = call.os;
  ctx.after(0, `runtime/${memory.node}`, 'signal', { id: container.id, pid, name: signal });
}

function kill(call: Call): number {
  const { container } = call.os;
  let signal = 'TERM';
  let code = 0;
  const pids: number[] = [];
  for (let i = 1; i < call.argv.length; i++) {
    const arg = call.argv[i]!;
    if (arg === '-s') signal = signalOf(call.argv[++i] ?? '');
    else if (/^-\w/.test(arg)) signal = signalOf(arg.slice(1));
    else pids.push(Number(arg.replace('%', '')));
  }
  for (const pid of pids) {
    const lives =
      pid === 1 || container.tasks.some((t) => t.pid === pid) || container.servers.some((s) => s.pid === pid);
    if (!lives) code = complain(call, `sh: can't kill pid ${pid}: No such process`);
    else if (signal !== '0') send(call, pid, signal);
  }
  return code;
}

/** Processes by name, as `killall nginx` and `pgrep sleep` find them. */
function byName(call: Call, name: string): number[] {
  return processes(call)
    .filter((p) => p.words.split(' ')[0]!.split('/').at(-1) === name)
    .map((p) => p.pid);
}

function processes({ os }: Call): { pid: number; words: string }[] {
  const { container } = os;
  const list = [
    ...container.servers.map((s) => ({ pid: s.pid, words: s.argv.join(' ') })),
    ...container.tasks.map((t) => ({
      pid: t.pid,
      words:
        t.utility && t.frames.length === 0
          ? t.utility.argv.join(' ')
          : t.frames.length > 0 && t.frames[0]!.kind !== 'typed'
            ? `${t.name} -c ${t.frames[0]!.code}`
            : t.name,
    })),
  ];
  return list.sort((a, b) => a.pid - b.pid);
}

function killAll(call: Call): number {
  const { rest } = options(call.argv);
  const zero = call.argv.includes('-0');
  const names = rest.filter((a) => !/^\d+$/.test(a));
  const pids = names.flatMap((name) => byName(call, name));
  if (pids.length === 0) return complain(call, `${call.argv[0]}: ${names[0]}: no process killed`);
  const signal = call.argv.find((a) => /^-[A-Z0-9]+$/.test(a));
  if (!zero) for (const pid of pids) send(call, pid, signal ? signalOf(signal.slice(1)) : 'TERM');
  return 0;
}

function ps(call: Call): number {
  out(call, 'PID   USER     TIME  COMMAND\n');
  for (const { pid, words } of processes(call))
    out(call, `${String(pid).padStart(5)} root      0:00 ${words.slice(0, 80).replaceAll('\n', ' ')}\n`);
  return 0;
}

function top(call: Call): number {
  const { os } = call;
  const machine = machinesOf(os.ctx).nodes.get(os.memory.node)!;
  const used = Math.round(memoryBytesOf(os.container, os.ctx.now) / 1024);
  out(call, `Mem: ${used}K used, ${Math.round(machine.memoryBytes / 1024) - used}K free\n`);
  return ps(call);
}

/** timeout SECONDS command: runs it and gives up after the time. Simplified: only what sleeps or waits is cut short. */
function timeout(call: Call): number {
  const { rest } = options(call.argv, 'sk');
  const at = call.argv.indexOf(rest[0] ?? '');
  const { restore, tested } = call.task.utility!;
  call.task.utility = null;
  const argv = call.argv.slice(at + 1);
  const limit = durationMs(rest[0] ?? '');
  if (argv[0] === 'sleep' && durationMs(argv[1] ?? '') > limit) {
    dispatch(call.os, call.task, ['sh', '-c', `sleep ${rest[0]}; exit 143`], call.env, restore, tested);
  } else dispatch(call.os, call.task, argv, call.env, restore, tested);
  return 0;
}

const say =
  (text: (call: Call) => string) =>
  (call: Call): number => {
    out(call, `${text(call)}\n`);
    return 0;
  };

/** Packages: of what is installed only the utilities known here can then be run (`apk add curl`). */
function packages(call: Call): number | Wait {
  if (call.state['begun']) {
    const verb = call.argv.findIndex((a) => a === 'add' || a === 'install');
    if (verb > 0)
      for (const name of call.argv.slice(verb + 1))
        if (/^[\w.+-]+$/.test(name) && !name.startsWith('-')) writeFile(call.os, `/var/lib/${name}.installed`, '');
    out(call, isAsh(call) ? 'OK: 12 MiB in 20 packages\n' : 'Reading package lists... Done\n');
    return 0;
  }
  call.state['begun'] = true;
  return sleepFor(call, 3000);
}

/** Processes, time, environment, and what the machine says about itself. */
export const systemCommands = commands({
  sleep,
  date,
  env,
  printenv,
  kill,
  killall: killAll,
  pkill: killAll,
  pgrep: (call) => {
    const pids = byName(call, options(call.argv).rest[0] ?? '');
    for (const pid of pids) out(call, `${pid}\n`);
    return pids.length > 0 ? 0 : 1;
  },
  ps,
  top,
  timeout,
  hostname: (call) => {
    const { pod } = call.os;
    const { hostname, namespace } = pod.config;
    const flag = call.argv[1];
    out(
      call,
      `${flag === '-i' || flag === '-I' ? pod.ip : flag === '-f' ? `${hostname}.${namespace}.svc.cluster.local` : hostname}\n`,
    );
    return 0;
  },
  id: (call) => {
    const { flags } = options(call.argv);
    const { user = 0, group = 0 } = call.os.container.config;
    const named = (number: number): string => (number === 0 ? '0(root)' : String(number));
    const whole = `uid=${named(user)} gid=${named(group)} groups=${named(group)}`;
    out(call, `${'u' in flags ? user : 'g' in flags ? group : whole}\n`);
    return 0;
  },
  whoami: say(({ os }) => (os.container.config.user ? String(os.container.config.user) : 'root')),
  uname: (call) => {
    const { flags } = options(call.argv);
    const { hostname } = call.os.pod.config;
    const text =
      'a' in flags
        ? `Linux ${hostname} 6.12.0 #1 SMP x86_64 GNU/Linux`
        : 'n' in flags
          ? hostname
          : 'r' in flags
            ? '6.12.0'
            : 'm' in flags
              ? 'x86_64'
              : 'Linux';
    out(call, `${text}\n`);
    return 0;
  },
  nproc: say(({ os }) =>
    String(Math.max(1, Math.floor(machinesOf(os.ctx).nodes.get(os.memory.node)!.cpuMilli / 1000))),
  ),
  uptime: say(
    ({ os }) =>
      ` ${timeText('%T', os.ctx.now)} up ${Math.floor(os.ctx.now / 60_000)} min,  0 users,  load average: 0.10, 0.05, 0.01`,
  ),
  free: (call) => {
    const total = Math.round(machinesOf(call.os.ctx).nodes.get(call.os.memory.node)!.memoryBytes / 1024);
    out(
      call,
      `              total        used        free\nMem:     ${String(total).padStart(10)}  ${String(Math.round(total / 4)).padStart(10)}  ${String(total - Math.round(total / 4)).padStart(10)}\n`,
    );
    return 0;
  },
  mount: (call) => {
    out(call, 'overlay on / type overlay (rw,relatime)\n');
    for (const m of call.os.container.config.mounts)
      out(call, `/dev/vda1 on ${m.mountPath} type ext4 (${m.readOnly ? 'ro' : 'rw'},relatime)\n`);
    return 0;
  },
  which: (call) => {
    const name = call.argv[1] ?? '';
    if (!(name in call.os.utilities)) return 1;
    out(call, `/usr/bin/${name}\n`);
    return 0;
  },
  nohup: (call) => env(call),
  setsid: (call) => env(call),
  time: (call) => env(call),
  tty: (call) => complain(call, 'not a tty', 1),
  stty: () => 0,
  tar: () => 0,
  gzip: () => 0,
  sysctl: say(({ argv, os }) =>
    argv
      .slice(1)
      .filter((word) => !word.startsWith('-'))
      .map((word) =>
        word.includes('=') ? word : `${word} = ${os.pod.config.sysctls?.[word.replaceAll('/', '.')] ?? 0}`,
      )
      .join('\n'),
  ),
  clear: () => 0,
  apk: packages,
  apt: packages,
  'apt-get': packages,
});
