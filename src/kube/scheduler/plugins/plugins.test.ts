import { describe, expect, it } from 'vitest';
import type { V1NodeSelectorRequirement, V1PodSpec, V1Taint, V1Toleration } from '../../../generated/types.ts';
import type { Node, Pod } from '../../apis/index.ts';
import { nodeInfoOf, withPod, type NodeInfo } from '../nodeinfo.ts';
import { profileOf } from '../profile.ts';
import { nodeAffinity } from './nodeaffinity.ts';
import { nodePorts } from './nodeports.ts';
import { nodeResourcesBalancedAllocation } from './noderesourcesbalancedallocation.ts';
import { nodeResourcesFit } from './noderesourcesfit.ts';
import { nodeUnschedulable } from './nodeunschedulable.ts';
import { normalize, normalizeReversed } from './normalize.ts';
import { taintToleration } from './tainttoleration.ts';
import { plugins } from './index.ts';

const node = (spec: Node['spec'] = {}, allocatable = {}, labels: Record<string, string> = {}): NodeInfo =>
  nodeInfoOf({
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name: 'n', labels } as Node['metadata'],
    spec,
    status: { allocatable: { cpu: '4', memory: '8Gi', pods: '3', ...allocatable } },
  });

const container = (cpu?: string, memory?: string, more: object = {}) => ({
  name: 'c',
  image: 'nginx',
  resources: { requests: { ...(cpu && { cpu }), ...(memory && { memory }) } },
  ...more,
});

const spec = (given: Partial<V1PodSpec> = {}): V1PodSpec => ({ containers: [container()], ...given });
const profile = (given: Partial<V1PodSpec> = {}) =>
  profileOf({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p' } as Pod['metadata'], spec: spec(given) });

describe('NodeResourcesFit', () => {
  const used = withPod(node(), spec({ containers: [container('3', '6Gi')] }), 1);
  it.each<[string, string | undefined, string | undefined, readonly string[], boolean]>([
    ['fits exactly', '1', '2Gi', [], false],
    ['lacks CPU that others use', '1001m', '2Gi', ['Insufficient cpu'], false],
    ['lacks both', '2', '3Gi', ['Insufficient cpu', 'Insufficient memory'], false],
    ['asks for more than the node has', '5', '1Gi', ['Insufficient cpu'], true],
    ['asks for nothing', undefined, undefined, [], false],
  ])('%s', (_, cpu, memory, reasons, unresolvable) => {
    const verdict = nodeResourcesFit.filter!(profile({ containers: [container(cpu, memory)] }), used);
    expect(verdict?.reasons ?? []).toEqual(reasons);
    expect(verdict?.unresolvable ?? false).toBe(unresolvable);
  });

  it('counts pods against the allowed number', () => {
    let full = node();
    for (let i = 0; i < 3; i++) full = withPod(full, spec(), 1);
    expect(nodeResourcesFit.filter!(profile(), full)?.reasons).toEqual(['Too many pods']);
  });

  it('counts sidecars always, and other init containers only when they need more', () => {
    const initContainers = [
      container('1', undefined, { restartPolicy: 'Always' }),
      container('3', undefined, { name: 'wait' }),
    ];
    // Sidecar 1 + init 3 = 4 beats sidecar 1 + app 500m.
    expect(profile({ containers: [container('500m')], initContainers }).request.cpuMilli).toBe(4000);
  });

  // (4000 − 1000) / 4000 → 75; (8 − 2) / 8 → 75. Without requests 100 m and 200 Mi count: 97 and 97.
  it.each<[string | undefined, string | undefined, number]>([
    ['1', '2Gi', 75],
    ['4', '8Gi', 0],
    ['2', '2Gi', 62],
    [undefined, undefined, 97],
  ])('scores an empty node for %s CPU and %s memory with %i', (cpu, memory, score) => {
    expect(nodeResourcesFit.score!(profile({ containers: [container(cpu, memory)] }), node())).toBe(score);
  });
});

describe('NodeResourcesBalancedAllocation', () => {
  it.each<[string, string, number]>([
    ['2', '4Gi', 100],
    ['4', '0', 50],
    ['2', '1Gi', 81],
  ])('scores %s CPU and %s memory on 4 CPU and 8Gi with %i', (cpu, memory, score) => {
    const pod = profile({ containers: [container(cpu, memory)] });
    expect(nodeResourcesBalancedAllocation.score!(pod, node())).toBe(score);
  });
  it('says nothing about pods without requests', () => {
    expect(nodeResourcesBalancedAllocation.skipScore!(profile())).toBe(true);
  });
});

describe('TaintToleration', () => {
  const taints: V1Taint[] = [{ key: 'a', value: '1', effect: 'NoSchedule' }];
  it.each<[string, V1Toleration[], boolean]>([
    ['nothing', [], false],
    ['the key', [{ key: 'a', operator: 'Exists' }], true],
    ['key and value', [{ key: 'a', value: '1' }], true],
    ['another value', [{ key: 'a', value: '2' }], false],
    ['another effect', [{ key: 'a', operator: 'Exists', effect: 'NoExecute' }], false],
    ['everything', [{ operator: 'Exists' }], true],
  ])('a pod that tolerates %s', (_, tolerations, passes) => {
    const verdict = taintToleration.filter!(profile({ tolerations }), node({ taints }));
    expect(verdict?.reasons).toEqual(passes ? undefined : ['node(s) had untolerated taint(s)']);
  });
  it('lets PreferNoSchedule pass and counts it', () => {
    const preferring = node({ taints: [{ key: 'a', effect: 'PreferNoSchedule' }] });
    expect(taintToleration.filter!(profile(), preferring)).toBeUndefined();
    expect(taintToleration.score!(profile(), preferring)).toBe(1);
    expect(taintToleration.score!(profile({ tolerations: [{ operator: 'Exists' }] }), preferring)).toBe(0);
  });
});

describe('NodeUnschedulable', () => {
  it('keeps pods off a cordoned node unless they tolerate it', () => {
    const cordoned = node({ unschedulable: true });
    const tolerations = [{ key: 'node.kubernetes.io/unschedulable', operator: 'Exists' }];
    expect(nodeUnschedulable.filter!(profile(), cordoned)?.reasons).toEqual(['node(s) were unschedulable']);
    expect(nodeUnschedulable.filter!(profile({ tolerations }), cordoned)).toBeUndefined();
  });
});

describe('NodeAffinity', () => {
  const labelled = node({}, {}, { disk: 'ssd', gen: '7' });
  const required = (...matchExpressions: V1NodeSelectorRequirement[]): Partial<V1PodSpec> => ({
    affinity: {
      nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] } },
    },
  });
  it.each<[string, Partial<V1PodSpec>, boolean]>([
    ['a selector that matches', { nodeSelector: { disk: 'ssd' } }, true],
    ['a selector that does not', { nodeSelector: { disk: 'hdd' } }, false],
    ['In', required({ key: 'disk', operator: 'In', values: ['ssd', 'nvme'] }), true],
    ['NotIn', required({ key: 'disk', operator: 'NotIn', values: ['ssd'] }), false],
    ['NotIn of an absent key', required({ key: 'zone', operator: 'NotIn', values: ['a'] }), true],
    ['Exists', required({ key: 'zone', operator: 'Exists' }), false],
    ['DoesNotExist', required({ key: 'zone', operator: 'DoesNotExist' }), true],
    ['Gt', required({ key: 'gen', operator: 'Gt', values: ['6'] }), true],
    ['Lt', required({ key: 'gen', operator: 'Lt', values: ['7'] }), false],
    ['Gt of no number', required({ key: 'disk', operator: 'Gt', values: ['6'] }), false],
    ['an empty term', required(), false],
  ])('%s', (_, given, passes) => {
    expect(nodeAffinity.filter!(profile(given), labelled) === undefined).toBe(passes);
  });

  it('adds the weights of preferences that match', () => {
    const prefer = (weight: number, value: string) => ({
      weight,
      preference: { matchExpressions: [{ key: 'disk', operator: 'In', values: [value] }] },
    });
    const preferredDuringSchedulingIgnoredDuringExecution = [prefer(10, 'ssd'), prefer(5, 'hdd'), prefer(2, 'ssd')];
    const pod = profile({ affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution } } });
    expect(nodeAffinity.score!(pod, labelled)).toBe(12);
    expect(nodeAffinity.skipScore!(profile())).toBe(true);
  });

  it('looks only at the node that a DaemonSet names', () => {
    const matchFields = [{ key: 'metadata.name', operator: 'In', values: ['n'] }];
    const requiredDuringSchedulingIgnoredDuringExecution = { nodeSelectorTerms: [{ matchFields }] };
    const pod = profile({ affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution } } });
    expect([...nodeAffinity.narrow!(pod)!]).toEqual(['n']);
  });
});

