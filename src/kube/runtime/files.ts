import type { Context } from '../../kernel/index.ts';
import { imageOf } from './catalogue.ts';
import type { SandboxConfig } from './cri.ts';
import { diskOf, tellBehaviour, type Container, type Files, type RuntimeMemory, type Sandbox } from './memory.ts';

/** A container seen from inside, for the time of one event. */
export interface Scope {
  readonly ctx: Context;
  readonly memory: RuntimeMemory;
  readonly pod: Sandbox;
  readonly container: Container;
}

/** Marks a file of the image that the container has removed. */
const gone = '\u0000';
/** Longest file; what is written beyond pushes out the oldest half. Simplified: a disk never fills up. */
const maxFileChars = 262_144;

/** Directories of every image. */
const baseDirectories = new Set(
  (
    '/ /bin /dev /etc /home /lib /media /mnt /opt /proc /proc/1 /root /run /sbin /srv /sys /tmp /usr /usr/bin /usr/lib /usr/local ' +
    '/usr/local/bin /usr/sbin /usr/share /var /var/cache /var/lib /var/log /var/run /var/spool /var/tmp'
  ).split(' '),
);

/** An absolute path without `.`, `..` and doubled slashes. */
export function resolvePath(path: string, cwd = '/'): string {
  const parts: string[] = [];
  for (const part of (path.startsWith('/') ? path : `${cwd}/${path}`).split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return `/${parts.join('/')}`;
}

interface Mounted {
  readonly volume: string;
  /** Path inside the volume, without a leading slash. */
  readonly inner: string;
  readonly readOnly: boolean;
}

/** The mount that a path is in, innermost first; null on the container's own disk. */
function mountOf({ pod, container }: Scope, path: string): Mounted | null {
  let best: Mounted | null = null;
  let length = -1;
  for (const mount of container.config.mounts) {
    const at = mount.mountPath.length > 1 ? mount.mountPath.replace(/\/$/, '') : mount.mountPath;
    if (at.length <= length || !(path === at || path.startsWith(at === '/' ? at : `${at}/`))) continue;
    if (!(mount.volume in pod.volumes)) continue;
    length = at.length;
    const below = path.slice(at.length).replace(/^\//, '');
    const root = (mount.subPath ?? '').replace(/^\/|\/$/g, '');
    best = {
      volume: mount.volume,
      inner: root === '' ? below : below === '' ? root : `${root}/${below}`,
      readOnly: mount.readOnly,
    };
  }
  return best;
}

function volumeFiles({ pod, container }: Scope, path: string, mounted: Mounted): Files {
  const pinned = container.pinned?.[mounted.volume];
  if (
    pinned &&
    container.config.mounts.some((m) => m.volume === mounted.volume && m.subPath && path.startsWith(m.mountPath))
  )
    return pinned;
  return pod.volumes[mounted.volume]!;
}

/** Permissions of a file or directory. Simplified: only those of volumes' files are kept; nobody is kept from reading. */
export function modeOf(scope: Scope, path: string): number {
  const mounted = mountOf(scope, path);
  const modes = mounted && scope.pod.config.modes?.[mounted.volume];
  if (isDirectory(scope, path)) return (mounted?.inner === '' && modes?.['']) || 0o755;
  return modes?.[mounted!.inner] ?? modes?.['*'] ?? 0o644;
}

/** True inside an emptyDir that lives in memory. */
export function isInMemory(scope: Scope, path: string): boolean {
  const mounted = mountOf(scope, path);
  return mounted !== null && (scope.pod.config.tmpfs?.includes(mounted.volume) ?? false);
}

/** Content of a file, or undefined when there is none. `path` is absolute. */
export function readFile(scope: Scope, path: string): string | undefined {
  const mounted = mountOf(scope, path);
  if (mounted) return volumeFiles(scope, path, mounted)[mounted.inner];
  const own = scope.container.files?.[path];
  if (own !== undefined) return own === gone ? undefined : own;
  return imageOf(scope.container.config.image).files?.[path] ?? systemFile(scope, path);
}

/** Writes a file whole or at its end; returns why it cannot, in the words of the C library, or null. */
export function writeFile(scope: Scope, path: string, text: string, append = false): string | null {
  if (path.startsWith('/proc/sys/')) return null; // settings of the machine: taken, without effect
  if (path.startsWith('/proc/') || path.startsWith('/sys/')) return 'Permission denied';
  if (isDirectory(scope, path)) return 'Is a directory';
  if (!isDirectory(scope, parentOf(path))) return 'No such file or directory';
  const mounted = mountOf(scope, path);
  if (mounted ? mounted.readOnly : isSealed(scope, path)) return 'Read-only file system';
  let content = append ? (readFile(scope, path) ?? '') + text : text;
  if (content.length > maxFileChars) content = content.slice(content.length - maxFileChars / 2);
  put(scope, path, mounted, content, append);
  return null;
}

/** Removes a file or empty directory; returns why it cannot, or null. */
export function removeFile(scope: Scope, path: string): string | null {
  const mounted = mountOf(scope, path);
  const file = readFile(scope, path) !== undefined;
  if (!file && !isDirectory(scope, path)) return 'No such file or directory';
  if (mounted ? mounted.readOnly : isSealed(scope, path)) return 'Read-only file system';
  if (file) put(scope, path, mounted, undefined);
  else put(scope, `${path}/`, mounted, undefined);
  return null;
}

/** Makes a directory; its parent must exist. */
export function makeDirectory(scope: Scope, path: string): string | null {
  if (isDirectory(scope, path) || readFile(scope, path) !== undefined) return 'File exists';
  if (!isDirectory(scope, parentOf(path))) return 'No such file or directory';
  const mounted = mountOf(scope, path);
  if (mounted ? mounted.readOnly : isSealed(scope, path)) return 'Read-only file system';
  put(scope, `${path}/`, mounted, '');
  return null;
}

/** True where a container's own disk may not be written; what the kernel and the kubelet provide is no disk. */
const isSealed = ({ container }: Scope, path: string): boolean =>
  (container.config.readOnlyRoot ?? false) && !path.startsWith('/dev/');

/** Makes the directory of a volume that a container asks for by `subPath`, unless something is there. Kubernetes: pkg/volume/util/subpath SafeMakeDir. */
export function ensureDirectory({ pod, ...scope }: Scope, volume: string, subPath: string): void {
  const inner = subPath.replace(/^\/|\/$/g, '');
  const files = pod.volumes[volume]!;
  if (inner === '' || inner in files || hasPrefix(files, `${inner}/`)) return;
  const made = withFile(files, `${inner}/`, '');
  const directory = pod.config.directories?.[volume];
  if (directory === undefined) pod.volumes[volume] = made;
  else writeDirectory({ pod, ...scope }, directory, made);
}

/** Directory part of an absolute path. */
export const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';

function put(scope: Scope, path: string, mounted: Mounted | null, content: string | undefined, append = false): void {
  const { pod, container } = scope;
  const before = readFile(scope, path);
  if (mounted) {
    const inner = path.endsWith('/') ? `${mounted.inner.replace(/\/$/, '')}/` : mounted.inner;
    const files = withFile(pod.volumes[mounted.volume]!, inner, content);
    const directory = pod.config.directories?.[mounted.volume];
    if (directory === undefined) pod.volumes[mounted.volume] = files;
    else writeDirectory(scope, directory, files);
  } else {
    const inImage = imageOf(container.config.image).files?.[path] !== undefined;
    container.files = withFile(container.files ?? {}, path, content ?? (inImage ? gone : undefined));
  }
  tellWrite(scope, before, content, append);
}

/** Writes to the node's disk: every pod here that has mounted the directory sees it. */
function writeDirectory({ ctx, memory }: Scope, path: string, files: Files): void {
  diskOf(ctx, memory.node).directories.set(path, files);
  for (const { config, volumes } of memory.sandboxes.values())
    for (const [volume, at] of Object.entries(config.directories ?? {})) if (at === path) volumes[volume] = files;
}

function withFile(files: Files, path: string, content: string | undefined): Files {
  const { [path]: _old, ...rest } = files;
  return Object.freeze(content === undefined ? rest : { ...rest, [path]: content });
}

/** Wakes those who follow files; tells the kubelet when an exec probe or a page may look different now. */
function tellWrite(scope: Scope, before: string | undefined, after: string | undefined, append: boolean): void {
  const { ctx, memory, pod, container } = scope;
  for (const { id, pid } of pod.followers.splice(0))
    ctx.after(0, `runtime/${memory.node}`, 'task', { id, pid, turn: -2 });
  if (before !== after && (before === undefined || after === undefined || !append))
    tellBehaviour(ctx, memory, container);
}

/** True for a directory: of the image, a mount point, made, or the parent of a file. */
export function isDirectory(scope: Scope, path: string): boolean {
  if (baseDirectories.has(path)) return true;
  const mounted = mountOf(scope, path);
  const prefix = `${path}/`;
  for (const { mountPath } of scope.container.config.mounts)
    if (mountPath.startsWith(prefix) || (mountPath.replace(/\/$/, '') === path && readFile(scope, path) === undefined))
      return true;
  // A volume whose only entry is '' is a file itself.
  if (mounted?.inner === '') return !('' in volumeFiles(scope, path, mounted));
  if (mounted) return hasPrefix(volumeFiles(scope, path, mounted), `${mounted.inner}/`);
  const image = imageOf(scope.container.config.image);
  return (
    hasPrefix(scope.container.files, prefix) ||
    hasPrefix(image.files, prefix) ||
    image.workingDir === path ||
    scope.container.config.workingDir === path
  );
}

function hasPrefix(files: Files | null | undefined, prefix: string): boolean {
  if (files) for (const path in files) if (path.startsWith(prefix) && files[path] !== gone) return true;
  return false;
}

/** Names in a directory, sorted; undefined when it is none. */
export function listDirectory(scope: Scope, path: string): readonly string[] | undefined {
  if (!isDirectory(scope, path)) return undefined;
  const prefix = path === '/' ? '/' : `${path}/`;
  const names = new Set<string>();
  const addAll = (files: Files | null | undefined, root: string, hidden?: Files | null): void => {
    if (files)
      for (const file in files)
        if (file.startsWith(root) && file !== root && files[file] !== gone && hidden?.[file] !== gone)
          names.add(file.slice(root.length).split('/')[0]!);
  };
  const mounted = mountOf(scope, path);
  if (mounted) addAll(volumeFiles(scope, path, mounted), mounted.inner === '' ? '' : `${mounted.inner}/`);
  else {
    addAll(scope.container.files, prefix);
    addAll(imageOf(scope.container.config.image).files, prefix, scope.container.files);
    for (const directory of baseDirectories)
      if (directory.startsWith(prefix) && directory !== prefix)
        names.add(directory.slice(prefix.length).split('/')[0]!);
    if (path === '/etc')
      for (const name of ['hostname', 'hosts', 'os-release', 'passwd', 'resolv.conf']) names.add(name);
  }
  for (const { mountPath } of scope.container.config.mounts)
    if (mountPath.startsWith(prefix) && mountPath !== prefix) names.add(mountPath.slice(prefix.length).split('/')[0]!);
  return [...names].sort();
}

/** `/etc/hosts` of the machines themselves. */
const machineHosts = '127.0.0.1\tlocalhost\n';

/** Kubernetes: pkg/kubelet/kubelet_pods.go hostsEntriesFromHostAliases. */
const aliases = (given: SandboxConfig['hostAliases']): string =>
  given?.length
    ? `\n# Entries added by HostAliases.\n${given.map(({ ip, hostnames = [] }) => `${ip}\t${hostnames.join('\t')}\n`).join('')}`
    : '';

/** Files that the runtime and the kernel provide. */
function systemFile({ pod, container, memory }: Scope, path: string): string | undefined {
  switch (path) {
    case '/etc/hostname':
      return `${pod.config.hostname}\n`;
    case '/etc/hosts':
      if (pod.config.hostNetwork) return `# Kubernetes-managed hosts file (host network).\n${machineHosts}`;
      return (
        '# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n' +
        `fe00::0\tip6-localnet\nfe00::0\tip6-mcastprefix\nfe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n${pod.ip}\t${pod.config.hostname}\n` +
        aliases(pod.config.hostAliases)
      );
    case '/etc/resolv.conf':
      return (
        pod.config.resolvConf ??
        `search ${pod.config.namespace}.svc.cluster.local svc.cluster.local cluster.local\nnameserver 10.96.0.10\noptions ndots:5\n`
      );
    case '/etc/os-release':
      return osRelease(imageOf(container.config.image).shell);
    case '/etc/passwd':
      return 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n';
    case '/proc/1/status':
      return `Name:\tsh\nUmask:\t0022\nState:\tS (sleeping)\nTgid:\t1\nPid:\t1\nPPid:\t0\nUid:${`\t${container.config.user ?? 0}`.repeat(4)}\nGid:\t0\t0\t0\t0\n`;
    case '/proc/loadavg':
      return `${(memory.busy.size / 2).toFixed(2)} 0.10 0.05 1/100 1\n`;
    case '/dev/termination-log':
    case '/dev/null':
      return '';
    default:
      return undefined;
  }
}

const osRelease = (shell: string): string =>
  shell === 'ash'
    ? 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.22.1\nPRETTY_NAME="Alpine Linux v3.22"\n'
    : 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian\n';
