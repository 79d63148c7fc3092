import { describe, expect, it } from 'vitest';
import { createWorkbench, type Outside } from '../workbench.ts';

/** Runs a script as process 1 of busybox (or another image) and returns what came of it. */
function run(script: string, image = 'busybox', ms = 60_000, outside: Outside = {}) {
  const w = createWorkbench(outside);
  const shell = image === 'busybox' ? 'sh' : 'bash';
  const { id } = w.start(image, { command: [shell, '-c', script], env: { GREETING: 'hello', EMPTY: '' } });
  w.run(ms);
  const exited = w.of('container-exited')[0];
  return { out: w.logs(id).join('\n'), code: exited?.payload['exitCode'], at: exited?.at, w, id };
}

describe('the shell', () => {
  it.each<[string, string, number]>([
    ['echo hi', 'hi', 0],
    ['echo -n a; echo b', 'ab', 0],
    ['echo -e "a\\tb"', 'a\tb', 0],
    ['false || echo no && echo yes', 'no\nyes', 0],
    ['true && false', '', 1],
    ['! true; echo $?', '1', 0],
    ['exit 42', '', 42],
    ['foo', 'sh: foo: not found', 127],
    ['x=5; y=$((x*2+1)); echo "$y"', '11', 0],
    ['i=0; while [ $i -lt 3 ]; do echo $i; i=$((i+1)); done', '0\n1\n2', 0],
    ['i=3; until [ $i -eq 0 ]; do i=$(expr $i - 1); done; echo $i', '0', 0],
    ['for f in a "b c" d; do echo "<$f>"; done', '<a>\n<b c>\n<d>', 0],
    ['for i in 1 2 3 4; do [ $i = 2 ] && continue; [ $i = 4 ] && break; echo $i; done', '1\n3', 0],
    ['if [ -z "$EMPTY" ]; then echo empty; elif true; then echo x; else echo y; fi', 'empty', 0],
    ['case "$GREETING" in hi|hey) echo 1;; hel*) echo 2;; *) echo 3;; esac', '2', 0],
    ['echo ${GREETING}-${NOPE:-none}-${#GREETING}-${GREETING%lo}-${GREETING#he}', 'hello-none-5-hel-llo', 0],
    ['f() { echo "in $1"; return 3; }; f x; echo $?', 'in x\n3', 0],
    ['echo one two three | tr " " "\\n" | sort | head -n 2', 'one\nthree', 0],
    ['printf "%s=%03d\\n" a 7 b 12', 'a=007\nb=012', 0],
    ['echo "$(echo nested $(echo deep))"', 'nested deep', 0],
    ['echo `echo back`', 'back', 0],
    [
      'echo hi > /tmp/x; echo ho >> /tmp/x; cat /tmp/x; rm /tmp/x; cat /tmp/x',
      "hi\nho\ncat: can't open '/tmp/x': No such file or directory",
      1,
    ],
    ['ls /nope 2>/dev/null; echo $?', '1', 0],
    ['ls /nope 2>&1 | sed s/No/no/', 'ls: /nope: no such file or directory', 0],
    ['cat <<EOF\nhello $GREETING\nEOF', 'hello hello', 0],
    ["cat <<'EOF'\nhello $GREETING\nEOF", 'hello $GREETING', 0],
    ['printf "a 1\\nb 2\\n" | while read k v; do echo "$v$k"; done', '1a\n2b', 0],
    ['set -e; false; echo never', '', 1],
    ['set -e; if false; then :; fi; false || true; echo here', 'here', 0],
    ['(cd /tmp; pwd); pwd', '/tmp\n/', 0],
    ['x=1; (x=2; exit 4); echo $x $?', '1 4', 0],
    ['{ echo a; echo b; } > /tmp/f; wc -l /tmp/f', '2 /tmp/f', 0],
    ['set -- a b c; shift; echo $# $1 "$@"', '2 b b c', 0],
    ['trap "echo bye" EXIT; echo hi; exit 3', 'hi\nbye', 3],
    ['seq 1 3 | xargs echo', '1 2 3', 0],
    ['echo a,b,c | cut -d, -f2', 'b', 0],
    ['echo "x y z" | awk \'{print $2}\'', 'y', 0],
    ['echo "scale=2; 7/2" | bc; echo "2^3+1" | bc', '3.50\n9', 0],
    ['eval "a=1; echo \\$a"', '1', 0],
    ['echo $GREETING | grep -q hell && echo match', 'match', 0],
    ['echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab | grep -E "^(a+)+$" || echo none', 'none', 0],
    ['echo b=2,a=1 | sed -E "s/(.)=([0-9])/\\2\\1/g"', '2b,1a', 0],
    [
      'f=/a/b-1-2.tar.gz; echo ${f##*/} ${f%%-*} ${f%-*} ${f%.*} ${f//a/A}',
      'b-1-2.tar.gz /a/b /a/b-1 /a/b-1-2.tar /A/b-1-2.tAr.gz',
      0,
    ],
    ['test -f /etc/hostname && [ -d /tmp -a ! -e /x ] && echo ok', 'ok', 0],
    ['mkdir -p /a/b && touch /a/b/c && ls /a/b; rm -rf /a; ls /a', 'c\nls: /a: No such file or directory', 1],
    ['echo hi > /nope/x', "sh: can't create /nope/x: nonexistent directory", 1],
    ['date +%F_%T', '2026-01-01_00:00:00', 0],
    ['if true; then echo x', 'sh: syntax error: unexpected end of file', 2],
    ['sh -c \'echo "sub $1" ; exit 5\' name arg; echo $?', 'sub arg\n5', 0],
    ['sleep 1 & wait; echo done', 'done', 0],
    ['yes | head -n 2', 'y\ny', 0],
    ['A=1 env | grep ^A=; echo "[$A]"', 'A=1\n[]', 0],
    ['hostname; echo $HOSTNAME', 'pod-1\npod-1', 0],
    ['echo c b a | tr " " "\\n" | sort -r | tail -1', 'a', 0],
    ['x=$(cat /etc/nope 2>/dev/null) || echo failed', 'failed', 0],
    ['[ 1 -eq x ]; echo $?', 'sh: x: bad number\n2', 0],
    ['echo $((7 / 2)) $((7 % 2)) $((1 << 4)) $((3 > 2 ? 10 : 20))', '3 1 16 10', 0],
  ])('%s', (script, out, code) => {
    expect(run(script)).toMatchObject({ out, code });
  });

  it.each<[string, string, number]>([
    [
      'items=(foo bar baz); echo ${items[1]} ${#items[@]}; for i in "${items[@]}"; do echo $i; done',
      'bar 3\nfoo\nbar\nbaz',
      0,
    ],
    ['for i in {1..3}; do echo $i; done', '1\n2\n3', 0],
    ['for ((i=0;i<2;i++)); do echo $i; done', '0\n1', 0],
    ['[[ "abc" == a* && ! -f /x ]] && echo yes', 'yes', 0],
    ['[[ "web-2" =~ -([0-9]+)$ ]] && echo ${BASH_REMATCH[1]}', '2', 0],
    ['set -euo pipefail; echo ${NOPE}', 'bash: line 1: NOPE: parameter not set', 1],
    ['foo', 'bash: line 1: foo: command not found', 127],
  ])('bash: %s', (script, out, code) => {
    expect(run(script, 'centos')).toMatchObject({ out, code });
  });

  it('sleeps in virtual time, and process 1 without a trap outlives SIGTERM until it is killed', () => {
    const w = createWorkbench();
    const { id } = w.start('busybox', { command: ['sh', '-c', 'sleep 3600'] });
    w.run(1000);
    w.cri.stopContainer(w.ctx, 'node-1', id, 30_000);
    w.run(40_000);
    expect(w.of('container-exited')[0]).toMatchObject({ at: 31_000, payload: { exitCode: 137, reason: 'Error' } });
  });

  it('runs the trap of a shell that waits', () => {
    const w = createWorkbench();
    const { id } = w.start('busybox', { command: ['sh', '-c', 'trap "echo bye; exit 0" TERM; sleep 3600 & wait'] });
    w.run(1000);
    w.cri.stopContainer(w.ctx, 'node-1', id, 30_000);
    w.run(10);
    expect(w.logs(id)).toEqual(['bye']);
    expect(w.of('container-exited')[0]!.payload).toMatchObject({ exitCode: 0 });
  });

  it.each<[string, string]>([
    ['x=ab; while true; do x=$x$x; done', 'out of memory'],
    ['x=ab; while true; do x="$x$x"; echo "$x$x" > /dev/null; done', 'out of memory'],
    [`echo $((${'('.repeat(5000)}1${')'.repeat(5000)}))`, 'recursion level exceeded'],
    [`${'( '.repeat(5000)}true${' )'.repeat(5000)}`, 'nested too deep'],
    [`mkdir -p ${'a/'.repeat(5000)}`, 'File name too long'],
  ])('ends what asks for too much: %.30s …', (script, complaint) => {
    const { out, code } = run(script);
    expect(out).toContain(complaint);
    expect(code).not.toBe(0);
  });

  it('lets an endless loop use a core without freezing anything', () => {
    const { w } = run('while true; do :; done', 'busybox', 20_000);
    const before = w.kernel.state.steps;
    w.run(10_000);
    expect(w.kernel.state.steps - before).toBeLessThan(100);
    expect(w.cri.usage(w.ctx, 'node-1', 'uid-1').cpuMilli).toBeGreaterThan(950);
  });

  it('asks other hosts, and words their silence as busybox does', () => {
    const outside = { web: { body: 'welcome\n' }, sick: { ok: false, status: 503 } };
    expect(run('wget -qO- http://web/x', 'busybox', 5000, outside)).toMatchObject({ out: 'welcome', code: 0 });
    expect(run('wget -q -O /dev/null http://sick', 'busybox', 5000, outside).out).toBe(
      'wget: server returned error: HTTP/1.1 503 Service Unavailable',
    );
    expect(run('until nslookup web >/dev/null; do sleep 2; done; echo found', 'busybox', 5000, outside).out).toBe(
      'found',
    );
    expect(run('wget -qO- http://nobody', 'busybox', 5000, outside)).toMatchObject({
      out: "wget: bad address 'nobody'",
      code: 1,
    });
  });

  it('ends at once without a script, and waits when its input stays open', () => {
    const w = createWorkbench();
    w.start('busybox');
    w.start('ubuntu', { stdin: true });
    w.run(60_000);
    expect(w.of('container-exited').map((e) => [e.payload['podUid'], e.payload['exitCode']])).toEqual([['uid-1', 0]]);
  });

  it('has curl in alpine only after apk add', () => {
    const outside = { web: { body: 'hi\n' } };
    expect(run('curl -s web; apk add --no-cache curl >/dev/null && curl -s web', 'busybox', 9000, outside).out).toBe(
      'sh: curl: not found\nhi',
    );
  });

  it('follows a file that another container of the pod writes', () => {
    const w = createWorkbench();
    const mounts = [{ volume: 'logs', mountPath: '/var/log', readOnly: false }];
    const sandbox = { podUid: 'uid-1', volumes: { logs: {} } };
    w.start(
      'busybox',
      { mounts, command: ['sh', '-c', 'while true; do echo tick >> /var/log/a.log; sleep 1; done'] },
      sandbox,
    );
    const { id } = w.start(
      'busybox',
      { name: 'reader', mounts, command: ['sh', '-c', 'tail -n+1 -F /var/log/a.log'] },
      sandbox,
    );
    w.run(2500);
    expect(w.logs(id)).toEqual(['tick', 'tick', 'tick']);
  });

  it('has the same future after a checkpoint in the middle of a loop', () => {
    const script =
      'i=0; while true; do i=$((i+1)); echo $i | while read n; do (sleep 1; echo "n$n $(date +%S)"); done; done';
    const { w } = run(script, 'busybox', 3500);
    const saved = w.kernel.checkpoint();
    w.run(5000);
    const future = w.kernel.digest();
    w.kernel.restore(saved);
    w.run(5000);
    expect(w.kernel.digest()).toBe(future);
    // As plain data only: what JSON keeps is enough, but for Map and Set.
    w.kernel.restore(structuredClone(saved));
    w.run(5000);
    expect(w.kernel.digest()).toBe(future);
  });
});

