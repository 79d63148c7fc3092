import type { KubeObject } from '../../apimachinery/index.ts';
import type { Command, Invocation } from '../command.ts';
import { labelSelectorOf } from '../generators.ts';
import { pairOf, splitPairs } from '../pairs.ts';
import { misuse, UsageError } from '../parse.ts';
import { targetsOf } from '../selection.ts';
import { containersIn, podSpecIn, transform } from '../transform.ts';
import { setEnv } from './set-env.ts';

/** Change a part of objects: image, environment, resources, service account, selector, subjects. Kubernetes: kubectl/pkg/cmd/set. */
export const set: Command = {
  name: 'set',
  flags: {
    flags: {
      all: 'boolean',
      containers: 'string',
      'dry-run': 'string',
      env: 'list',
      'field-manager': 'string',
      filename: 'list',
      from: 'string',
      group: 'list',
      keys: 'list',
      limits: 'string',
      list: 'boolean',
      local: 'boolean',
      output: 'string',
      overwrite: 'boolean',
      prefix: 'string',
      recursive: 'boolean',
      requests: 'string',
      resolve: 'boolean',
      'resource-version': 'string',
      selector: 'string',
      serviceaccount: 'list',
      'show-managed-fields': 'boolean',
      template: 'string',
      user: 'list',
    },
    short: { c: 'containers', e: 'env', l: 'selector', f: 'filename', o: 'output', R: 'recursive' },
  },
  run(run) {
    const [what = '', ...words] = run.args.positional;
    const part = Object.hasOwn(parts, what) ? parts[what] : undefined;
    if (!part) throw misuse('set', `unknown command "${what}"`);
    if (run.has('all') && run.flag('selector') && what !== 'image')
      throw new UsageError('error: cannot set --all and --selector at the same time');
    part(run, words);
  },
};

const parts: Readonly<Record<string, (run: Invocation, words: readonly string[]) => void>> = {
  env: setEnv,
  image: setImage,
  resources: setResources,
  sa: setServiceAccount,
  selector: setSelector,
  serviceaccount: setServiceAccount,
  subject: setSubject,
};

const mustName = 'one or more resources must be specified as <resource> <name> or <resource>/<name>';

function setImage(run: Invocation, words: readonly string[]): void {
  const { targets, pairs } = splitPairs(words, 'image');
  const images = new Map(pairs.map(pairOf));
  if (words.length === 0 && !run.args.flags.has('filename')) targetsOf(run, []);
  const errors = [
    ...(run.has('all') && run.flag('selector') ? ['cannot set --all and --selector at the same time'] : []),
    ...(targets.length === 0 && !run.args.flags.has('filename') ? [mustName] : []),
    ...(pairs.length === 0 ? ['at least one image update is required'] : []),
    ...(pairs.length > 1 && images.has('*')
      ? ['all containers are already specified by *, but saw more than one container_name=container_image pairs']
      : []),
  ];
  if (errors.length > 0) throw new UsageError(errors.length === 1 ? `error: ${errors[0]}` : errors.map((each) => `error: ${each}`).join('\n')); // prettier-ignore
  transform(run, {
    words: targets,
    done: 'image updated',
    failed: 'failed to patch image update to pod template: ',
    change(object) {
      const containers = containersIn(podSpecIn(object));
      for (const [name, image] of images) {
        const found = containers.filter((c) => name === '*' || c.name === name);
        if (found.length === 0) throw new UsageError(`error: unable to find container named "${name}"`);
        for (const container of found) container.image = image!;
      }
    },
  });
}

/** `cpu=200m,memory=512Mi`. Kubernetes: generateversioned.HandleResourceRequirementsV1. */
function quantities(text: string | undefined): Record<string, string> | undefined {
  if (!text) return undefined;
  const pairs = text.split(',').map((pair): [string, string] => {
    const parts = pair.split('=');
    if (parts.length !== 2) throw new UsageError(`error: Invalid argument syntax ${pair}, expected <resource>=<value>`);
    return parts as [string, string];
  });
  return Object.fromEntries(pairs);
}

