/** The sentence that a screen reader says for each thing on the stage. */
import type { PlacedHeader } from './glyphs/deployment.ts';
import type { Look } from './glyphs/glyph.ts';
import { silence } from './glyphs/node.ts';
import { graceLeft, retryLeft } from './glyphs/pod.ts';
import type { PlacedProcess } from './glyphs/process.ts';
import type { PlacedTray } from './glyphs/replicaset.ts';
import type { PlacedNode, PlacedPod, PlacedService } from './layout.ts';
import type { Scene } from './scene.ts';

/** Sentence makers for one update. */
export interface Sentences {
  readonly pod: (p: Pick<PlacedPod, 'pod'>) => string;
  readonly node: (n: Pick<PlacedNode, 'node'>) => string;
  readonly header: (h: Pick<PlacedHeader, 'placed'>) => string;
  readonly tray: (t: Pick<PlacedTray, 'placed'>) => string;
  readonly service: (s: Pick<PlacedService, 'service'>) => string;
  readonly process: (p: PlacedProcess) => string;
}

/** Sentences in the language of the look. */
export function sentences(scene: Scene, { labels, now }: Look): Sentences {
  return {
    pod: (p) => {
      const { pod } = p;
      return labels.podSentence({
        name: pod.pod.metadata.name ?? '?',
        namespace: pod.pod.metadata.namespace ?? '',
        node: pod.node,
        status: pod.look.word,
        ready: pod.look.ready,
        isReady: pod.look.state === 'ready',
        restarts: pod.look.restarts,
        version: pod.version.text,
        lastKnown: pod.lastKnown,
        phase: pod.look.phase,
        graceSeconds: graceLeft(p, now),
        retrySeconds: retryLeft(p, now),
      });
    },
    node: ({ node }) =>
      labels.nodeSentence({
        name: node.name,
        ready: node.ready,
        cordoned: node.cordoned,
        pods: scene.pods.reduce((n, p) => n + (p.node === node.name ? 1 : 0), 0),
        silentSeconds: silence(node, now),
        cpuRequestedPercent: Math.round(node.cpuRequested * 100),
        memoryRequestedPercent: Math.round(node.memoryRequested * 100),
      }),
    header: ({ placed: { group } }) =>
      labels.groupSentence({
        kind: group.kind || 'Pod',
        name: group.name || labels.barePods,
        namespace: group.namespace,
        desired: group.desired,
        available: group.available,
        total: group.total,
        min: group.min,
        max: group.max,
      }),
    tray: ({ placed: { column: c } }) =>
      c.ghost ? labels.noReplicaSet : labels.columnSentence(c.kind, c.name, c.desired, c.current, c.ready),
    service: ({ service: s }) =>
      labels.serviceSentence({
        name: s.name,
        namespace: s.namespace,
        type: s.type,
        address: s.address,
        ports: s.ports,
        endpoints: s.endpoints,
        notReady: s.notReady,
      }),
    process: (p) => labels.processSentence(p.label, p.stopped),
  };
}
