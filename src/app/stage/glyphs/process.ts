/** A process of the control plane. The API server has the heavy border: every wire ends there. */
import type { Box } from '../layout.ts';
import { fitText } from '../measure.ts';
import { rect, text } from '../paint.ts';
import type { Glyph } from './glyph.ts';

export interface PlacedProcess {
  /** `kube-apiserver`, `kube-scheduler`, `kube-controller-manager`, `etcd`. */
  readonly name: string;
  readonly label: string;
  readonly box: Box;
  readonly strong: boolean;
  readonly stopped: boolean;
}

export const processGlyph: Glyph<PlacedProcess> = {
  kind: 'Process',
  sign: (p) => [p.box.x, p.box.y, p.box.w, p.label, p.stopped].join('|'),
  draw: (g, p, look) => {
    const { x, y, w, h } = p.box;
    rect(g, x, y, w, h, { r: 3, fill: 'panel' });
    if (p.stopped) rect(g, x, y, w, h, { r: 3, fill: look.fills.hatch });
    rect(g, x, y, w, h, {
      r: 3,
      s: p.stopped ? 'idle' : p.strong ? 'ink-2' : 'line-strong',
      w: p.strong || p.stopped ? 1.75 : 1.25,
      d: p.stopped ? '4 3' : undefined,
      c: 'edge',
    });
    const label = fitText(p.label, w - 6, false);
    if (!p.stopped) {
      text(g, x + w / 2, y + h / 2 + 5, label, { anchor: 'middle', weight: p.strong ? 640 : 480 });
      return;
    }
    text(g, x + w / 2, y + h / 2 - 2, label, { anchor: 'middle', weight: 480, fill: 'ink-3', c: 'halo-panel' });
    text(g, x + w / 2, y + h / 2 + 13, look.labels.stopped, {
      anchor: 'middle',
      weight: 600,
      fill: 'idle-text',
      c: 'halo-panel',
    });
  },
};
