import { ApiError, type KubeObject } from '../apimachinery/index.ts';
import type { AnyKind } from '../apis/kind.ts';
import type { Invocation } from './command.ts';
import type { FlagSet } from './parse.ts';
import { UsageError } from './parse.ts';
import { inFormat, objectFormats } from './printers/formats.ts';
import { identity } from './resources.ts';

/** Flags of every command that makes an object. */
export const creationFlags: FlagSet = {
  flags: {
    'dry-run': 'string',
    output: 'string',
    'save-config': 'boolean',
    'field-manager': 'string',
    'show-managed-fields': 'boolean',
    validate: 'string',
    template: 'string',
    'allow-missing-template-keys': 'boolean',
  },
  short: { o: 'output' },
};

/** What `--dry-run` says. Throws for what it may not say. Kubernetes: cmdutil.GetDryRunStrategy. */
export function dryRunOf(run: Invocation): 'none' | 'client' | 'server' {
  const given = run.flag('dry-run') ?? 'none';
  if (given === 'none' || given === 'client' || given === 'server') return given;
  const boolean = /^(?:1|t|true)$/i.test(given) ? 'client' : /^(?:0|f|false)$/i.test(given) ? 'none' : undefined;
  const meant = given === 'unchanged' ? 'client' : boolean;
  if (meant === undefined)
    throw new UsageError(`error: Invalid dry-run value (${given}). Must be "none", "server", or "client".`);
  return meant;
}

/** ` (dry run)` behind what was not really done. */
export const dryRunSuffix = (run: Invocation): string => {
  const dryRun = run.flag('dry-run');
  if (dryRun === 'server') return ' (server dry run)';
  return dryRun === undefined || dryRun === 'none' ? '' : ' (dry run)';
};

/**
 * Makes an object out of flags and says so, or prints it (`-o yaml`). `failed` is what kubectl puts before an error of the
 * server; without it the server's sentence stands alone.
 */
export function createAndTell(
  run: Invocation,
  kind: AnyKind,
  object: KubeObject,
  failed?: string,
  done = 'created',
): KubeObject {
  const dryRun = dryRunOf(run);
  const named = kind.namespaced && !object.metadata.namespace && run.flag('namespace') !== undefined;
  const given = named ? { ...object, metadata: { ...object.metadata, namespace: run.namespace } } : object;
  let made = given;
  if (dryRun !== 'client') {
    const options = dryRun === 'server' ? { dryRun: true } : {};
    const namespace = kind.namespaced ? run.namespace : undefined;
    try {
      made = run.request({ verb: 'create', resource: kind.key, namespace, body: given, options }) as KubeObject;
    } catch (error) {
      if (failed === undefined || !(error instanceof ApiError)) throw error;
      throw new UsageError(`error: ${failed}${error.status.message}`);
    }
  }
  printMade(run, kind, made, done);
  return made;
}

/** What a command says about an object it has changed: a line, or the object itself with `-o`. */
export function printMade(run: Invocation, kind: AnyKind, object: KubeObject, done: string): void {
  const output = run.flag('output');
  if (output === undefined) run.out(`${identity(kind, object.metadata.name)} ${done}${dryRunSuffix(run)}\n`);
  else if (output === 'name') run.out(`${identity(kind, object.metadata.name)}\n`);
  else {
    const text = inFormat(run, output, object);
    if (text === undefined)
      throw new UsageError(`error: unable to match a printer suitable for the output format "${output}", allowed formats are: ${objectFormats}`); // prettier-ignore
    run.out(text);
  }
}
