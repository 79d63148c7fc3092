import type { KubeObject } from '../../apimachinery/index.ts';
import { kindOf } from '../../apis/index.ts';
import type { Command, Invocation } from '../command.ts';
import { createAndTell, creationFlags, printMade } from '../create.ts';
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
    flags: { ...creationFlags.flags, ...allFlags, filename: 'list' },
    short: { ...creationFlags.short, f: 'filename', r: 'replicas' },
  },
  run(run) {
    const [first, ...rest] = run.args.positional;
    if (first === undefined) createFromFiles(run);
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
