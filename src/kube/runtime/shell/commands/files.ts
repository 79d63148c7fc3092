import { fnv1a } from '../../../../kernel/index.ts';
import {
  isDirectory,
  listDirectory,
  makeDirectory,
  parentOf,
  modeOf,
  readFile,
  removeFile,
  resolvePath,
  writeFile,
} from '../../files.ts';
import { calendar } from '../../clock.ts';
import { patternToRegExp } from '../pattern.ts';
import { commands, type Call } from '../utility.ts';
import { complain, options, out } from './support.ts';

const at = ({ task }: Call, name: string): string => resolvePath(name, task.cwd);

function touch(call: Call): number {
  let code = 0;
  for (const name of options(call.argv, 'dtr').rest) {
    const path = at(call, name);
    if (readFile(call.os, path) !== undefined || isDirectory(call.os, path)) continue;
    const error = writeFile(call.os, path, '');
    if (error !== null) code = complain(call, `touch: ${name}: ${error}`);
  }
  return code;
}

function rm(call: Call): number {
  const { flags, rest } = options(call.argv);
  let code = 0;
  for (const name of rest) {
    const path = at(call, name);
    if (isDirectory(call.os, path)) {
      if (!('r' in flags || 'R' in flags)) code = complain(call, `rm: '${name}' is a directory`);
      else removeTree(call, path);
      continue;
    }
    const error = removeFile(call.os, path);
    if (error !== null && !('f' in flags)) code = complain(call, `rm: can't remove '${name}': ${error}`);
  }
  return code;
}

function removeTree(call: Call, path: string): void {
  for (const name of listDirectory(call.os, path) ?? []) {
    const inner = path === '/' ? `/${name}` : `${path}/${name}`;
    if (isDirectory(call.os, inner)) removeTree(call, inner);
    else removeFile(call.os, inner);
  }
  removeFile(call.os, path);
}

/** Linux: PATH_MAX. */
const longestPath = 4095;

function mkdir(call: Call): number {
  const { flags, rest } = options(call.argv, 'm');
  let code = 0;
  for (const name of rest) {
    const path = at(call, name);
    if (path.length > longestPath) {
      code = complain(call, `mkdir: can't create directory '${name}': File name too long`);
      continue;
    }
    if ('p' in flags) {
      let made = '';
      for (const part of path.split('/').slice(1)) {
        made += `/${part}`;
        if (!isDirectory(call.os, made)) makeDirectory(call.os, made);
      }
      continue;
    }
    const error = makeDirectory(call.os, path);
    if (error !== null) code = complain(call, `mkdir: can't create directory '${name}': ${error}`);
  }
  return code;
}

function ls(call: Call): number {
  const { flags, rest } = options(call.argv);
  let code = 0;
  const targets = rest.length > 0 ? rest : ['.'];
  for (const name of targets) {
    const path = at(call, name);
    const names = 'd' in flags ? undefined : listDirectory(call.os, path);
    if (names === undefined) {
      if (readFile(call.os, path) === undefined && !isDirectory(call.os, path))
        code = complain(call, `ls: ${name}: No such file or directory`);
      else out(call, entry(call, path, name, flags));
      continue;
    }
    if (targets.length > 1) out(call, `${name}:\n`);
    if ('l' in flags) out(call, `total ${names.length * 4}\n`);
    const shown = names.filter((n) => 'a' in flags || 'A' in flags || !n.startsWith('.'));
    out(call, shown.map((n) => entry(call, `${path === '/' ? '' : path}/${n}`, n, flags)).join(''));
  }
  return code;
}

/** 0o640 → `rw-r-----`. */
const rightsText = (mode: number): string =>
  [...'rwxrwxrwx'].map((letter, i) => (mode & (1 << (8 - i)) ? letter : '-')).join('');

function entry(call: Call, path: string, name: string, flags: Record<string, string>): string {
  if (!('l' in flags)) return `${name}\n`;
  const directory = isDirectory(call.os, path);
  const size = directory ? 4096 : (readFile(call.os, path) ?? '').length;
  const t = calendar(call.os.container.startedAt);
  const rights = `${directory ? 'd' : '-'}${rightsText(modeOf(call.os, path))}    ${directory ? 2 : 1}`;
  return `${rights} root     root     ${String(size).padStart(9)} ${t.monthName} ${t.day.replace(/^0/, ' ')} ${t.hour}:${t.minute} ${name}\n`;
}

