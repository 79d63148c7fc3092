import { beforeEach, expect, test } from 'vitest';
import type { CommandResult, KubectlInput, LineWaits } from '../../protocol/index.ts';
import type { Host, Moment } from './host.ts';
import { createShell, type Shell } from './shell.ts';

/** What the fake cluster answers, by line; what is not named prints its line. */
let answers: Record<string, CommandResult | LineWaits>;
let given: (KubectlInput | { type: string })[];
let screen: string;
let moment: Moment;
let kept: readonly string[];
let shell: Shell;

const result = (stdout: string, exitCode = 0, stderr = ''): CommandResult => ({
  type: 'result',
  id: 0,
  stdout,
  stderr,
  exitCode,
  failures: [],
});

const host: Host = {
  kubectl(input) {
    given.push(input);
    return Promise.resolve(
      answers[input.line] ?? result(`did ${input.line}${input.stdin ? ` <${input.stdin}` : ''}\n`),
    );
  },
  look: (input) => Promise.resolve(/^(get|describe)/.test(input.line) ? result(`past ${input.line}\n`) : null),
  interrupt: (line) => void given.push({ type: `interrupt ${line}` }),
  type: (line, text, end) => void given.push({ type: `type ${line} ${JSON.stringify(text)}${end ? ' end' : ''}` }),
  forwards: (forward) =>
    void given.push({ type: forward ? `forwards ${forward.line} ${forward.pod}` : 'forwards no more' }),
  answered: ({ status }) => void given.push({ type: `answered ${status}` }),
  complete: (line) =>
    Promise.resolve({
      from: line.lastIndexOf(' ') + 1,
      words: ['web-1', 'web-2'].filter((w) => w.startsWith(line.slice(line.lastIndexOf(' ') + 1))),
    }),
  files: () => ({ 'manifest.yaml': 'kind: Pod\n' }),
  edit: () => Promise.resolve(false),
  stopEditing() {},
  moment: () => moment,
  leave: () => void given.push({ type: 'leave' }),
  words: {
    forked: 'forked',
    lost: 'lost',
    refused: 'refused',
    notWatched: 'not watched',
    help: 'help',
    tooLong: 'too long',
    welcome: 'welcome',
    verb: (line) => `kubectl ${line}`,
    editing: (name) => `editing ${name}`,
  },
};

beforeEach(() => {
  answers = {};
  given = [];
  screen = '';
  kept = [];
  moment = {
    run: 1,
    now: 5000,
    head: 5000,
    branch: 1,
    branches: [{ id: 1, parent: null, forkedAt: 0, head: 5000, label: '' }],
  };
  shell = createShell(
    { write: (text) => void (screen += text), columns: 80, clear: () => void (screen = '') },
    host,
    [],
    (lines) => void (kept = lines),
  );
});

const settled = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 5));

