import { goJson } from '../../apimachinery/go-json.ts';
import { ApiError, isReason, type KubeObject } from '../../apimachinery/index.ts';
import type { Invocation } from '../command.ts';
import { dryRunOf, printMade } from '../create.ts';
import { readManifests } from '../manifests.ts';
import { misuse, UsageError } from '../parse.ts';
import { toYaml } from '../printers/yaml.ts';
import { targetsOf } from '../selection.ts';
import { lastApplied, withLastApplied } from '../last-applied.ts';

/** `kubectl apply view-last-applied`: what the annotation says. Kubernetes: kubectl/pkg/cmd/apply/apply_view_last_applied.go. */
export function viewLastApplied(run: Invocation, words: readonly string[]): void {
  const output = run.flag('output') ?? 'yaml';
  const texts: string[] = [];
  for (const { kind, name, namespace, path } of targetsOf(run, words, true)) {
    const object = run.request({ verb: 'get', resource: kind.key, namespace, name }) as KubeObject;
    const text = object.metadata.annotations?.[lastApplied];
    if (text !== undefined) texts.push(text);
    else if (path)
      throw new UsageError(`error: error when no last-applied-configuration annotation found on resource: ${name}\n "${path}": <nil>`); // prettier-ignore
  }
  for (const text of texts) {
    if (output === 'yaml') run.out(toYaml(JSON.parse(text)));
    else if (output === 'json') run.out(`${goJson(JSON.parse(text), 2)}\n`);
    else
      throw misuse(
        'apply view-last-applied',
        `Unexpected -o output mode: ${output}, the flag 'output' must be one of yaml|json`,
      );
  }
}

/** `kubectl apply set-last-applied -f FILE`: the annotation as an apply of the file would leave it, and nothing else. */
export function setLastApplied(run: Invocation): void {
  const paths = run.args.flags.get('filename') ?? [];
  if (paths.length === 0) throw new UsageError('error: must specify one of -f and -k');
  for (const { kind, namespace, object, document } of readManifests(run, paths)) {
    const { name } = object.metadata;
    const target = { resource: kind.key, namespace, name };
    try {
      const live = run.request({ verb: 'get', ...target }) as KubeObject;
      const wanted = withLastApplied(object, namespace).metadata.annotations![lastApplied]!;
      const stands = live.metadata.annotations?.[lastApplied];
      if (stands === undefined && !run.has('create-annotation')) {
        throw new UsageError(
          `error: no last-applied-configuration annotation found on resource: ${name}, to create the annotation, run the command with --create-annotation`,
        );
      }
      if (stands?.trim() === wanted.trim()) {
        run.out(`set-last-applied ${name}: no changes required.\n`);
        continue;
      }
      const dryRun = dryRunOf(run);
      const body = { metadata: { annotations: { [lastApplied]: wanted } } };
      const options = dryRun === 'server' ? { dryRun: true } : {};
      const patch = { verb: 'patch', ...target, patchType: 'merge', body, options } as const;
      printMade(run, kind, dryRun === 'client' ? live : (run.request(patch) as KubeObject), 'configured');
    } catch (error) {
      if (!(error instanceof ApiError) || isReason(error, 'NotFound')) throw error;
      run.refuse(document, error, '');
    }
  }
}
