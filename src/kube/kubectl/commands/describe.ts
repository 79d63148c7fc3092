import { isReason, type KubeObject } from '../../apimachinery/index.ts';
import type { AnyKind } from '../../apis/kind.ts';
import type { Command, Invocation } from '../command.ts';
import { createSheet } from '../describe/sheet.ts';
import { describeObject } from '../describe/index.ts';
import { UsageError } from '../parse.ts';
import { listOf, targetsOf, type Target } from '../selection.ts';

/**
 * The objects that are meant. One name that nothing bears may be the beginning of names; of several, all must be there.
 * Kubernetes: DescribeMatchingResources.
 */
function fetch(run: Invocation, targets: readonly Target[]): readonly { kind: AnyKind; object: KubeObject }[] {
  const found: { kind: AnyKind; object: KubeObject }[] = [];
  for (const { kind, name, namespace } of targets) {
    try {
      found.push({ kind, object: run.request({ verb: 'get', resource: kind.key, namespace, name }) as KubeObject });
    } catch (error) {
      const alike = run.args.positional.length === 2 && isReason(error, 'NotFound') ? listOf(run, kind) : [];
      const begun = alike.filter(({ metadata }) => metadata.name.startsWith(name));
      if (begun.length > 0) return begun.map((object) => ({ kind, object }));
      run.refuse(0, error, '');
    }
  }
  return run.failed() ? [] : found;
}

/** `kubectl describe TYPE [NAME…]`. Events are shown for one object, not for many. Kubernetes: kubectl/pkg/cmd/describe. */
export const describe: Command = {
  name: 'describe',
  flags: {
    flags: {
      filename: 'list',
      selector: 'string',
      'all-namespaces': 'boolean',
      'show-events': 'boolean',
      'chunk-size': 'int',
      recursive: 'boolean',
    },
    short: { f: 'filename', l: 'selector', A: 'all-namespaces' },
  },
  run(run) {
    if (run.args.positional.length === 0 && !run.args.flags.has('filename'))
      throw new UsageError('error: You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.'); // prettier-ignore
    const targets = targetsOf(run, run.args.positional, true);
    const wanted = run.flag('show-events');
    const events = wanted === undefined ? targets.length <= 1 : wanted !== 'false';
    if (targets.length === 0 && !run.failed()) {
      run.err(
        run.has('all-namespaces') ? 'No resources found\n' : `No resources found in ${run.namespace} namespace.\n`,
      );
    }
    let first = true;
    const found = fetch(run, targets);
    for (const { kind, object } of found) {
      try {
        const sheet = createSheet(run, events);
        describeObject(sheet, object, kind);
        run.out(first ? sheet.text() : `\n\n${sheet.text()}`);
        first = false;
      } catch (error) {
        run.refuse(0, error, '');
      }
    }
  },
};
