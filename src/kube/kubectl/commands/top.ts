import { ApiError, isReason, milliValue, millisOf, quantityValue } from '../../apimachinery/index.ts';
import type { Node, Pod } from '../../apis/index.ts';
import type { Command, Invocation } from '../command.ts';
import { misuse, UsageError } from '../parse.ts';

interface Usage {
  readonly cpu: string;
  readonly memory: string;
}

/** PodMetrics and NodeMetrics, as far as they are printed. */
interface Metrics {
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly usage?: Usage;
  readonly containers?: readonly { readonly name: string; readonly usage: Usage }[];
}

/** A pod without metrics is reported by name from this age on. kubectl: metricsCreationDelay. */
const metricsCreationMs = 120_000;

/** What a row shows: millicores and bytes. */
interface Amount {
  readonly cpuMilli: number;
  readonly memoryBytes: number;
}

const amountOf = ({ cpu, memory }: Usage): Amount => ({
  cpuMilli: milliValue(cpu),
  memoryBytes: quantityValue(memory),
});

const sumOf = (amounts: readonly Amount[]): Amount => ({
  cpuMilli: amounts.reduce((sum, { cpuMilli }) => sum + cpuMilli, 0),
  memoryBytes: amounts.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
});

const mebi = 1024 ** 2;
const cpuText = ({ cpuMilli }: Amount): string => `${cpuMilli}m`;
const memoryText = ({ memoryBytes }: Amount): string => `${Math.floor(memoryBytes / mebi)}Mi`;
const podAmount = ({ containers = [] }: Metrics): Amount => sumOf(containers.map(({ usage }) => amountOf(usage)));

/** Every cell is followed by its padding, the last one too. kubectl: printers.GetNewTabWriter (least width 6, padding 3). */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 6, cell.length + 3);
  return rows.map((row) => `${row.map((cell, i) => cell.padEnd(widths[i]!)).join('')}\n`).join('');
}

/** Largest first by the resource asked for, else by name. */
function sorted<T extends Metrics>(run: Invocation, items: readonly T[], of: (item: T) => Amount): T[] {
  const by = run.flag('sort-by') ?? '';
  const key = ({ metadata }: T): string => `${metadata.namespace ?? ''}/${metadata.name}`;
  return [...items].sort((a, b) =>
    by === 'cpu'
      ? of(b).cpuMilli - of(a).cpuMilli
      : by === 'memory'
        ? of(b).memoryBytes - of(a).memoryBytes
        : key(a) < key(b)
          ? -1
          : 1,
  );
}

/** `kubectl top node` and `kubectl top pod`. Kubernetes: kubectl/pkg/cmd/top. */
export const top: Command = {
  name: 'top',
  flags: {
    flags: {
      'all-namespaces': 'boolean',
      containers: 'boolean',
      'field-selector': 'string',
      'no-headers': 'boolean',
      selector: 'string',
      'show-capacity': 'boolean',
      'sort-by': 'string',
      sum: 'boolean',
      'use-protocol-buffers': 'boolean',
    },
    short: { A: 'all-namespaces', l: 'selector' },
  },
  run(run) {
    const [what, ...names] = run.args.positional;
    const by = run.flag('sort-by') ?? '';
    if (by !== '' && by !== 'cpu' && by !== 'memory')
      throw new UsageError('error: --sort-by accepts only cpu or memory');
    if (names.length > 1) throw misuse(`top ${what}`, `unexpected arguments: [${names.slice(1).join(' ')}]`); // prettier-ignore
    if (names.length === 1 && run.flag('selector') !== undefined)
      throw new UsageError('error: only one of NAME or selector can be provided');
    if (what === 'pod' || what === 'pods' || what === 'po') topPods(run, names[0]);
    else if (what === 'node' || what === 'nodes' || what === 'no') topNodes(run, names[0]);
    else throw misuse('top', `unknown command "${what}"`);
  },
};

/** One object by its name, or all that the flags select. */
function fetchMetrics(run: Invocation, resource: 'pods' | 'nodes', name: string | undefined): readonly Metrics[] {
  const namespace = resource === 'pods' && !run.has('all-namespaces') ? run.namespace : undefined;
  const address = { resource: `${resource}.metrics.k8s.io`, namespace };
  const options = { labelSelector: run.flag('selector'), fieldSelector: run.flag('field-selector') };
  try {
    if (name !== undefined) return [run.request({ verb: 'get', ...address, name }) as Metrics];
    return (run.request({ verb: 'list', ...address, options }) as { items: readonly Metrics[] }).items;
  } catch (error) {
    if (!(error instanceof ApiError) || error.status.details?.name) throw error;
    if (isReason(error, 'NotFound')) throw new UsageError('error: Metrics API not available');
    const { reason, message } = error.status;
    throw new UsageError(`Error from server (${reason}): ${message} (get ${address.resource})`);
  }
}