/** What `stat` says about a file, in its own form or in a given one (`%a %n`); undefined when it is not there. */
function statText(call: Call, name: string, format: string | undefined): string | undefined {
  const path = at(call, name);
  const text = readFile(call.os, path);
  const directory = isDirectory(call.os, path);
  if (text === undefined && !directory) return undefined;
  const mode = modeOf(call.os, path);
  const octal = mode.toString(8);
  const rights = `${directory ? 'd' : '-'}${rightsText(mode)}`;
  const size = String(text?.length ?? 4096);
  const parts: Readonly<Record<string, string>> = { n: name, a: octal, A: rights, s: size, U: 'root', G: 'root' };
  if (format !== undefined) return `${format.replaceAll(/%([naAsUG])/g, (_, part: string) => parts[part]!)}\n`;
  const kind = directory ? 'directory' : 'regular file';
  return `  File: ${name}\n  Size: ${size}\tBlocks: 8\tIO Block: 4096\t${kind}\nAccess: (0${octal}/${rights})  Uid: (    0/    root)   Gid: (    0/    root)\n`;
}

function copy(call: Call, move: boolean): number {
  const { flags, rest } = options(call.argv);
  const target = rest.pop();
  const name = call.argv[0]!;
  if (target === undefined || rest.length === 0) return complain(call, `${name}: missing file operand`);
  let code = 0;
  for (const source of rest) {
    const from = at(call, source);
    const to = isDirectory(call.os, at(call, target))
      ? `${at(call, target)}/${source.replace(/\/+$/, '').split('/').at(-1)}`
      : at(call, target);
    if (isDirectory(call.os, from)) {
      if (!move && !('r' in flags || 'R' in flags || 'a' in flags))
        code = complain(call, `cp: omitting directory '${source}'`);
      else copyTree(call, from, source.endsWith('/.') ? at(call, target) : to);
      if (move) removeTree(call, from);
      continue;
    }
    const text = readFile(call.os, from);
    const error = text === undefined ? 'No such file or directory' : writeFile(call.os, to, text);
    if (error !== null)
      code = complain(
        call,
        `${name}: can't ${text === undefined ? 'stat' : 'create'} '${text === undefined ? source : target}': ${error}`,
      );
    else if (move) removeFile(call.os, from);
  }
  return code;
}

function copyTree(call: Call, from: string, to: string): void {
  makeDirectory(call.os, to);
  for (const name of listDirectory(call.os, from) ?? []) {
    if (isDirectory(call.os, `${from}/${name}`)) copyTree(call, `${from}/${name}`, `${to}/${name}`);
    else writeFile(call.os, `${to}/${name}`, readFile(call.os, `${from}/${name}`) ?? '');
  }
}

/** find DIR -name PATTERN -type f|d. Times are not kept: `-mmin` and `-mtime` match everything. */
function find(call: Call): number {
  const roots = call.argv
    .slice(1, call.argv.findIndex((a, i) => i > 0 && a.startsWith('-')) + 1 || undefined)
    .filter((a) => !a.startsWith('-'));
  const after = (option: string): string | undefined => {
    const i = call.argv.indexOf(option);
    return i < 0 ? undefined : call.argv[i + 1];
  };
  const name = after('-name');
  const type = after('-type');
  const re = name === undefined ? null : patternToRegExp(name);
  let code = 0;
  const visit = (path: string, shown: string): void => {
    const directory = isDirectory(call.os, path);
    if ((re === null || re.test(shown.split('/').at(-1)!)) && (type === undefined || (type === 'd') === directory))
      out(call, `${shown}\n`);
    if (directory)
      for (const n of listDirectory(call.os, path) ?? [])
        visit(`${path === '/' ? '' : path}/${n}`, `${shown.replace(/\/$/, '')}/${n}`);
  };
  for (const root of roots.length > 0 ? roots : ['.']) {
    const path = at(call, root);
    if (readFile(call.os, path) === undefined && !isDirectory(call.os, path))
      code = complain(call, `find: ${root}: No such file or directory`);
    else visit(path, root);
  }
  return code;
}

