import { ApiError, isReason, microTimestamp, type KubeObject } from '../../apimachinery/index.ts';
import { isObject, type Json } from '../../apimachinery/patch/index.ts';
import type { RequestOptions } from '../../apiserver/request.ts';
import type { Command, Invocation, ManifestObject } from '../command.ts';
import { readManifests } from '../manifests.ts';
import { UsageError } from '../parse.ts';
import { forPrinting } from '../printers/managed-fields.ts';
import { toYaml } from '../printers/yaml.ts';
import { unifiedDiff } from '../../apimachinery/unified-diff.ts';
import { applyPatch, withoutLastApplied } from '../last-applied.ts';

/** Exit codes of `diff`: what differs is 1, so errors are 2. */
const failed = 2;

/** `kubectl diff -f FILE`: what an apply would change, by a dry run on the server. Kubernetes: kubectl/pkg/cmd/diff. */
export const diff: Command = {
  name: 'diff',
  flags: {
    flags: {
      filename: 'list',
      'server-side': 'boolean',
      'force-conflicts': 'boolean',
      'field-manager': 'string',
      'show-managed-fields': 'boolean',
      'show-secrets': 'boolean',
      concurrency: 'int',
    },
    short: { f: 'filename' },
  },
  run(run) {
    const paths = run.args.flags.get('filename') ?? [];
    if (paths.length === 0) throw new UsageError('error: must specify one of -f and -k', failed);
    if (run.has('force-conflicts') && !run.has('server-side'))
      throw new UsageError('error: --force-conflicts only works with --server-side', failed);
    const files = readManifests(run, paths).map((item) => filesOf(run, item));
    const texts = files.sort((a, b) => (a.name < b.name ? -1 : 1)).map((file) => diffText(run, file));
    run.out(texts.join(''));
    if (texts.some((text) => text !== '')) throw new UsageError('', 1);
  },
};

/** An object as it is and as it would be, as two files of one name. */
interface Files {
  readonly name: string;
  readonly live: string;
  readonly merged: string;
}

function filesOf(run: Invocation, item: ManifestObject): Files {
  const { kind, namespace, object } = item;
  const { name } = object.metadata;
  try {
    const live = liveOf(run, item);
    const merged = mergedOf(run, item, live);
    const masked = kind.key === 'secrets' && !run.has('show-secrets') ? withMasks(live, merged) : { live, merged };
    const text = (shown: KubeObject | undefined): string => (shown ? toYaml(forPrinting(run, shown)) : '');
    const group = kind.group ? `${kind.group}.` : '';
    return {
      name: `${group}${kind.version}.${kind.kind}.${namespace ?? ''}.${name}`,
      live: text(masked.live),
      merged: text(masked.merged),
    };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new UsageError(`Error from server (${error.reason}): ${error.message}`, failed);
  }
}

function liveOf(run: Invocation, { kind, namespace, object }: ManifestObject): KubeObject | undefined {
  try {
    return run.request({ verb: 'get', resource: kind.key, namespace, name: object.metadata.name }) as KubeObject;
  } catch (error) {
    if (isReason(error, 'NotFound')) return undefined;
    throw error;
  }
}

function mergedOf(run: Invocation, item: ManifestObject, live: KubeObject | undefined): KubeObject {
  const { kind, namespace, object } = item;
  const onServer = run.has('server-side');
  const fieldManager = run.flag('field-manager') ?? (onServer ? 'kubectl' : 'kubectl-client-side-apply');
  const options: RequestOptions = { dryRun: true, fieldManager };
  const target = { resource: kind.key, namespace, name: object.metadata.name };
  const body = namespace ? { ...object, metadata: { ...object.metadata, namespace } } : object;
  if (onServer) {
    const force = run.has('force-conflicts');
    const request = { verb: 'patch', ...target, patchType: 'apply', body, options: { ...options, force } } as const;
    return run.request(request) as KubeObject;
  }
  if (!live) return run.request({ verb: 'create', resource: kind.key, namespace, body, options }) as KubeObject;
  const patch = applyPatch(kind, withoutLastApplied(object, namespace), live);
  if (!patch) return live;
  const patchType = kind.custom ? 'merge' : 'strategic';
  return run.request({ verb: 'patch', ...target, patchType, body: patch, options }) as KubeObject;
}

const mask = '***';

/** Values of a Secret are not shown, only which of them differ. */
function withMasks(live: KubeObject | undefined, merged: KubeObject): { live?: KubeObject; merged: KubeObject } {
  const before = isObject(live?.['data']) ? live['data'] : {};
  const after = isObject(merged['data']) ? merged['data'] : {};
  const masked = (own: Json, other: Json, suffix: string): Json =>
    Object.fromEntries(
      Object.keys(own).map((key) => [key, key in other && other[key] !== own[key] ? mask + suffix : mask]),
    );
  const of = (object: KubeObject, data: Json): KubeObject =>
    object['data'] === undefined ? object : { ...object, data };
  return {
    ...(live && { live: of(live, masked(before, after, ' (before)')) }),
    merged: of(merged, masked(after, before, ' (after)')),
  };
}

/**
 * What `diff -u -N LIVE MERGED` prints for one file.
 * Simplified: the names of the two temporary folders are made from the time.
 */
function diffText(run: Invocation, { name, live, merged }: Files): string {
  const hunks = unifiedDiff(live, merged);
  if (hunks === '') return '';
  const folder = (base: string, salt: number): string =>
    `/tmp/${base}-${Math.imul(run.ctx.now + salt, 2_654_435_761) >>> 0}/${name}`;
  const [from, to] = [folder('LIVE', 1), folder('MERGED', 2)];
  const time = `${microTimestamp(run.ctx.now).replace('T', ' ').replace('Z', '000')} +0000`;
  return `diff -u -N ${from} ${to}\n--- ${from}\t${time}\n+++ ${to}\t${time}\n${hunks}`;
}
