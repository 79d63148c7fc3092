/** The tray over a column: version, name, desired · current · ready; its bracket holds the column together. */
import type { PlacedColumn } from '../layout.ts';
import { fitText, textWidth } from '../measure.ts';
import { hit, path, rect, text } from '../paint.ts';
import type { Glyph } from './glyph.ts';
import { doneOf, jobSign } from './job.ts';

export interface PlacedTray {
  readonly placed: PlacedColumn;
  /** Y of the bracket. */
  readonly y: number;
  /** The group has no other name over it than this tray's. */
  readonly single: boolean;
  readonly bare: boolean;
  /** The header over a narrow group has no counts of its own. */
  readonly narrow: boolean;
  /** First and last column of its group. */
  readonly edges: { readonly first: boolean; readonly last: boolean };
}

export const trayGlyph: Glyph<PlacedTray> = {
  kind: 'ReplicaSet',
  sign: ({ placed: { column: c, x, w }, y, single, bare, narrow, edges }, look) =>
    [
      x,
      w,
      y,
      c.name,
      c.kind,
      c.version.text,
      c.desired,
      c.current,
      c.ready,
      jobSign(c.job),
      c.ghost,
      single,
      bare,
      narrow,
      edges.first,
      edges.last,
      look.lang,
    ].join('|'),
  draw: (g, { placed, y, single, bare, narrow, edges }, look) => {
    const { column: c, x, w } = placed;
    const a = x + (edges.first ? (single ? 2 : 1) : single ? 7 : 3);
    const b = x + w - (edges.last ? (single ? 2 : 1) : single ? 7 : 3);
    hit(g, a, y - 21, b - a, 28);
    path(g, `M${a} ${y + 7}V${y}H${b}V${y + 7}`, {
      s: c.ghost ? 'line-strong' : 'ink-3',
      w: 1.5,
      d: c.ghost ? '3 4' : undefined,
      c: 'bracket',
    });
    const base = y - 7.5;
    const tight = w < 66;
    const chip = bare ? 0 : c.version.text.length > 2 ? 34 : tight ? 22 : 26;
    if (chip > 0) {
      rect(g, a, y - 20, chip, 16, { r: 2, fill: look.fills.version(c.version), o: c.ghost ? 0.5 : undefined });
      text(g, a + chip / 2, base, c.version.text, {
        mono: true,
        anchor: 'middle',
        weight: 700,
        fill: c.version.pattern ? 'v-ink' : 'ink',
      });
    }
    const from = a + chip + (chip ? (tight ? 3 : 8) : 2);
    const room = b - 2 - from;
    if (c.ghost) {
      text(
        g,
        from,
        base,
        fitText(room > 140 && c.kind === 'ReplicaSet' ? look.labels.noReplicaSet : look.labels.noneYet, room, false),
        {
          fill: 'ink-3',
        },
      );
      return;
    }
    const counts = c.job
      ? [
          `succeeded ${doneOf(c.job)} · active ${c.job.active} · failed ${c.job.failed}`,
          `succeeded ${doneOf(c.job)}`,
          doneOf(c.job),
        ]
      : [
          `desired ${c.desired} · current ${c.current} · ready ${c.ready}`,
          `desired ${c.desired} · ready ${c.ready}`,
          `${c.ready}/${c.desired}`,
        ];
    const hash = c.kind === 'ReplicaSet' ? (c.name.split('-').at(-1) ?? c.name) : c.name;
    const named = single || c.kind !== 'ReplicaSet' || !narrow;
    const names = bare ? [''] : named ? (single ? [c.name, hash, ''] : [hash, '']) : [''];
    const choice = names
      .flatMap((name) => counts.map((count, i) => ({ name, count, i })))
      .filter(
        ({ name, count, i }) =>
          textWidth(name, true) + (name ? 14 : 0) + textWidth(count, i === 2, tight ? 13 : 14) <= room + 2,
      )
      .sort((p, q) => p.i + names.indexOf(p.name) * 1.5 - (q.i + names.indexOf(q.name) * 1.5))[0];
    const { name, count, i } = choice ?? { name: '', count: counts[2]!, i: 2 };
    if (name) text(g, from, base, name, { mono: true, weight: 560 });
    if (choice && !bare)
      text(g, name || single ? b - 2 : from, base, count, {
        anchor: name || single ? 'end' : 'start',
        mono: i === 2,
        ...(tight && { size: 13 }),
        fill: 'ink-3',
      });
  },
};
