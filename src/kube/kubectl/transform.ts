import type { V1Container, V1PodSpec } from '../../generated/types.ts';
import { ApiError, type KubeObject } from '../apimachinery/index.ts';
import { threeWayPatch, type Json } from '../apimachinery/patch/index.ts';
import type { Invocation } from './command.ts';
import { dryRunOf, printMade } from './create.ts';
import { UsageError } from './parse.ts';
import { targetsOf, type Target } from './selection.ts';

/** Plain data of one's own, to be changed freely. */
const copyOf = (object: KubeObject): KubeObject => JSON.parse(JSON.stringify(object)) as KubeObject;

/** The pod spec of an object: its own, or its template's. Throws where there is none. Kubernetes: updatePodSpecForObject. */
export function podSpecIn(object: KubeObject): V1PodSpec {
  const spec = object['spec'] as
    | { template?: { spec?: V1PodSpec }; jobTemplate?: { spec?: { template?: { spec?: V1PodSpec } } } }
    | undefined;
  const found =
    object.kind === 'Pod'
      ? (spec as V1PodSpec | undefined)
      : (spec?.template?.spec ?? spec?.jobTemplate?.spec?.template?.spec);
  if (!found) throw new UsageError(`the object is not a pod or does not have a pod template: *v1.${object.kind}`);
  return found;
}

/** All containers of a pod spec, those that run first behind the others, or those that a pattern (`*`, `web*`) names. */
export function containersIn(spec: V1PodSpec, pattern = '*'): V1Container[] {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  const named = new RegExp(`^${parts.join('.*')}$`);
  return [...spec.containers, ...(spec.initContainers ?? [])].filter(({ name }) => named.test(name));
}

/** A change of many objects. */
export interface Transformation {
  readonly words: readonly string[];
  /** Changes the copy it is given. */
  readonly change: (object: KubeObject) => void;
  /** What is said when it is done: `image updated`. */
  readonly done: string;
  /** Before the server's sentence: `failed to patch image update to pod template: `. */
  readonly failed: string;
}

/**
 * Changes objects and sends what differs. Nothing is said of an object that stays as it is. Errors are told at the end, each in
 * a line. Kubernetes: kubectl/pkg/cmd/set CalculatePatches.
 */
export function transform(run: Invocation, { words, change, done, failed }: Transformation): void {
  const dryRun = dryRunOf(run);
  const errors: string[] = [];
  for (const { target, live } of fetched(run, words)) {
    const { kind, name, namespace } = target;
    const changed = copyOf(live);
    try {
      change(changed);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      errors.push(
        error.message.startsWith('error: ') ? error.message : `error: ${kind.resource}/${name} ${error.message}`,
      );
      continue;
    }
    const body = threeWayPatch(kind.model, live, changed as unknown as Json, live as unknown as Json);
    if (!body) continue;
    if (dryRun === 'client') {
      printMade(run, kind, changed, done);
      continue;
    }
    const options = dryRun === 'server' ? { dryRun: true } : {};
    try {
      const after = run.request({
        verb: 'patch',
        resource: kind.key,
        namespace,
        name,
        patchType: 'strategic',
        body,
        options,
      });
      printMade(run, kind, after as KubeObject, done);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      errors.push(`${failed}${error.status.message}`);
    }
  }
  if (errors.length === 1) throw new UsageError(errors[0]!.startsWith('error: ') ? errors[0]! : `error: ${errors[0]}`);
  if (errors.length > 1) throw new UsageError(errors.join('\n'));
}

/** The objects that the words mean, as they are. Nothing is done when one of them is not there. */
export function fetched(run: Invocation, words: readonly string[]): { target: Target; live: KubeObject }[] {
  const found = targetsOf(run, words).flatMap((target) => {
    const { kind, name, namespace } = target;
    try {
      return [{ target, live: run.request({ verb: 'get', resource: kind.key, namespace, name }) as KubeObject }];
    } catch (error) {
      run.refuse(0, error, '');
      return [];
    }
  });
  return run.failed() ? [] : found;
}
