import { ApiError, type KubeObject } from '../../apimachinery/index.ts';
import type { Command, Invocation, ManifestObject, Waiting } from '../command.ts';
import { creationFlags, dryRunOf, printMade } from '../create.ts';
import { parseDuration } from '../durations.ts';
import { readManifests } from '../manifests.ts';
import { UsageError } from '../parse.ts';
import { typeOf } from '../resources.ts';
import { awaitAll, goOnWaiting, type Awaited, type Patience } from '../waiting.ts';
import { withLastApplied } from '../last-applied.ts';

/** `--force` waits so long for the objects to be gone, milliseconds. */
const patienceMs = 300_000;

/** `kubectl replace -f FILE [--force]`: the file's object in place of what is there. Kubernetes: kubectl/pkg/cmd/replace. */
export const replace: Command<Patience> = {
  name: 'replace',
  flags: {
    flags: {
      ...creationFlags.flags,
      filename: 'list',
      recursive: 'boolean',
      force: 'boolean',
      cascade: 'string',
      'grace-period': 'int',
      timeout: 'string',
      wait: 'boolean',
      subresource: 'string',
    },
    short: { ...creationFlags.short, f: 'filename', R: 'recursive' },
  },
  run(run) {
    const paths = run.args.flags.get('filename') ?? [];
    const dryRun = dryRunOf(run);
    if (paths.length === 0) throw new UsageError('error: must specify one of -f and -k');
    const force = run.has('force');
    if (!force && Number(run.flag('grace-period') ?? -1) >= 0)
      throw new UsageError('error: --grace-period must have --force specified');
    if (!force && run.flag('timeout')) throw new UsageError('error: --timeout must have --force specified');
    if (force && dryRun !== 'none') throw new UsageError('error: --dry-run can not be used when --force is set');
    const items = readManifests(run, paths);
    if (force) return deleteAll(run, items);
    for (const item of items) replaceOne(run, item, dryRun);
  },
  resume(run, state, news) {
    const waiting = goOnWaiting(run, state, news);
    if (waiting) return waiting;
    makeAnew(run);
  },
};

function replaceOne(run: Invocation, item: ManifestObject, dryRun: 'none' | 'client' | 'server'): void {
  const { document, object, kind, namespace, path } = item;
  try {
    const { name } = object.metadata;
    const wanted = run.has('save-config') ? withLastApplied(object, namespace) : object;
    if (dryRun === 'client') {
      printMade(run, kind, wanted, 'replaced');
      return;
    }
    const live = run.request({ verb: 'get', resource: kind.key, namespace, name }) as KubeObject;
    // Without a resourceVersion in the file the last write wins.
    const resourceVersion = object.metadata.resourceVersion ?? live.metadata.resourceVersion;
    const body = { ...wanted, metadata: { ...wanted.metadata, resourceVersion } };
    const options = { fieldValidation: 'Strict', ...(dryRun === 'server' && { dryRun: true }) } as const;
    const made = run.request({ verb: 'update', resource: kind.key, namespace, name, body, options }) as KubeObject;
    printMade(run, kind, made, 'replaced');
  } catch (error) {
    run.refuse(document, error, `error when replacing "${path}"`);
  }
}

/** `--force`: first all of them go. */
function deleteAll(run: Invocation, manifests: readonly ManifestObject[]): Waiting | void {
  const items: Awaited[] = [];
  for (const { kind, object, namespace, path, document } of manifests) {
    const { name } = object.metadata;
    const call = { resource: kind.key, namespace, name };
    try {
      const { uid } = (run.request({ verb: 'get', ...call }) as KubeObject).metadata;
      run.request({
        verb: 'delete',
        ...call,
        options: { propagationPolicy: 'Background', gracePeriodSeconds: graceOf(run) },
      });
      run.out(`${typeOf(kind)} "${name}" deleted${namespace ? ` from ${namespace} namespace` : ''}\n`);
      items.push({ ...call, uid, wanted: { how: 'delete' } });
    } catch (error) {
      if (!(error instanceof ApiError) || error.status.reason !== 'NotFound')
        run.refuse(document, error, `error when deleting "${path}"`);
    }
  }
  if (run.failed()) return;
  const timeout = parseDuration(run.flag('timeout') ?? '0s', 'timeout', 'replace');
  const until = run.ctx.now + (timeout > 0 ? timeout : patienceMs);
  const waiting = awaitAll(run, { items, until, errors: [], once: false, silent: true });
  if (waiting) return waiting;
  makeAnew(run);
}

const graceOf = (run: Invocation): number | undefined => {
  const given = run.flag('grace-period');
  return given === undefined || Number(given) < 0 ? undefined : Number(given);
};

function makeAnew(run: Invocation): void {
  for (const { document, object, kind, namespace, path } of readManifests(run, run.args.flags.get('filename') ?? [])) {
    try {
      const body = run.has('save-config') ? withLastApplied(object, namespace) : object;
      const options = { fieldValidation: 'Strict' } as const;
      const made = run.request({ verb: 'create', resource: kind.key, namespace, body, options }) as KubeObject;
      printMade(run, kind, made, 'replaced');
    } catch (error) {
      run.refuse(document, error, `error when creating "${path}"`);
    }
  }
}
