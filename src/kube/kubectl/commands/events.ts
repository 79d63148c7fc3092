import { age } from '../../apimachinery/duration.ts';
import { millisOf } from '../../apimachinery/index.ts';
import type { KubeEvent } from '../../apis/index.ts';
import type { AnyKind } from '../../apis/kind.ts';
import type { Command, Invocation } from '../command.ts';
import { whenSeen } from '../describe/sheet.ts';
import { UsageError } from '../parse.ts';
import { alignRows } from '../printers/table.ts';
import { kindByWord } from '../resources.ts';

/** `kubectl events [--for TYPE/NAME] [--types Warning]`: oldest first. Kubernetes: kubectl/pkg/cmd/events. */
export const events: Command = {
  name: 'events',
  flags: {
    flags: { for: 'string', types: 'list', 'all-namespaces': 'boolean', 'no-headers': 'boolean', watch: 'boolean' },
    short: { A: 'all-namespaces', w: 'watch' },
  },
  run(run) {
    const all = run.has('all-namespaces');
    const types = run.args.flags.get('types')?.flatMap((text) => text.toLowerCase().split(','));
    for (const type of types ?? [])
      if (type !== 'normal' && type !== 'warning') throw new UsageError('error: valid --types are Normal or Warning');
    const [word = '', name] = run.flag('for')?.split('/') ?? [];
    if (word && !name) throw new UsageError('error: --for must be in resource/name form');
    const kind = word ? kindNamed(run, word) : undefined;
    const seen = (e: KubeEvent): number => millisOf(e.series?.lastObservedTime ?? e.lastTimestamp ?? e.eventTime ?? '');
    const found = run.client
      .list(run.ctx, 'events', all ? undefined : run.namespace)
      .filter((e) => !kind || (e.involvedObject.kind === kind.kind && e.involvedObject.name === name))
      .filter((e) => !types || types.includes((e.type ?? '').toLowerCase()))
      .sort((a, b) => seen(a) - seen(b));
    if (found.length === 0) {
      run.err(all ? 'No events found.\n' : `No events found in ${run.namespace} namespace.\n`);
      return;
    }
    const rows = found.map((e) => [
      ...(all ? [e.metadata.namespace ?? ''] : []),
      (e.series?.count ?? e.count ?? 1) > 1
        ? whenSeen(e, run.ctx.now)
        : age(e.lastTimestamp ?? e.eventTime, run.ctx.now),
      e.type ?? '',
      e.reason ?? '',
      `${e.involvedObject.kind}/${e.involvedObject.name}`,
      (e.message ?? '').trim(),
    ]);
    const header = [...(all ? ['NAMESPACE'] : []), 'LAST SEEN', 'TYPE', 'REASON', 'OBJECT', 'MESSAGE'];
    run.out(alignRows(run.has('no-headers') ? rows : [header, ...rows]));
  },
};

/** A kind that nobody serves is told without the word "error". */
function kindNamed(run: Invocation, word: string): AnyKind {
  try {
    return kindByWord(run, word);
  } catch (error) {
    if (error instanceof UsageError) throw new UsageError(error.message.replace(/^error: /, ''));
    throw error;
  }
}