describe('exec', () => {
  it('shares files with the container, catches output, and tells the kubelet of changed files', () => {
    const w = createWorkbench();
    const { id } = w.start('busybox', {
      command: ['sh', '-c', 'touch /tmp/healthy; sleep 30; rm -f /tmp/healthy; sleep 600'],
    });
    w.cri.exec(w.ctx, 'node-1', id, ['cat', '/tmp/healthy'], 'a', 1000);
    w.cri.exec(w.ctx, 'node-1', id, ['sh', '-c', 'echo hi; exit 3'], 'b', 1000);
    w.cri.exec(w.ctx, 'node-1', id, ['bash'], 'c', 1000);
    w.cri.exec(w.ctx, 'node-1', id, ['sleep', '10'], 'd', 1000);
    w.run(31_000);
    w.cri.exec(w.ctx, 'node-1', id, ['cat', '/tmp/healthy'], 'e', 1000);
    w.run(100);
    expect(w.of('exec-done').map((e) => e.payload)).toEqual([
      { token: 'a', exitCode: 0, output: '', timedOut: false },
      { token: 'b', exitCode: 3, output: 'hi\n', timedOut: false },
      {
        token: 'c',
        exitCode: 126,
        output: expect.stringContaining('"bash": executable file not found in $PATH'),
        timedOut: false,
      },
      { token: 'd', exitCode: 137, output: '', timedOut: true },
      {
        token: 'e',
        exitCode: 1,
        output: "cat: can't open '/tmp/healthy': No such file or directory\n",
        timedOut: false,
      },
    ]);
    expect(w.of('behaviour-changed').map((e) => e.at)).toEqual([0, 30_000]);
  });
});