/** Types, waits until all has been answered, and gives what is on the screen, without colours. */
async function typed(text: string): Promise<string> {
  shell.type(text);
  await settled();
  // oxlint-disable-next-line no-control-regex -- colours and moves of the cursor
  return screen.replace(/\u001b\[[\d;?]*[A-Za-z]/g, '').replaceAll('\r', '');
}

const lines = (): string[] => given.map((input) => ('line' in input ? input.line : input.type));

test('a line goes to the cluster as it was typed, and its exit code decides what follows', async () => {
  answers['get pods nothing'] = result('', 1, 'Error from server (NotFound)\n');
  expect(await typed(`kubectl get po -l 'a in (b)' && k get no\r`)).toContain(
    `did get po -l 'a in (b)'\ndid get no\n$ `,
  );
  expect(await typed('kubectl get pods nothing && echo never || echo $?\r')).toContain('(NotFound)\n1\n$ ');
  expect(lines()).toEqual([`get po -l 'a in (b)'`, 'get no', 'get pods nothing']);
});

test('what one prints the next one gets: filters, and kubectl again', async () => {
  answers['get pods'] = result('web-1 Running\nweb-2 Pending\n');
  expect(await typed('kubectl get pods | grep -v Pending | kubectl apply -f -\r')).toContain(
    'did apply -f - <web-1 Running\n',
  );
});

test('files go along only with a line that names some', async () => {
  await typed('kubectl apply -f manifest.yaml\rkubectl get pods\r');
  expect(given).toEqual([
    { type: 'kubectl', line: 'apply -f manifest.yaml', files: { 'manifest.yaml': 'kind: Pod\n' } },
    { type: 'kubectl', line: 'get pods' },
  ]);
});

test('pasted lines run one after the other; a here-document among them is one line of the history', async () => {
  const paste = 'kubectl get pods\nkubectl apply -f - <<EOF\na: 1\nEOF\nkubectl get no';
  expect(await typed(`\u001b[200~${paste.replaceAll('\n', '\r')}\u001b[201~`)).toMatch(/\$ kubectl get no$/);
  expect(lines()).toEqual(['get pods', 'apply -f -']);
  expect(given[1]).toMatchObject({ stdin: 'a: 1\n' });
  expect(kept).toEqual(['kubectl get pods', 'kubectl apply -f - <<EOF\na: 1\nEOF']);
  expect(await typed('\u0015\u001b[A')).toMatch(/kubectl apply -f - <<EOF\na: 1\nEOF$/);
});

test('a line that waits prints as it is told, until Ctrl+C; what was typed meanwhile comes after', async () => {
  answers['get pods -w'] = { type: 'waits', id: 7 };
  await typed('kubectl get pods -w\r');
  expect(shell.waits).toBe(true);
  shell.follow({ moment, outputs: [{ type: 'output', id: 7, stdout: 'one\n', stderr: '' }] });
  shell.follow({ moment, outputs: [{ type: 'output', id: 6, stdout: 'other\n', stderr: '' }] });
  expect(await typed('echo next\r')).toMatch(/-w\none\n$/);
  expect(await typed('\u0003')).toMatch(/one\n\^C\n\$ $/);
  expect(lines()).toEqual(['get pods -w', 'interrupt 7']);
});

test('a filter that wants no more ends the line before it', async () => {
  answers['get pods -w'] = { type: 'waits', id: 7 };
  await typed('kubectl get pods -w | head -1\r');
  shell.follow({ moment, outputs: [{ type: 'output', id: 7, stdout: 'one\ntwo\n', stderr: '' }] });
  expect(await typed('')).toMatch(/head -1\none\n\$ $/);
  expect(lines()).toEqual(['get pods -w', 'interrupt 7']);
});

test('a line that waits is given up where it was not begun', async () => {
  answers['get pods -w'] = { type: 'waits', id: 7 };
  await typed('kubectl get pods -w\r');
  shell.follow({ moment, outputs: [] });
  const fork = { id: 2, parent: 1, forkedAt: 6000, head: 6000, label: '' };
  shell.follow({ moment: { ...moment, now: 6000, branch: 2, branches: [...moment.branches, fork] }, outputs: [] });
  expect(shell.waits).toBe(true);
  shell.follow({ moment: { ...moment, now: 4000 }, outputs: [] });
  expect(await typed('')).toMatch(/# lost\n\$ $/);
});

test('in the past a line that reads is a look, any other forks and says so', async () => {
  moment = { ...moment, now: 1000 };
  expect(await typed('kubectl get pods\r')).toContain('past get pods\n');
  expect(given).toEqual([]);
  expect(await typed('kubectl delete pod web\r')).toContain('# forked\ndid delete pod web\n');
});

test('nothing that the cluster prints moves the cursor or colours', async () => {
  answers['logs web'] = result('\u001b[31mred\u001b[0m \u001b]0;title\u0007\u0008\u009b2Jplain\u202e\n');
  await typed('kubectl logs web\r');
  expect(screen).toContain('red 2Jplain\r\n');
});

test('Tab completes as far as it is clear; the second shows what there is', async () => {
  expect(await typed('kubectl get pods w\t')).toMatch(/pods web-$/);
  expect(await typed('\t')).toMatch(/pods web-\nweb-1 {2}web-2\n\$ kubectl get pods web-$/);
  expect(await typed('1\t')).toMatch(/pods web-1 $/);
  expect(await typed('\u0015cat m\t| wc\r')).toMatch(/cat manifest.yaml \| wc\n +1 +2 +10\n\$ $/);
});

test('a shell in a container gets lines, echoes them, and asks with its own prompt', async () => {
  answers['exec -it web -- sh'] = { type: 'waits', id: 7 };
  const tell = (stdout: string): void =>
    shell.follow({ moment, outputs: [{ type: 'output', id: 7, stdout, stderr: '' }] });
  await typed('kubectl exec -it web -- sh\r');
  shell.follow({ moment, outputs: [{ type: 'output', id: 7, stdout: '', stderr: '', keyboard: 'terminal' }] });
  tell('/ # ');
  await typed('ls\r');
  tell('ls\r\n');
  tell('bin\r\n/ # ');
  expect(await typed('exit')).toMatch(/\/ # ls\nbin\n\/ # exit$/);
  await typed('\u0003');
  expect(lines()).toEqual(['exec -it web -- sh', 'type 7 "ls\\n"', 'type 7 "\\u0003"']);
  shell.follow({
    moment,
    outputs: [result('', 0), { ...result('', 3, 'command terminated with exit code 3\n'), id: 7 }],
  });
  expect(await typed('echo $?\r')).toMatch(/command terminated with exit code 3\n\$ echo \$\?\n3\n\$ $/);
});

test('what the page does by kubectl is told around what is being typed', async () => {
  await typed('kubectl get');
  shell.tell('delete pod web', result('pod "web" deleted\n'));
  expect(await typed('')).toMatch(/# kubectl delete pod web\npod "web" deleted\n\$ kubectl get$/);
});

test('a line that forwards ports opens a browser, whose answers come with the line, until Ctrl+C', async () => {
  answers['port-forward pod/web 8080:80'] = { type: 'waits', id: 7 };
  await typed('kubectl port-forward pod/web 8080:80\r');
  const output = { type: 'output', id: 7, stdout: '', stderr: '' } as const;
  const forwards = { namespace: 'default', pod: 'web', uid: 'u', ports: [{ local: 8080, remote: 80 }] };
  const answered = { type: 'dialled', id: 8, status: 200, headers: {}, body: 'hello' } as const;
  shell.follow({ moment, outputs: [{ ...output, forwards }] });
  shell.follow({ moment, outputs: [{ ...output, answered }] });
  await typed('\u0003');
  expect(lines().slice(1)).toEqual(['forwards 7 web', 'answered 200', 'interrupt 7', 'forwards no more']);
});