function topPods(run: Invocation, name: string | undefined): void {
  const items = fetchMetrics(run, 'pods', name);
  if (items.length === 0) explainNothing(run);
  const withNamespace = run.has('all-namespaces');
  const withContainers = run.has('containers');
  const header = [...(withContainers ? ['POD'] : []), 'NAME', 'CPU(cores)', 'MEMORY(bytes)'];
  if (withNamespace) header.unshift('NAMESPACE');
  const rows = items.length > 0 && !run.has('no-headers') ? [header] : [];
  for (const pod of sorted(run, items, podAmount)) {
    const { name: podName, namespace = '' } = pod.metadata;
    const lead = [...(withNamespace ? [namespace] : []), podName];
    if (withContainers) {
      const list = (pod.containers ?? []).map((c) => ({ metadata: { name: c.name }, amount: amountOf(c.usage) }));
      for (const c of sorted(run, list, ({ amount }) => amount))
        rows.push([...lead, c.metadata.name, cpuText(c.amount), memoryText(c.amount)]);
    } else rows.push([...lead, cpuText(podAmount(pod)), memoryText(podAmount(pod))]);
  }
  if (run.has('sum') && items.length > 0) {
    const total = sumOf(items.map(podAmount));
    const blank = header.slice(2).map(() => '');
    rows.push([...blank, '________', '________'], [...blank, cpuText(total), memoryText(total)]);
  }
  run.out(aligned(rows));
}

/** Says why there is nothing to show: no pods at all, or pods that are too new. kubectl: verifyEmptyMetrics. */
function explainNothing(run: Invocation): void {
  const all = run.has('all-namespaces');
  const pods = run.client.list(run.ctx, 'pods', all ? undefined : run.namespace, {
    labelSelector: run.flag('selector'),
    fieldSelector: run.flag('field-selector'),
  }) as readonly Pod[];
  for (const { metadata } of pods) {
    const age = run.ctx.now - millisOf(metadata.creationTimestamp);
    if (age > metricsCreationMs)
      throw new UsageError(`error: Metrics not available for pod ${metadata.namespace}/${metadata.name}, age: ${goDuration(age)}`); // prettier-ignore
  }
  if (pods.length > 0) throw new UsageError('error: metrics not available yet');
  run.err(all ? 'No resources found\n' : `No resources found in ${run.namespace} namespace.\n`);
}

/** `2m5.25s`: a duration as Go prints it. */
function goDuration(ms: number): string {
  const hours = Math.floor(ms / 3_600_000);
  const minutes = Math.floor(ms / 60_000) % 60;
  return `${hours > 0 ? `${hours}h` : ''}${hours > 0 || minutes > 0 ? `${minutes}m` : ''}${(ms % 60_000) / 1000}s`;
}

function topNodes(run: Invocation, name: string | undefined): void {
  const items = fetchMetrics(run, 'nodes', name);
  if (items.length === 0) throw new UsageError('error: metrics not available yet');
  const field = run.has('show-capacity') ? 'capacity' : 'allocatable';
  const nodes = (
    name === undefined
      ? run.client.list(run.ctx, 'nodes', undefined, { labelSelector: run.flag('selector') })
      : [run.client.get(run.ctx, 'nodes', name)]
  ) as readonly Node[];
  const available = new Map(nodes.map(({ metadata, status }) => [metadata.name, status?.[field] ?? {}]));
  const header = ['NAME', 'CPU(cores)', 'CPU(%)', 'MEMORY(bytes)', 'MEMORY(%)'];
  const rows = run.has('no-headers') ? [] : [header];
  const nodeAmount = ({ usage }: Metrics): Amount => amountOf(usage!);
  for (const item of sorted(run, items, nodeAmount)) {
    const amount = nodeAmount(item);
    const { cpu, memory } = available.get(item.metadata.name) ?? {};
    available.delete(item.metadata.name);
    const percent = (used: number, of: number): string => `${of > 0 ? Math.floor((used * 100) / of) : 0}%`;
    rows.push([
      item.metadata.name,
      cpuText(amount),
      percent(amount.cpuMilli, milliValue(cpu)),
      memoryText(amount),
      percent(amount.memoryBytes, quantityValue(memory)),
    ]);
  }
  for (const missing of available.keys()) rows.push([missing, ...header.slice(1).map(() => '<unknown>')]);
  run.out(aligned(rows));
}
