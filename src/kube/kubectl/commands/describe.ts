import type { KubeObject } from '../../apimachinery/index.ts';
import type { Command } from '../command.ts';
import { createSheet } from '../describe/sheet.ts';
import { describeObject } from '../describe/index.ts';
import { UsageError } from '../parse.ts';
import { targetsOf } from '../selection.ts';

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
    for (const { kind, name, namespace } of targets) {
      try {
        const object = run.request({ verb: 'get', resource: kind.key, namespace, name }) as KubeObject;
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
