import { isReason, type ApiError, type KubeObject } from '../../apimachinery/index.ts';
import { jsonPatch, mergePatch, strategicPatch, type Json } from '../../apimachinery/patch/index.ts';
import { parseManifests } from '../../apimachinery/yaml.ts';
import type { AnyKind } from '../../apis/kind.ts';
import type { Command, Invocation } from '../command.ts';
import { dryRunOf, printMade } from '../create.ts';
import { UsageError } from '../parse.ts';
import { targetsOf, type Target } from '../selection.ts';

type PatchType = 'strategic' | 'merge' | 'json';

/** `kubectl patch TYPE NAME -p PATCH [--type strategic|merge|json] [--subresource status]`. Kubernetes: kubectl/pkg/cmd/patch. */
export const patch: Command = {
  name: 'patch',
  flags: {
    flags: {
      patch: 'string',
      type: 'string',
      subresource: 'string',
      'patch-file': 'string',
      filename: 'list',
      recursive: 'boolean',
      'dry-run': 'string',
      'field-manager': 'string',
      local: 'boolean',
      output: 'string',
      'show-managed-fields': 'boolean',
      template: 'string',
    },
    short: { p: 'patch', f: 'filename', o: 'output', R: 'recursive' },
  },
  run(run) {
    dryRunOf(run);
    const text = textOf(run);
    const type = (run.flag('type') ?? 'strategic').toLowerCase();
    if (type !== 'strategic' && type !== 'merge' && type !== 'json')
      throw new UsageError(`error: --type must be one of [json merge strategic], not "${run.flag('type')}"`);
    const body = bodyOf(text);
    for (const target of targetsOf(run, run.args.positional)) {
      try {
        patchOne(run, target, type, body);
      } catch (error) {
        run.refuse(
          0,
          isReason(error, 'UnsupportedMediaType') ? notSupported(target.kind, error as ApiError) : error,
          '',
        );
      }
    }
  },
};

function textOf(run: Invocation): string {
  const [text, file] = [run.flag('patch') ?? '', run.flag('patch-file') ?? ''];
  if (text && file) throw new UsageError('error: cannot specify --patch and --patch-file together');
  if (text) return text;
  if (!file) throw new UsageError('error: must specify --patch or --patch-file containing the contents of the patch');
  if (!Object.hasOwn(run.files, file))
    throw new UsageError(`error: unable to read patch file: open ${file}: no such file or directory`);
  return run.files[file]!;
}

/** The patch as a value: JSON, or YAML that is turned into it. JSON that cannot be read is the server's to refuse. */
function bodyOf(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) {
    const { manifests, errors } = parseManifests(text);
    if (errors[0]) throw new UsageError(`error: unable to parse ${JSON.stringify(text)}: ${errors[0].message}`);
    return manifests[0]?.object;
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new UsageError('Error from server (BadRequest): error decoding patch: unexpected end of JSON input');
  }
}

function patchOne(run: Invocation, { kind, name, namespace }: Target, patchType: PatchType, body: unknown): void {
  const subresource = subresourceOf(run, kind);
  const call = { resource: kind.key, namespace, name, ...(subresource && { subresource }) } as const;
  const before = run.request({ verb: 'get', ...call }) as KubeObject;
  const dryRun = dryRunOf(run);
  const options = dryRun === 'server' ? { dryRun: true } : {};
  const after =
    dryRun === 'client'
      ? patched(kind, before, patchType, body)
      : (run.request({ verb: 'patch', ...call, patchType, body, options }) as KubeObject);
  const changed = JSON.stringify(before) !== JSON.stringify(after);
  const printed = subresource === 'scale' ? scaleKind(kind) : kind;
  // What was only tried is not marked as such here.
  const quiet =
    run.flag('output') === undefined
      ? { ...run, flag: (flag: string) => (flag === 'dry-run' ? undefined : run.flag(flag)) }
      : run;
  printMade(quiet, printed, after, changed ? 'patched' : 'patched (no change)');
}

/** What the patch makes of an object, worked out here. */
function patched(kind: AnyKind, before: KubeObject, type: PatchType, body: unknown): KubeObject {
  const [live, wanted] = [before as unknown as Json, body as Json];
  const after =
    type === 'json'
      ? jsonPatch(live, body as never)
      : type === 'merge'
        ? mergePatch(live, wanted)
        : strategicPatch(kind.model, live as never, wanted as never);
  return after as unknown as KubeObject;
}

/** The subresource that is named, if the kind has it. */
function subresourceOf(run: Invocation, kind: AnyKind): 'status' | 'scale' | undefined {
  const named = run.flag('subresource');
  if (!named) return undefined;
  if (named === 'scale' && kind.scale) return 'scale';
  if (named === 'status' && kind.statusSubresource) return 'status';
  throw new UsageError('Error from server (NotFound): the server could not find the requested resource');
}

/** A Scale is printed under its own name. */
const scaleKind = (kind: AnyKind): AnyKind =>
  ({ ...kind, kind: 'Scale', singular: 'scale', group: 'autoscaling', version: 'v1' }) as AnyKind;

/** A custom resource takes no strategic merge patch. */
const notSupported = ({ group, version, kind }: AnyKind, { message }: ApiError): UsageError =>
  new UsageError(
    `error: application/strategic-merge-patch+json is not supported by ${group}/${version}, Kind=${kind}: ${message}`,
  );