/** File utilities. */
export const fileCommands = commands({
  touch,
  rm,
  rmdir: (call) => {
    let code = 0;
    for (const name of options(call.argv).rest) {
      if ((listDirectory(call.os, at(call, name)) ?? []).length > 0)
        code = complain(call, `rmdir: '${name}': Directory not empty`);
      else {
        const error = removeFile(call.os, at(call, name));
        if (error !== null) code = complain(call, `rmdir: '${name}': ${error}`);
      }
    }
    return code;
  },
  mkdir,
  ls,
  cp: (call) => copy(call, false),
  mv: (call) => copy(call, true),
  ln: (call) => {
    const { rest } = options(call.argv);
    const text = readFile(call.os, at(call, rest[0] ?? ''));
    return text === undefined
      ? 0
      : writeFile(call.os, at(call, rest[1] ?? rest[0]!.split('/').at(-1)!), text) === null
        ? 0
        : 1;
  },
  find,
  basename: (call) => {
    const name = (call.argv[1] ?? '').replace(/\/+$/, '').split('/').at(-1)!;
    const suffix = call.argv[2] ?? '';
    out(call, `${suffix !== '' && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name}\n`);
    return 0;
  },
  dirname: (call) => {
    const name = call.argv[1] ?? '';
    out(
      call,
      `${name.includes('/') ? (name.startsWith('/') ? parentOf(name) : name.slice(0, name.lastIndexOf('/'))) : '.'}\n`,
    );
    return 0;
  },
  stat: (call) => {
    const { flags, rest } = options(call.argv, 'c');
    let code = 0;
    for (const name of rest) {
      const text = statText(call, name, flags['c']);
      if (text === undefined) code = complain(call, `stat: can't stat '${name}': No such file or directory`);
      else out(call, text);
    }
    return code;
  },
  du: (call) => {
    const { rest } = options(call.argv);
    for (const name of rest.length > 0 ? rest : ['.']) out(call, `4.0K\t${name}\n`);
    return 0;
  },
  df: (call) => {
    out(
      call,
      'Filesystem           1K-blocks      Used Available Use% Mounted on\noverlay               40470732  10117683  30353049  25% /\n',
    );
    return 0;
  },
  chmod: () => 0,
  chown: () => 0,
  chgrp: () => 0,
  sync: () => 0,
  mktemp: (call) => {
    const path = `/tmp/tmp.${String(call.os.ctx.random(`shell/${call.os.pod.config.podUid}`).int(1_000_000)).padStart(6, '0')}`;
    if (call.argv.includes('-d')) makeDirectory(call.os, path);
    else writeFile(call.os, path, '');
    out(call, `${path}\n`);
    return 0;
  },
  readlink: (call) => {
    out(call, `${at(call, options(call.argv).rest[0] ?? '')}\n`);
    return 0;
  },
  realpath: (call) => {
    out(call, `${at(call, call.argv[1] ?? '')}\n`);
    return 0;
  },
  truncate: (call) => {
    for (const name of options(call.argv, 's').rest) writeFile(call.os, at(call, name), '');
    return 0;
  },
  dd: (call) => {
    const words = Object.fromEntries(call.argv.slice(1).map((a) => a.split(/=(.*)/s) as [string, string]));
    // Without a count it copies zeros for ever and keeps a core busy.
    if (/^\/dev\/(?:zero|u?random)$/.test(words['if'] ?? '') && words['count'] === undefined)
      return { for: 'room', stream: -1 };
    if (words['of'] && words['of'] !== '/dev/null') writeFile(call.os, at(call, words['of']), '');
    return complain(call, `${words['count'] ?? 1}+0 records in\n${words['count'] ?? 1}+0 records out`, 0);
  },
  md5sum: (call) => digestOf(call, 32),
  sha256sum: (call) => digestOf(call, 64),
});

/** Simplified: a checksum that differs when the content does, not the real one. */
function digestOf(call: Call, length: number): number {
  for (const name of options(call.argv).rest) {
    const text = readFile(call.os, at(call, name));
    if (text === undefined) return complain(call, `${call.argv[0]}: can't open '${name}': No such file or directory`);
    let hex = '';
    for (let i = 0; hex.length < length; i++) hex += fnv1a(`${i}${text}`).toString(16).padStart(8, '0');
    out(call, `${hex.slice(0, length)}  ${name}\n`);
  }
  return 0;
}
