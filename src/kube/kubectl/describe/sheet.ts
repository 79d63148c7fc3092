import type { KubeObject } from '../../apimachinery/index.ts';
import { age } from '../../apimachinery/duration.ts';
import { millisOf } from '../../apimachinery/index.ts';
import type { KubeEvent } from '../../apis/index.ts';
import type { AnyKind } from '../../apis/kind.ts';
import type { Invocation } from '../command.ts';
import { alignTabs } from '../printers/tabs.ts';

/** A description as it is written: lines with tabs, aligned at the end. Kubernetes: kubectl/pkg/describe PrefixWriter. */
export interface Sheet {
  readonly run: Invocation;
  /** False when several objects are described at once: then no events are shown. */
  readonly events: boolean;
  /** Adds a line, two blanks per level before it. */
  line(level: number, text: string): void;
  /** Aligned. */
  text(): string;
  /** With its tabs, as `rollout history` prints it. */
  raw(): string;
}

/** An empty sheet. */
export function createSheet(run: Invocation, events: boolean): Sheet {
  let text = '';
  return {
    run,
    events,
    line: (level, line) => void (text += `${'  '.repeat(level)}${line}\n`),
    text: () => alignTabs(text),
    raw: () => text,
  };
}

type Texts = Readonly<Record<string, string>> | undefined;

const sorted = (map: Texts): [string, string][] => Object.entries(map ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));

/** `Labels:  a=1` with the rest below. */
export function labelLines(sheet: Sheet, title: string, labels: Texts): void {
  const list = sorted(labels).map(([key, value]) => `${key}=${value}`);
  sheet.line(0, `${title}:\t${list[0] ?? '<none>'}`);
  for (const item of list.slice(1)) sheet.line(0, `\t${item}`);
}

/** Longest annotation in one line. Kubernetes: maxAnnotationLen. */
const longest = 140;
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** `Annotations:  a: 1`; long values go below their key, shortened. */
export function annotationLines(sheet: Sheet, title: string, annotations: Texts): void {
  const list = sorted(annotations).filter(([key]) => key !== lastApplied);
  if (list.length === 0) sheet.line(0, `${title}:\t<none>`);
  let head = `${title}:\t`;
  for (const [key, given] of list) {
    const value = given.replace(/\n$/, '');
    if (value.length + key.length + 2 > longest || value.includes('\n')) {
      sheet.line(0, `${head}${key}:`);
      for (const part of value.split('\n'))
        sheet.line(0, `\t  ${part.length > longest - 2 ? `${part.slice(0, longest - 2)}...` : part}`);
    } else sheet.line(0, `${head}${key}: ${value}`);
    head = '\t';
  }
}

/** Name, namespace (unless asked not to), labels and annotations: how most descriptions begin. */
export function heading(sheet: Sheet, { metadata }: KubeObject): void {
  sheet.line(0, `Name:\t${metadata.name}`);
  if (metadata.namespace !== undefined) sheet.line(0, `Namespace:\t${metadata.namespace}`);
  labelLines(sheet, 'Labels', metadata.labels);
  annotationLines(sheet, 'Annotations', metadata.annotations);
}

export { longTime } from '../../apimachinery/index.ts';

/**
 * Events about an object, oldest last sighting first; those of the newer kind (the scheduler's) have no such time and stand
 * at the top. Kubernetes: DescribeEvents, util/event SortableEvents.
 */
export function eventLines(sheet: Sheet, kind: AnyKind, object: KubeObject): void {
  if (!sheet.events) return;
  const { name, namespace, uid } = object.metadata;
  const { ctx, client } = sheet.run;
  const about = client
    .list(ctx, 'events', namespace ?? 'default')
    .filter(
      ({ involvedObject: o }) => o.kind === kind.kind && o.name === name && (o.uid === uid || o.uid === name || !o.uid),
    );
  if (about.length === 0) {
    sheet.line(0, 'Events:\t<none>');
    return;
  }
  sheet.line(0, 'Events:\n  Type\tReason\tAge\tFrom\tMessage\n  ----\t------\t----\t----\t-------');
  const seen = (e: KubeEvent): number => (e.lastTimestamp ? millisOf(e.lastTimestamp) : 0);
  for (const e of [...about].sort((a, b) => seen(a) - seen(b))) {
    const from = e.source?.component || e.reportingComponent;
    const { fieldPath } = e.involvedObject;
    const message = `${fieldPath ? `${fieldPath}: ` : ''}${(e.message ?? '').trim()}`;
    sheet.line(1, `${e.type}\t${e.reason}\t${whenSeen(e, ctx.now)}\t${from}\t${message}`);
  }
}

/** `5s`, or `5s (x3 over 2m)` for what was told several times. */
export function whenSeen(e: KubeEvent, now: number): string {
  const first = e.firstTimestamp || e.eventTime;
  const count = e.series?.count ?? e.count ?? 1;
  const last = e.series?.lastObservedTime || e.lastTimestamp || first;
  return count > 1 ? `${age(last, now)} (x${count} over ${age(first, now)})` : age(first, now);
}
