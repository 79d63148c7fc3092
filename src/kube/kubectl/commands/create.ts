import { ApiError, type KubeObject } from '../../apimachinery/index.ts';
import { kindOf } from '../../apis/index.ts';
import type { Command, Invocation } from '../command.ts';
import { createAndTell, creationFlags, printMade } from '../create.ts';
import { parseDuration } from '../durations.ts';
import { generators, type Generator } from '../generators.ts';
import { readManifests } from '../manifests.ts';
import { misuse, UsageError, type FlagKind } from '../parse.ts';
import { withLastApplied } from '../last-applied.ts';

/** Short names that `create` knows. */
const aliases: Readonly<Record<string, string>> = {
  cj: 'cronjob',
  cm: 'configmap',
  deploy: 'deployment',
  ing: 'ingress',
  ns: 'namespace',
  pc: 'priorityclass',
  pdb: 'poddisruptionbudget',
  resourcequota: 'quota',
  sa: 'serviceaccount',
  svc: 'service',
};

const allFlags = Object.assign({}, ...generators.map((g) => g.flags)) as Record<string, FlagKind>;

/** `kubectl create -f FILE` and `kubectl create WHAT NAME --flags`. Kubernetes: kubectl/pkg/cmd/create. */
export const create: Command = {
  name: 'create',
  flags: {
    flags: {
      ...creationFlags.flags,
      ...allFlags,
      filename: 'list',
      recursive: 'boolean',
      edit: 'boolean',
      audience: 'list',
      'bound-object-kind': 'string',
      'bound-object-name': 'string',
      'bound-object-uid': 'string',
      duration: 'string',
    },
    short: { ...creationFlags.short, f: 'filename', r: 'replicas' },
  },
  run(run) {
    const [first, ...rest] = run.args.positional;
    if (first === undefined) createFromFiles(run);
    else if (first === 'token') createToken(run, rest);
    else createFromFlags(run, [Object.hasOwn(aliases, first) ? aliases[first]! : first, ...rest]);
  },
};

function createFromFiles(run: Invocation): void {
  const paths = run.args.flags.get('filename') ?? [];
  if (paths.length === 0) throw new UsageError('error: must specify one of -f and -k');
  const items = readManifests(run, paths);
  if (items.length === 0 && !run.failed()) throw new UsageError('error: no objects passed to create');
  for (const { document, object, kind, namespace, path } of items) {
    try {
      const dryRun = run.flag('dry-run');
      const body = run.has('save-config') ? withLastApplied(object, namespace) : object;
      const options = {
        fieldValidation: 'Strict' as const,
        ...(dryRun && dryRun !== 'none' && { dryRun: true }),
      };
      const made = run.request({ verb: 'create', resource: kind.key, namespace, body, options }) as KubeObject;
      printMade(run, kind, made, 'created');
    } catch (error) {
      run.refuse(document, error, `error when creating "${path}"`);
    }
  }
}

/** `kubectl create token ACCOUNT`: asks for it and prints it. Kubernetes: kubectl/pkg/cmd/create/create_token.go. */
function createToken(run: Invocation, words: readonly string[]): void {
  const [name, ...more] = words;
  if (name === undefined || more.length > 0)
    throw misuse('create token', `exactly one NAME is required, got ${words.length}`);
  const duration = parseDuration(run.flag('duration') ?? '0s', 'duration', 'create token');
  if (duration < 0) throw new UsageError('error: --duration must be greater than or equal to 0');
  if (duration % 1000 !== 0) throw new UsageError('error: --duration cannot be expressed in units less than seconds');
  const audiences = run.args.flags.get('audience');
  const [kind, object, uid] = ['kind', 'name', 'uid'].map((part) => run.flag(`bound-object-${part}`));
  if (!kind && object)
    throw new UsageError('error: --bound-object-name can only be set if --bound-object-kind is provided');
  if (kind && !object)
    throw new UsageError('error: --bound-object-name is required if --bound-object-kind is provided');
  const spec = {
    ...(audiences && { audiences }),
    ...(kind && { boundObjectRef: { apiVersion: 'v1', kind, name: object, ...(uid && { uid }) } }),
    ...(duration > 0 && { expirationSeconds: duration / 1000 }),
  };
  const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', metadata: {}, spec };
  const call = { resource: 'serviceaccounts', subresource: 'token', namespace: run.namespace, name } as const;
  try {
    const made = run.request({ verb: 'create', ...call, body }) as { status?: { token?: string } };
    run.out(`${made.status?.token ?? ''}\n`);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw new UsageError(`error: failed to create token: ${error.status.message}`);
  }
}

function createFromFlags(run: Invocation, words: readonly string[]): void {
  const generator = generators.find((g) => words.join(' ').startsWith(g.words) && words[0] === g.words.split(' ')[0]);
  if (!generator) throw misuse('create', `Unexpected args: [${words.join(' ')}]`);
  const missing = (generator.required ?? []).filter((flag) => run.flag(flag) === undefined);
  if (missing.length > 0)
    throw new UsageError(`error: required flag(s) ${missing.map((flag) => `"${flag}"`).join(', ')} not set`);
  const names = words.slice(generator.words.split(' ').length);
  if (names.length !== 1) {
    throw new UsageError(
      names.length === 0
        ? `error: exactly one NAME is required, got 0\nSee 'kubectl create ${generator.words} -h' for help and examples`
        : `error: exactly one NAME is required, got ${names.length}\nSee 'kubectl create ${generator.words} -h' for help and examples`,
    );
  }
  make(run, generator, names[0]!);
}

function make(run: Invocation, generator: Generator, name: string): void {
  const kind = kindOf(generator.resource)!;
  createAndTell(run, kind, generator.make(run, name) as KubeObject, generator.failed);
}
