import { controllerOf, timestamp, type KubeObject } from '../../apimachinery/index.ts';
import type { Deployment, ReplicaSet } from '../../apis/index.ts';
import type { AnyKind } from '../../apis/kind.ts';
import type { V1PodTemplateSpec } from '../../../generated/types.ts';
import type { Command, Invocation } from '../command.ts';
import { misuse, UsageError } from '../parse.ts';
import { groupKind, identity } from '../resources.ts';
import { targetsOf } from '../selection.ts';
import { templateLines } from '../describe/podspec.ts';
import { createSheet } from '../describe/sheet.ts';
import { lastApplied } from '../last-applied.ts';
import { revisedKinds, revisionsOf, revisionTemplate, undoRevised } from './rollout-revisions.ts';
import { follow, statusNews, type Watched } from './rollout-status.ts';

/** Annotation with a ReplicaSet's or Deployment's revision. */
const revisionAnnotation = 'deployment.kubernetes.io/revision';
const causeAnnotation = 'kubernetes.io/change-cause';

/** `kubectl rollout status|history|undo|restart|pause|resume`. Kubernetes: kubectl/pkg/cmd/rollout, pkg/polymorphichelpers. */
export const rollout: Command<Watched> = {
  name: 'rollout',
  flags: {
    flags: {
      'to-revision': 'int',
      revision: 'int',
      watch: 'boolean',
      timeout: 'string',
      'dry-run': 'string',
      'field-manager': 'string',
      filename: 'list',
      output: 'string',
      recursive: 'boolean',
      selector: 'string',
      'show-managed-fields': 'boolean',
      template: 'string',
    },
    short: { w: 'watch', f: 'filename', l: 'selector', o: 'output', R: 'recursive' },
  },
  run(run) {
    const [what = '', ...words] = run.args.positional;
    const act = Object.hasOwn(actions, what) ? actions[what] : undefined;
    if (!act && what !== 'status') throw misuse('rollout', `unknown command "${what}"`);
    if (words.length === 0 && !run.args.flags.has('filename'))
      throw new UsageError('error: required resource not specified');
    const targets = targetsOf(run, words, true);
    if (targets.length === 0 && !run.failed()) run.err(`No resources found in ${run.namespace} namespace.\n`);
    if (!act) return follow(run, targets);
    for (const { kind, name, namespace } of targets) {
      try {
        const live = run.request({ verb: 'get', resource: kind.key, namespace, name }) as KubeObject;
        const said = act(run, kind, live as unknown as Deployment);
        run.out(said.startsWith('=') ? said.slice(1) : `${identity(kind, name)} ${said}\n`);
      } catch (error) {
        run.refuse(0, error, '');
      }
    }
  },
  resume: (run, state, news) => statusNews(run, state, news),
};

/** What an action says after the object's name; a text that begins with `=` stands alone. */
type Action = (run: Invocation, kind: AnyKind, object: Deployment) => string;

const actions: Readonly<Record<string, Action>> = {
  pause(run, kind, deployment) {
    mustBeDeployment(kind, deployment, 'pausing');
    if (deployment.spec?.paused)
      throw new UsageError(`error: deployments.apps "${deployment.metadata.name}" is already paused`);
    patch(run, kind, deployment, { spec: { paused: true } });
    return 'paused';
  },
  resume(run, kind, deployment) {
    mustBeDeployment(kind, deployment, 'resuming');
    if (!deployment.spec?.paused)
      throw new UsageError(`error: deployments.apps "${deployment.metadata.name}" is not paused`);
    patch(run, kind, deployment, { spec: { paused: null } });
    return 'resumed';
  },
  restart(run, kind, deployment) {
    if (!revisedKinds.has(kind.key)) mustBeDeployment(kind, deployment, 'restarting');
    if (deployment.spec?.paused) {
      throw new UsageError(
        `error: deployments.apps "${deployment.metadata.name}" can't restart paused deployment (run rollout resume first)`,
      );
    }
    patch(run, kind, deployment, {
      spec: {
        template: { metadata: { annotations: { 'kubectl.kubernetes.io/restartedAt': timestamp(run.ctx.now) } } },
      },
    });
    return 'restarted';
  },
  undo(run, kind, object) {
    const revised = revisedKinds.has(kind.key);
    if (!revised && kind.key !== 'deployments.apps')
      throw new UsageError(
        `error: error retrieving rollbacker for "${groupKind(kind)}", no visitor method exists for {${kind.group} ${kind.kind}}`,
      );
    if (object.metadata.annotations?.[lastApplied] !== undefined) {
      run.err(
        `Warning: resource ${kind.resource}/${object.metadata.name} was previously managed with 'kubectl apply'. Rolling back will not update the ${lastApplied} annotation, which may cause unexpected behavior on future 'kubectl apply' operations. Consider using 'kubectl apply' with your previous configuration file instead.\n`,
      );
    }
    return revised ? undoRevised(run, kind, object as never) : undo(run, object);
  },
  history(run, kind, object) {
    const revised = revisedKinds.has(kind.key);
    if (!revised && kind.key !== 'deployments.apps')
      throw new UsageError(
        `error: error retrieving history for "${groupKind(kind)}", no visitor method exists for {${kind.group} ${kind.kind}}`,
      );
    const past = revised ? pastRevisions(run, object as never) : pastReplicaSets(run, object);
    const wanted = run.flag('revision');
    if (wanted !== undefined && wanted !== '0') {
      const found = past.get(Number(wanted));
      if (!found)
        throw new UsageError(`error: unable to find ${revised ? `revision ${wanted}` : 'the specified revision'}`);
      return `with revision #${wanted}\n${describeTemplate(run, found.template)}`;
    }
    const rows = [...past].map(([revision, { cause }]) => `${String(revision).padEnd(10)}${cause ?? '<none>'}\n`);
    return `\nREVISION  CHANGE-CAUSE\n${rows.join('')}`;
  },
};

