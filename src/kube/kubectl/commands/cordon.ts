import type { Command } from '../command.ts';
import { dryRunOf, dryRunSuffix } from '../create.ts';
import { targetsOf } from '../selection.ts';
import type { Node } from '../../apis/index.ts';
import { misuse } from '../parse.ts';

/** `kubectl cordon` and `uncordon`: spec.unschedulable on and off. Kubernetes: kubectl/pkg/drain/cordon.go. */
function cordonCommand(name: 'cordon' | 'uncordon', wanted: boolean): Command {
  return {
    name,
    flags: { flags: { selector: 'string', 'dry-run': 'string' }, short: { l: 'selector' } },
    run(run) {
      const words = run.args.positional;
      if (words.length === 0 && run.flag('selector') === undefined) throw misuse(name, `USAGE: ${name} NODE [flags]`);
      for (const { name: node } of targetsOf(run, words[0]?.includes('/') ? words : ['node', ...words])) {
        try {
          const live = run.client.get(run.ctx, 'nodes', node) as Node;
          if ((live.spec?.unschedulable === true) === wanted) {
            run.out(`node/${node} already ${name}ed${dryRunSuffix(run)}\n`);
            continue;
          }
          const dryRun = dryRunOf(run);
          if (dryRun !== 'client')
            run.request({
              verb: 'patch',
              resource: 'nodes',
              name: node,
              patchType: 'strategic',
              body: { spec: { unschedulable: wanted ? true : null } },
              options: dryRun === 'server' ? { dryRun: true } : {},
            });
          run.out(`node/${node} ${name}ed${dryRunSuffix(run)}\n`);
        } catch (error) {
          run.refuse(0, error, '');
        }
      }
    },
  };
}

export const cordon = cordonCommand('cordon', true);
export const uncordon = cordonCommand('uncordon', false);