function setResources(run: Invocation, words: readonly string[]): void {
  const [limits, requests] = [run.flag('limits'), run.flag('requests')];
  if (words.length > 0 && !limits && !requests)
    throw new UsageError(
      'error: you must specify an update to requests or limits (in the form of --requests/--limits)',
    );
  const [most, least] = [quantities(limits), quantities(requests)];
  const only = run.flag('containers') ?? '*';
  transform(run, {
    words,
    done: 'resource requirements updated',
    failed: 'failed to patch resources update to pod template ',
    change(object) {
      const containers = containersIn(podSpecIn(object), only);
      if (containers.length === 0) throw new UsageError(`error: unable to find container named ${only}`);
      for (const container of containers) {
        container.resources ??= {};
        if (most) container.resources.limits = { ...container.resources.limits, ...most };
        if (least) container.resources.requests = { ...container.resources.requests, ...least };
      }
    },
  });
}

function setServiceAccount(run: Invocation, words: readonly string[]): void {
  if (words.length === 0) throw new UsageError('error: serviceaccount is required');
  const name = words.at(-1)!;
  transform(run, {
    words: words.slice(0, -1),
    done: 'serviceaccount updated',
    failed: 'failed to patch ServiceAccountName ',
    change(object) {
      const spec = podSpecIn(object);
      spec.serviceAccountName = name;
      if (spec.serviceAccount !== undefined) spec.serviceAccount = name;
    },
  });
}

function setSelector(run: Invocation, words: readonly string[]): void {
  const text = words.at(-1);
  if (text === undefined) throw new UsageError('error: one selector is required');
  const { matchLabels = {}, matchExpressions } = labelSelectorOf(text);
  transform(run, {
    words: words.slice(0, -1),
    done: 'selector updated',
    failed: '',
    change(object) {
      if (object.kind !== 'Service') throw new UsageError('error: setting a selector is only supported for Services');
      if (matchExpressions) throw new UsageError(`error: match expression ${JSON.stringify(matchExpressions)} not supported on this object`); // prettier-ignore
      (object['spec'] as { selector?: object }).selector = matchLabels;
    },
  });
}

/** A subject of a role binding. */
interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly apiGroup?: string;
  readonly namespace?: string;
}

function setSubject(run: Invocation, words: readonly string[]): void {
  const listed = (flag: string): string[] => (run.args.flags.get(flag) ?? []).flatMap((text) => text.split(','));
  const group = { apiGroup: 'rbac.authorization.k8s.io' };
  const accounts = listed('serviceaccount').map((text): Subject => {
    const [namespace, name, ...more] = text.split(':');
    if (name === undefined || more.length > 0) throw new UsageError('error: serviceaccount must be <namespace>:<name>');
    if (!namespace)
      throw new UsageError('error: serviceaccount must be <namespace>:<name>, namespace must be specified');
    return { kind: 'ServiceAccount', name, namespace };
  });
  const added: Subject[] = [
    ...listed('user').map((name) => ({ ...group, kind: 'User', name })),
    ...listed('group').map((name) => ({ ...group, kind: 'Group', name })),
    ...accounts,
  ];
  if (added.length === 0)
    throw new UsageError('error: you must specify at least one value of user, group or serviceaccount');
  const same = (a: Subject, b: Subject): boolean =>
    a.kind === b.kind && a.name === b.name && a.namespace === b.namespace;
  transform(run, {
    words,
    done: 'subjects updated',
    failed: 'failed to patch subjects to rolebinding: ',
    change(object) {
      if (!object.kind.endsWith('RoleBinding'))
        throw new UsageError('setting subjects is only supported for RoleBinding/ClusterRoleBinding');
      const binding = object as KubeObject & { subjects?: Subject[] };
      const before = binding.subjects ?? [];
      binding.subjects = [...before, ...added.filter((one) => !before.some((known) => same(one, known)))];
    },
  });
}