function mustBeDeployment(kind: AnyKind, { metadata }: Deployment, what: string): void {
  if (kind.key !== 'deployments.apps')
    throw new UsageError(
      `error: ${kind.resource}${kind.group && `.${kind.group}`} "${metadata.name}" ${what} is not supported`,
    );
}

/** One past template, and what the user said of it. */
interface Past {
  readonly cause: string | undefined;
  readonly template: V1PodTemplateSpec | undefined;
}

const pastReplicaSets = (run: Invocation, deployment: Deployment): Map<number, Past> =>
  new Map(
    [...replicaSetsOf(run, deployment)].map(([revision, { metadata, spec }]) => [
      revision,
      { cause: metadata.annotations?.[causeAnnotation], template: spec?.template },
    ]),
  );

const pastRevisions = (run: Invocation, object: KubeObject): Map<number, Past> =>
  new Map(
    [...revisionsOf(run, object)].map(([number, revision]) => [
      number,
      { cause: revision.metadata.annotations?.[causeAnnotation], template: revisionTemplate(revision) },
    ]),
  );

/** Revision → ReplicaSet, ascending. */
function replicaSetsOf(run: Invocation, deployment: Deployment): Map<number, ReplicaSet> {
  const owned = run.client
    .list(run.ctx, 'replicasets.apps', deployment.metadata.namespace)
    .filter((set) => controllerOf(set)?.uid === deployment.metadata.uid)
    .map((set): [number, ReplicaSet] => [Number(set.metadata.annotations?.[revisionAnnotation] ?? 0), set]);
  return new Map(owned.sort(([a], [b]) => a - b));
}

function patch(run: Invocation, kind: AnyKind, deployment: Deployment, body: object): KubeObject {
  const { namespace, name } = deployment.metadata;
  return run.request({
    verb: 'patch',
    resource: kind.key,
    namespace,
    name,
    patchType: 'strategic',
    body,
  }) as KubeObject;
}

function undo(run: Invocation, deployment: Deployment): string {
  if (deployment.spec?.paused) {
    throw new UsageError(
      `error: you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again`,
    );
  }
  const sets = replicaSetsOf(run, deployment);
  const wanted = Number(run.flag('to-revision') ?? 0);
  if (wanted < 0) throw new UsageError(`error: revision number cannot be negative: ${wanted}`);
  // Revision 0 means the one before the present: the second highest number.
  const target = wanted === 0 ? [...sets].at(-2)?.[1] : sets.get(wanted);
  if (!target) {
    throw new UsageError(
      wanted === 0
        ? `error: no rollout history found for deployment "${deployment.metadata.name}"`
        : `error: unable to find specified revision ${wanted} in history`,
    );
  }
  const template = target.spec!.template!;
  const { 'pod-template-hash': _, ...labels } = template.metadata?.labels ?? {};
  const next = { ...template, metadata: { ...template.metadata, labels } };
  if (canonical(next) === canonical(deployment.spec!.template)) {
    return `skipped rollback (current template already matches revision ${wanted})`;
  }
  const { namespace, name } = deployment.metadata;
  const kept: Record<string, string> = {};
  for (const [key, value] of Object.entries(target.metadata.annotations ?? {}))
    if (key === causeAnnotation) kept[key] = value;
  run.request({
    verb: 'patch',
    resource: 'deployments.apps',
    namespace,
    name,
    patchType: 'json',
    body: [
      { op: 'replace', path: '/spec/template', value: next },
      { op: 'replace', path: '/metadata/annotations', value: { ...deployment.metadata.annotations, ...kept } },
    ],
    why: { code: 'deployment.rollback', params: { revision: wanted || [...sets.keys()].at(-2)! } },
  });
  return 'rolled back';
}

/** JSON with sorted keys: equality of templates. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, v: unknown) =>
    v !== null && typeof v === 'object' && !Array.isArray(v)
      ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)))
      : v,
  );
}

/** The template of a revision; its tabs are not aligned, as in kubectl. */
function describeTemplate(run: Invocation, template: V1PodTemplateSpec | undefined): string {
  const sheet = createSheet(run, false);
  templateLines(sheet, template);
  return sheet.raw();
}
