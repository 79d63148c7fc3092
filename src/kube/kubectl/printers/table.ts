import type { KubeObject } from '../../apimachinery/index.ts';
import type { AnyKind } from '../../apis/kind.ts';

/** What shapes a table beside its rows. */
export interface TableOptions {
  readonly wide: boolean;
  /** Names read `deployment.apps/web`: several kinds were asked for. */
  readonly withKind: boolean;
  readonly withNamespace: boolean;
  readonly showLabels: boolean;
  /** `-L`: labels that get a column of their own. */
  readonly labelColumns: readonly string[];
  readonly noHeaders: boolean;
  readonly nowMs: number;
}

/** `<none>` for what is missing; a cell that is given as empty text or null stays empty. */
const cellText = (value: string | number | boolean | null | undefined): string =>
  value === undefined ? '<none>' : String(value ?? '');

/** The rows of a table as cells, header first. */
export function tableRows(kind: AnyKind, objects: readonly KubeObject[], options: TableOptions): string[][] {
  const columns = kind.columns.filter((c) => options.wide || !c.priority);
  const header = columns.map((c) => c.name.toUpperCase());
  const rows = objects.map((object) =>
    columns.map((column, i) => {
      const text = cellText(column.cell(object, options.nowMs, options.wide));
      return i === 0 && options.withKind ? `${kind.singular}${kind.group ? `.${kind.group}` : ''}/${text}` : text;
    }),
  );
  if (options.withNamespace) {
    header.unshift('NAMESPACE');
    for (const [i, row] of rows.entries()) row.unshift(objects[i]!.metadata.namespace ?? '');
  }
  for (const label of options.labelColumns) {
    header.push(label.slice(label.lastIndexOf('/') + 1).toUpperCase());
    for (const [i, row] of rows.entries()) row.push(objects[i]!.metadata.labels?.[label] ?? '');
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

/**
 * Aligns cells as kubectl's tabwriter does: three blanks between columns, none after the last, no column narrower than six. `widths` remembers from one
 * part of a table to the next how wide its columns are: they only grow.
 */
export function alignRows(rows: readonly (readonly string[])[], widths: number[] = []): string {
  for (const row of rows) for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 3, cell.length);
  return rows
    .map((row) => `${row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i]! + 3))).join('')}\n`)
    .join('');
}
