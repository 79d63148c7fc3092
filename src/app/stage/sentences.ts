/** The sentence that a screen reader says for each thing on the stage. */
import type { PlacedHeader } from './glyphs/deployment.ts';
import type { Look } from './glyphs/glyph.ts';
import { silence } from './glyphs/node.ts';
import { graceLeft, retryLeft } from './glyphs/pod.ts';
import type { PlacedProcess } from './glyphs/process.ts';
import type { PlacedTray } from './glyphs/replicaset.ts';
import type { PlacedClaim, PlacedGate, PlacedNode, PlacedPod, PlacedPolicy, PlacedService } from './layout.ts';
import type { Scene, SceneBudget, SceneScaler } from './scene.ts';

/** Sentence makers for one update. */
export interface Sentences {
  readonly pod: (p: Pick<PlacedPod, 'pod'>) => string;
  readonly node: (n: Pick<PlacedNode, 'node'>) => string;
  readonly header: (h: Pick<PlacedHeader, 'placed'>) => string;
  readonly tray: (t: Pick<PlacedTray, 'placed'>) => string;
  readonly service: (s: Pick<PlacedService, 'service'>) => string;
  readonly scaler: (a: { readonly item: SceneScaler }) => string;
  readonly budget: (a: { readonly item: SceneBudget }) => string;
  readonly gate: (g: Pick<PlacedGate, 'gate'>) => string;
  readonly policy: (p: Pick<PlacedPolicy, 'policy'>) => string;
  readonly claim: (c: Pick<PlacedClaim, 'claim'>) => string;
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
        nominated: pod.node === '' ? pod.row : '',
        status: pod.look.word,
        ready: pod.look.ready,
        isReady: pod.look.state === 'ready',
        restarts: pod.look.restarts,
        version: pod.version.text,
        lastKnown: pod.lastKnown,
        phase: pod.look.phase,
        graceSeconds: graceLeft(p, now),
        retrySeconds: retryLeft(p, now),
        isolated: pod.isolated,
        priority: pod.priority,
        disrupted: pod.look.disrupted,
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
        job: group.job,
        cron: group.cron,
        nextSeconds: group.cron ? Math.max(0, Math.ceil((group.cron.nextAt - now) / 1000)) : undefined,
      }),
    tray: ({ placed: { column: c } }) =>
      c.ghost
        ? labels.noReplicaSet
        : c.job
          ? `${c.kind} ${c.name}, ${labels.jobWords(c.job).join(', ')}`
          : labels.columnSentence(c.kind, c.name, c.desired, c.current, c.ready),
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
    scaler: ({ item }) => labels.scalerSentence(item),
    budget: ({ item }) => labels.budgetSentence(item),
    gate: ({ gate }) => labels.gateSentence(gate),
    policy: ({ policy }) => labels.policySentence(policy),
    claim: ({ claim }) => labels.claimSentence(claim),
    process: (p) => labels.processSentence(p.label, p.stopped),
  };
}