describe('NodePorts', () => {
  const port = (hostPort: number, hostIP?: string, protocol = 'TCP'): Partial<V1PodSpec> => ({
    containers: [container(undefined, undefined, { ports: [{ containerPort: 80, hostPort, hostIP, protocol }] })],
  });
  it.each<[string, Partial<V1PodSpec>, Partial<V1PodSpec>, boolean]>([
    ['the same port', port(80), port(80), false],
    ['another port', port(80), port(81), true],
    ['another protocol', port(80), port(80, undefined, 'UDP'), true],
    ['two addresses', port(80, '10.0.0.1'), port(80, '10.0.0.2'), true],
    ['one of all addresses', port(80), port(80, '10.0.0.2'), false],
    ['all addresses, one taken', port(80, '10.0.0.2'), port(80), false],
  ])('%s', (_, there, wanted, passes) => {
    const busy = withPod(node(), spec(there), 1);
    expect(nodePorts.filter!(profile(wanted), busy) === undefined).toBe(passes);
    expect(nodePorts.filter!(profile(wanted), withPod(busy, spec(there), -1))).toBeUndefined();
  });
});

describe('normalising', () => {
  it.each([
    [
      [0, 0],
      [0, 0],
      [100, 100],
    ],
    [
      [1, 2, 4],
      [25, 50, 100],
      [75, 50, 0],
    ],
    [
      [3, 1],
      [100, 33],
      [0, 67],
    ],
  ])('%j', (raw, up, down) => {
    const [a, b] = [Float64Array.from(raw), Float64Array.from(raw)];
    normalize(a);
    normalizeReversed(b);
    expect([[...a], [...b]]).toEqual([up, down]);
  });
});

it('has the weights of the default profile', () => {
  expect(Object.fromEntries(plugins.filter((p) => p.weight).map((p) => [p.name, p.weight]))).toEqual({
    TaintToleration: 3,
    NodeAffinity: 2,
    InterPodAffinity: 2,
    NodeResourcesFit: 1,
    PodTopologySpread: 2,
    NodeResourcesBalancedAllocation: 1,
    ImageLocality: 1,
  });
});
