/** What one update draws, and what can be pointed at in it. */
import { cardHeight } from './glyphs/deployment.ts';
import type { StageRef, StageView } from './contract.ts';
import type { Box, Layout } from './layout.ts';
import type { Scene } from './scene.ts';

/** An object that can be pointed at, with its box in the world's coordinates. */
export interface Target {
  readonly ref: StageRef;
  readonly box: Box;
  /** What selection and focus go around, when it is more than the box. */
  readonly frame?: Box | undefined;
  readonly kind: 'pod' | 'node' | 'group' | 'column' | 'service' | 'process' | 'addon' | 'gate' | 'policy' | 'claim';
  /** Node of a pod. */
  readonly node?: string | undefined;
  readonly round: number;
}

/** One update's material. */
export interface Picture {
  readonly scene: Scene;
  readonly layout: Layout;
  readonly view: StageView;
  /** 0: nothing moves. */
  readonly pace: number;
  /** Page turned, resized or reset: everything settles at once. */
  readonly settle: boolean;
}

/** Boxes of all that can be selected, for selection, focus, badges and the keyboard. */
export function collectTargets(targets: Map<string, Target>, layout: Layout): void {
  targets.clear();
  const put = (uid: string, target: Target): void => void targets.set(uid, target);
  const { strip } = layout;
  if (strip)
    for (const [name, box] of [
      ['etcd', strip.etcd],
      ['kube-apiserver', strip.api],
      ['kube-scheduler', strip.scheduler],
      ['kube-controller-manager', strip.manager],
    ] as const)
      put(`process/${name}`, {
        ref: { resource: 'processes', key: name, uid: `process/${name}` },
        box,
        kind: 'process',
        round: 4,
      });
  for (const { group: g, x, w, columns, nameEnd } of layout.groups) {
    const card = layout.single && layout.left > 0;
    if (g.ref)
      put(g.uid, {
        ref: g.ref,
        box: card
          ? { x: layout.x0, y: layout.headerY, w: layout.left, h: cardHeight(layout.mode === 'boxes') }
          : {
              x,
              y: layout.headerY,
              w: Math.min(w, nameEnd - x),
              h: layout.mode === 'boxes' ? 58 : g.job || g.cron ? 52 : 38,
            },
        kind: 'group',
        round: 6,
      });
    if (layout.mode === 'loom')
      for (const c of columns)
        if (c.column.ref && c.column.uid !== g.uid)
          put(`tray/${c.column.uid}`, {
            ref: c.column.ref,
            box: { x: c.x, y: layout.top - 31, w: c.w, h: 28 },
            kind: 'column',
            round: 4,
          });
  }
  for (const { item, box } of layout.addons) put(item.uid, { ref: item.ref, box, kind: 'addon', round: 4 });
  for (const { gate, box } of layout.gates) put(gate.uid, { ref: gate.ref, box, kind: 'gate', round: 4 });
  for (const { claim, box } of layout.claims) put(claim.uid, { ref: claim.ref, box, kind: 'claim', round: 4 });
  for (const { policy, box } of layout.policies) put(policy.uid, { ref: policy.ref, box, kind: 'policy', round: 4 });
  for (const n of layout.nodes)
    put(n.node.uid, {
      ref: n.node.ref,
      box: layout.mode === 'loom' ? { ...n.box, h: n.title } : n.box,
      frame: n.box,
      kind: 'node',
      node: n.node.name,
      round: layout.mode === 'loom' ? 8 : 5,
    });
  for (const s of layout.services)
    put(s.service.uid, { ref: s.service.ref, box: s.box, kind: 'service', round: s.box.h / 2 });
  for (const p of layout.pods)
    if (p.where !== 'hidden')
      put(p.pod.uid, {
        ref: p.pod.ref,
        box: { x: p.x, y: p.y, w: p.metric.tw, h: p.metric.th },
        kind: 'pod',
        node: p.pod.node,
        round: p.metric.size === 'cell' ? 3 : 5,
      });
}
