import { millisOf, type KubeObject } from '../../apimachinery/index.ts';
import type { AnyKind } from '../../apis/kind.ts';

/** What shapes a table beside its rows. */
export interface TableOptions {
  readonly wide: boolean;
  /** Names read `deployment.apps/web`: several kinds were asked for. */
  readonly withKind: boolean;
  readonly withNamespace: boolean;
  readonly showLabels: boolean;
  readonly noHeaders: boolean;
  readonly nowMs: number;
}

/** Columns of `kubectl get` for kinds that name none of their own. */
const plainColumns: AnyKind['columns'] = [
  { name: 'Name', cell: (o) => (o as KubeObject).metadata.name },
  { name: 'Age', cell: (o, now) => age((o as KubeObject).metadata.creationTimestamp, now) },
];

/** The columns of a kind: its own, or name and age. */
export const columnsOf = (kind: AnyKind): AnyKind['columns'] => (kind.columns.length > 0 ? kind.columns : plainColumns);

/** How long ago a timestamp was, as kubectl prints it: `5s`, `2m3s`, `3h`, `4d2h`. Kubernetes: apimachinery/pkg/util/duration. */
export function age(timestamp: string | undefined, nowMs: number): string {
  return timestamp === undefined ? '<unknown>' : humanDuration(nowMs - millisOf(timestamp));
}

/** HumanDuration of Kubernetes, milliseconds in. */
export function humanDuration(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 10) return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m${seconds % 60}s`;
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.floor(minutes / 60);
  if (hours < 8) return minutes % 60 === 0 ? `${hours}h` : `${hours}h${minutes % 60}m`;
  if (hours < 48) return `${hours}h`;
  if (hours < 192) return hours % 24 === 0 ? `${Math.floor(hours / 24)}d` : `${Math.floor(hours / 24)}d${hours % 24}h`;
  if (hours < 24 * 365 * 2) return `${Math.floor(hours / 24)}d`;
  const days = Math.floor(hours / 24);
  if (hours < 24 * 365 * 8)
    return days % 365 === 0 ? `${Math.floor(days / 365)}y` : `${Math.floor(days / 365)}y${days % 365}d`;
  return `${Math.floor(days / 365)}y`;
}

const cellText = (value: string | number | boolean | undefined): string =>
  value === undefined || value === '' ? '<none>' : String(value);

/** The rows of a table as cells, header first. */
export function tableRows(kind: AnyKind, objects: readonly KubeObject[], options: TableOptions): string[][] {
  const columns = columnsOf(kind).filter((c) => options.wide || !c.priority);
  const header = columns.map((c) => c.name.toUpperCase());
  const rows = objects.map((object) =>
    columns.map((column, i) => {
      const text = cellText(column.cell(object, options.nowMs));
      return i === 0 && options.withKind ? `${kind.singular}${kind.group ? `.${kind.group}` : ''}/${text}` : text;
    }),
  );
  if (options.withNamespace) {
    header.unshift('NAMESPACE');
    for (const [i, row] of rows.entries()) row.unshift(objects[i]!.metadata.namespace ?? '');
  }
  if (options.showLabels) {
    header.push('LABELS');
    for (const [i, row] of rows.entries()) {
      const labels = Object.entries(objects[i]!.metadata.labels ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
      row.push(labels.map(([k, v]) => `${k}=${v}`).join(',') || '<none>');
    }
  }
  return options.noHeaders ? rows : [header, ...rows];
}

/** Aligns cells as kubectl's tabwriter does: three blanks between columns, none after the last. */
export function alignRows(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length);
  return rows
    .map((row) => `${row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i]! + 3))).join('')}\n`)
    .join('');
}
