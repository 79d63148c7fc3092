import { describe, expect, it } from 'vitest';
import type { ContainerConfig, Typing } from './cri.ts';
import { createWorkbench, type Workbench } from './workbench.ts';

interface Session {
  readonly w: Workbench;
  /** Types something; returns what was printed because of it. */
  type(text: string, then?: Typing): string;
  /** What ended it, if it has ended. */
  end(): unknown;
}

/** A client outside connects itself with a container; `command` null attaches. */
function open(
  image: string,
  command: readonly string[] | null,
  tty: boolean,
  config: Partial<ContainerConfig> = {},
): Session {
  const w = createWorkbench();
  const { id } = w.start(image, { command: ['sleep', '3600'], ...config });
  let read = 0;
  const printed = (): string => {
    const all = w.of('observation').map(({ payload }) => payload);
    const text = all
      .slice(read)
      .map((told) => (told['type'] === 'exec-output' ? String(told['text']) : ''))
      .join('');
    read = all.length;
    return text;
  };
  w.cri.open(w.ctx, 'node-1', id, command, { exec: 7, stdin: true, tty });
  return {
    w,
    type(text, then = 'more') {
      w.cri.type(w.ctx, 'node-1', id, 7, text, then);
      w.run(10);
      return printed();
    },
    end: () => w.of('observation').find(({ payload }) => payload['type'] === 'exec-end')?.payload,
  };
}

describe('a shell without a terminal', () => {
  it('reads its script command by command and ends with the last one', () => {
    const s = open('busybox', ['sh'], false);
    expect(s.type('echo one\necho tw')).toBe('one\n');
    expect(s.type('o; cd /etc\npwd\n')).toBe('two\n/etc\n');
    expect(s.type('for i in 1 2; do\n echo $i\n')).toBe('');
    expect(s.type('done\ncat <<END\n$(pwd)\n')).toBe('1\n2\n');
    expect(s.type('END\nfalse\n')).toBe('/etc\n');
    expect(s.end()).toBeUndefined();
    s.type('', 'ended');
    expect(s.end()).toMatchObject({ id: 7, exitCode: 1 });
  });

  it('gives its input to what it runs', () => {
    const s = open('busybox', ['sh', '-c', 'read x; echo "got $x"; cat'], false);
    expect(s.type('a\nb\nc')).toBe('got a\nb\n');
    expect(s.type('\n', 'ended')).toBe('c\n');
    expect(s.end()).toMatchObject({ exitCode: 0 });
  });
});

describe('a shell on a terminal', () => {
  it('asks, echoes, takes letters back, and goes on after a mistake', () => {
    const s = open('busybox', ['sh'], true);
    expect(s.type('')).toBe('/ # ');
    expect(s.type('ech\u007fho x\r')).toBe('ech\b \bho x\r\nx\r\n/ # ');
    expect(s.type('if true\r')).toBe('if true\r\n> ');
    expect(s.type('then echo y; fi\r')).toBe('then echo y; fi\r\ny\r\n/ # ');
    expect(s.type('echo $((1+\r')).toContain('> ');
    expect(s.type('\u0003')).toBe('^C\r\n/ # ');
    expect(s.type('ps\r')).toMatch(/0:00 sleep 3600\r\n +\d+ root +0:00 sh\r\n/);
    expect(s.type(')\r')).toBe(')\r\nsh: syntax error: unexpected ")"\r\n/ # ');
    s.type('exit 4\r');
    expect(s.end()).toMatchObject({ exitCode: 4 });
  });

  it('Ctrl+C ends what runs in it; Ctrl+D ends the input of what reads it, then the shell', () => {
    const s = open('nginx', ['bash'], true);
    expect(s.type('')).toBe('root@pod-1:/# ');
    s.type('sleep 100\r');
    expect(s.type('\u0003')).toBe('^C\r\nroot@pod-1:/# ');
    expect(s.type('cat\rhi\r')).toBe('cat\r\nhi\r\nhi\r\n');
    expect(s.type('\u0004')).toBe('root@pod-1:/# ');
    expect(s.end()).toBeUndefined();
    expect(s.type('\u0004')).toBe('exit\r\n');
    expect(s.end()).toMatchObject({ exitCode: 0 });
  });

  it('hangs up with its client', () => {
    const s = open('busybox', ['sh'], true);
    s.type('sleep 100\r');
    s.type('', 'gone');
    expect(s.end()).toMatchObject({ exitCode: 129 });
  });
});

describe('attaching to the main process', () => {
  it('types into it and sees what it prints from then on; the log has it too', () => {
    const s = open('busybox', null, true, { command: ['sh'], stdin: true, tty: true });
    expect(s.type('echo hi\r')).toBe('echo hi\r\nhi\r\n/ # ');
    expect(s.w.logs(s.w.cri.list(s.w.ctx, 'node-1')[0]!.id)).toEqual(['/ # echo hi', 'hi']);
    s.type('exit 3\r');
    expect(s.end()).toMatchObject({ exitCode: 0 });
    expect(s.w.of('container-exited')[0]!.payload).toMatchObject({ exitCode: 3 });
  });

  it('leaves the input open for the next client, unless it is to be closed once', () => {
    for (const stdinOnce of [false, true]) {
      const s = open('busybox', null, false, { command: ['cat'], stdin: true, stdinOnce });
      expect(s.type('a\n')).toBe('a\n');
      s.type('', 'gone');
      expect(s.w.of('container-exited')).toHaveLength(stdinOnce ? 1 : 0);
    }
  });
});

it('what still writes for a client that has gone dies', () => {
  const s = open('busybox', ['sh', '-c', 'while true; do echo y; sleep 1; done'], false);
  s.type('', 'ended');
  s.w.run(3000);
  expect(s.end()).toBeUndefined();
  s.type('', 'gone');
  s.w.run(2000);
  expect(s.end()).toMatchObject({ exitCode: 141 });
});

it('an exec is as it was after a return to a checkpoint', () => {
  const { w } = open('busybox', ['sh'], true);
  const [{ id } = { id: '' }] = w.cri.list(w.ctx, 'node-1');
  w.cri.type(w.ctx, 'node-1', id, 7, 'x=5\rsleep 5; echo $x\r', 'more');
  const saved = w.kernel.checkpoint();
  w.run(6000);
  const future = w.kernel.digest();
  w.kernel.restore(structuredClone(saved));
  w.run(6000);
  expect(w.kernel.digest()).toBe(future);
});
