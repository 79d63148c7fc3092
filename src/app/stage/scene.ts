/**
 * Objects → scene: what stands on the stage and how it belongs together, without a single position.
 * Pure; reads odd objects (no status, strange names) without throwing. Rebuilt whenever an object changed, so the
 * costly readings are memoised on the frozen objects.
 */
import type { V1Pod } from '../../generated/types.ts';
import type { StageRef } from './contract.ts';
import { refOf, values } from './objects.ts';
import { podLook } from './podlook.ts';
import { claimsOf, readClaims } from './scene-claims.ts';
import { readDuties } from './scene-duties.ts';
import { gateOfUrl, readGates, readPolicies } from './scene-gates.ts';
import { finishGroups } from './scene-groups.ts';
import { readNodes } from './scene-nodes.ts';
import { readOwners, type Home, type OpenColumn } from './scene-owners.ts';
import { readServices, serviceOfUrl } from './scene-services.ts';
import type { Isolation, Scene, SceneInput, ScenePod, Version } from './scene-types.ts';
import { readRevisions, templateImage, versionOfPod } from './versions.ts';

export type {
  Isolation,
  Scene,
  SceneBudget,
  SceneClaim,
  SceneColumn,
  SceneCron,
  SceneGate,
  SceneGroup,
  SceneInput,
  SceneJob,
  SceneMetric,
  SceneNode,
  ScenePod,
  ScenePolicy,
  SceneRule,
  SceneScaler,
  SceneService,
  SceneSource,
  SceneTaint,
  Version,
} from './scene-types.ts';

/** Namespaces whose workloads are machinery, not the learner's. */
export const systemNamespaces: ReadonlySet<string> = new Set(['kube-system', 'kube-public', 'kube-node-lease']);

/** Builds the scene. */
export function buildScene(input: SceneInput): Scene {
  const { objects } = input;
  const shown = (namespace: string | undefined): boolean =>
    input.namespace ? namespace === input.namespace : !systemNamespaces.has(namespace ?? '');
  const nodes = readNodes(input);
  const heard = new Map(nodes.map((n) => [n.name, n.ready === 'True' && !n.silent]));
  const { groups, groupOf } = readOwners(objects, shown);
  const { policies, isolationOf } = readPolicies(objects, shown);
  const revisions = readRevisions(objects);
  // A ReplicaSet never changes what it adopts: such a pod keeps the version of its own image.
  const versionIn = (pod: V1Pod, { kind, version, object }: OpenColumn): Version => {
    const image = pod.spec?.containers?.[0]?.image;
    return kind === 'ReplicaSet' && (templateImage(object) ?? image) === image
      ? version
      : versionOfPod(pod, version, revisions);
  };
  const pods: ScenePod[] = [];
  for (const object of values(objects, 'pods')) {
    if (!shown(object.metadata.namespace)) continue;
    const pod = object as unknown as V1Pod;
    const home = groupOf(pod);
    pods.push(readPod(pod, home, heard, isolationOf(pod), versionIn(pod, home.column)));
  }
  if (pods.some((pod, i) => i > 0 && byAge(pods[i - 1]!, pod) > 0)) pods.sort(byAge);
  const finished = finishGroups(groups, pods, input.now, readDuties(objects));
  const services = readServices(input, shown);
  const gates = readGates(objects, shown, services);
  return {
    nodes,
    groups: finished,
    services,
    sources: input.sources.map((s) => ({
      name: s.name,
      rps: s.rps,
      inside: s.from === 'inside',
      service: serviceOfUrl(s.url, s.namespace ?? 'default', services, objects)?.uid ?? '',
      gate: s.from === 'inside' ? '' : (gateOfUrl(s.url, gates)?.uid ?? ''),
    })),
    gates,
    policies,
    claims: readClaims(objects, shown),
    pods,
    queue: pods.filter((p) => p.row === ''),
    namespaces: [...new Set(finished.map((g) => g.namespace))],
    stopped: input.stopped,
    byUid: new Map(pods.map((p) => [p.uid, p])),
  };
}

const byAge = (a: ScenePod, b: ScenePod): number =>
  a.look.createdAt - b.look.createdAt || (a.ref.key < b.ref.key ? -1 : a.ref.key > b.ref.key ? 1 : 0);

const scened = new WeakMap<object, ScenePod>();

/** Reads a pod in its surroundings; the same pod in the same surroundings is the same object. */
function readPod(
  pod: V1Pod,
  home: Home,
  heard: ReadonlyMap<string, boolean>,
  isolated: Isolation,
  version: Version,
): ScenePod {
  const known = scened.get(pod);
  const silent = pod.spec?.nodeName !== undefined && heard.get(pod.spec.nodeName) !== true;
  if (
    known &&
    known.group === home.group.uid &&
    known.column === home.column.uid &&
    known.version.text === version.text &&
    known.lastKnown === silent &&
    known.isolated === isolated
  )
    return known;
  const fresh = freshPod(pod, home, heard, isolated, version);
  scened.set(pod, fresh);
  return fresh;
}

function freshPod(
  pod: V1Pod,
  { group, column }: Home,
  heard: ReadonlyMap<string, boolean>,
  isolated: Isolation,
  version: Version,
): ScenePod {
  const look = podLook(pod);
  const node = pod.spec?.nodeName ?? '';
  // A node that the scene does not know (deleted under its pods) is as silent as one that is down.
  const lastKnown = node !== '' && heard.get(node) !== true;
  const frozen = look.state === 'terminating' || look.state === 'succeeded' || look.state === 'failed';
  const ref = podRef(pod);
  return {
    uid: ref.uid,
    ref,
    pod,
    look,
    state: lastKnown && !frozen && look.state !== 'reserved' ? 'unknown' : look.state,
    version,
    node,
    row: node || (pod.status?.nominatedNodeName ?? ''),
    group: group.uid,
    column: column.uid,
    lastKnown,
    ordinal: column.kind === 'StatefulSet' ? Number(/-(\d+)$/.exec(ref.key)?.[1] ?? -1) : -1,
    isolated,
    keeps: claimsOf(pod).length > 0,
    priority: Number(pod.spec?.priority ?? 0),
    tolerates: lastKnown && toleratesForEver(pod),
  };
}

const podRefs = new WeakMap<object, StageRef>();
function podRef(pod: V1Pod): StageRef {
  let ref = podRefs.get(pod);
  if (!ref) podRefs.set(pod, (ref = refOf('pods', pod)));
  return ref;
}

const toleratesForEver = (pod: V1Pod): boolean =>
  (pod.spec?.tolerations ?? []).some(
    (t) =>
      t.tolerationSeconds === undefined &&
      (!t.effect || t.effect === 'NoExecute') &&
      (!t.key || t.key === 'node.kubernetes.io/unreachable') &&
      (t.operator === 'Exists' || t.key !== undefined),
  );
