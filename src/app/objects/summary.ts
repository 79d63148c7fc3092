import type { V1PolicyRule, V1RoleBinding } from '../../generated/types.ts';
import {
  kindOf,
  type ConfigMap,
  type Deployment,
  type EndpointSlice,
  type Namespace,
  type Node,
  type ReplicaSet,
  type Secret,
  type Service,
} from '../../kube/apis/index.ts';
import { millisOf } from '../../kube/apimachinery/meta.ts';
import type { KubeObject } from '../../protocol/index.ts';
import type { Key, Values } from '../i18n/index.ts';
import { asPod, podState, type PodLook } from './pod-state.ts';
import { nodeWord } from './outline.ts';
import { kindSummaries } from './summary-kinds.ts';

/** The sentence at the head of the inspector, and the word beside the name. */
export interface Summary {
  readonly key: Key;
  readonly values: Values;
  /** Values that are texts themselves. */
  readonly keys?: Readonly<Record<string, Key>>;
  readonly word: string;
  readonly look: PodLook | null;
}

/** What a summary reads beside the object. */
export interface SummaryWorld {
  of(resource: string): ReadonlyMap<string, KubeObject>;
  readonly now: number;
}

/** Says in one sentence what an object is and how it is. Pure. */
export function summaryOf(resource: string, object: KubeObject, world: SummaryWorld): Summary {
  switch (resource) {
    case 'pods':
      return podSummary(object);
    case 'nodes':
      return nodeSummary(object, world);
    case 'deployments.apps':
      return deploymentSummary(object);
    case 'replicasets.apps': {
      const set = object as unknown as ReplicaSet;
      const desired = set.spec?.replicas ?? 0;
      const { replicas: current = 0, readyReplicas: ready = 0 } = set.status ?? {};
      return {
        key: 'summary.replicaset',
        values: { desired, current, ready },
        word: `${ready}/${desired}`,
        look: ready >= desired ? 'ready' : 'notready',
      };
    }
    case 'services':
      return serviceSummary(object, world);
    case 'configmaps': {
      const keys = Object.keys((object as unknown as ConfigMap).data ?? {});
      return {
        key: 'summary.configmap',
        values: { keys: keys.join(', ') || '–', count: keys.length },
        word: '',
        look: null,
      };
    }
    case 'secrets': {
      const keys = Object.keys((object as unknown as Secret).data ?? {});
      return {
        key: 'summary.secret',
        values: { keys: keys.join(', ') || '–', count: keys.length },
        word: '',
        look: null,
      };
    }
    case 'namespaces': {
      const phase = (object as unknown as Namespace).status?.phase ?? '';
      return { key: 'summary.namespace', values: { phase }, word: phase, look: null };
    }
    default:
      return (
        kindSummaries[resource]?.(object, world) ?? {
          key: 'summary.other',
          values: { kind: object.kind },
          word: '',
          look: null,
        }
      );
  }
}

function podSummary(object: KubeObject): Summary {
  const pod = asPod(object);
  const state = podState(pod);
  const { nodeName: node = '' } = pod.spec ?? {};
  const { phase = 'Pending', podIP: ip = '–' } = pod.status ?? {};
  const values = {
    node,
    ip,
    phase,
    word: state.word,
    ready: state.ready,
    containers: state.containers,
    count: state.restarts,
    image: pod.spec?.containers[0]?.image ?? '',
  };
  const key: Key =
    state.look === 'terminating' || state.look === 'unknown'
      ? 'summary.pod.terminating'
      : node === ''
        ? 'summary.pod.waiting'
        : state.look === 'ready'
          ? 'summary.pod.ready'
          : state.look === 'succeeded'
            ? 'summary.pod.done'
            : 'summary.pod.not-ready';
  return { key, values, word: state.word, look: state.look };
}

function nodeSummary(object: KubeObject, world: SummaryWorld): Summary {
  const node = object as unknown as Node;
  const ready = node.status?.conditions?.find((c) => c.type === 'Ready');
  const pods = [...world.of('pods').values()].filter((p) => asPod(p).spec?.nodeName === object.metadata.name).length;
  const word = nodeWord(node);
  if (ready?.status === 'True')
    return {
      key: node.spec?.unschedulable ? 'summary.node.cordoned' : 'summary.node.ready',
      values: {
        count: pods,
        cpu: node.status?.allocatable?.['cpu'] ?? '',
        memory: node.status?.allocatable?.['memory'] ?? '',
      },
      word,
      look: 'ready',
    };
  const lease = world.of('leases.coordination.k8s.io').get(`kube-node-lease/${object.metadata.name}`);
  const renewed = millisOf(String((lease?.['spec'] as { renewTime?: string } | undefined)?.renewTime ?? ''));
  const seconds = Number.isNaN(renewed) ? 0 : Math.max(0, Math.round((world.now - renewed) / 1000));
  return { key: 'summary.node.silent', values: { seconds, count: pods }, word, look: 'unknown' };
}

function deploymentSummary(object: KubeObject): Summary {
  const deployment = object as unknown as Deployment;
  const desired = deployment.spec?.replicas ?? 1;
  const {
    updatedReplicas: updated = 0,
    availableReplicas: available = 0,
    replicas: total = 0,
  } = deployment.status ?? {};
  const progressing = deployment.status?.conditions?.find((c) => c.type === 'Progressing');
  const values = { desired, updated, available, total, strategy: deployment.spec?.strategy?.type ?? 'RollingUpdate' };
  if (progressing?.reason === 'ProgressDeadlineExceeded')
    return { key: 'summary.deployment.stuck', values, word: 'ProgressDeadlineExceeded', look: 'failed' };
  if (deployment.spec?.paused) return { key: 'summary.deployment.paused', values, word: 'Paused', look: 'pending' };
  if (updated < desired || total > updated || available < desired)
    return { key: 'summary.deployment.progressing', values, word: `${available}/${desired}`, look: 'notready' };
  return { key: 'summary.deployment.done', values, word: 'Available', look: 'ready' };
}

function serviceSummary(object: KubeObject, world: SummaryWorld): Summary {
  const service = object as unknown as Service;
  const { name, namespace } = service.metadata;
  const endpoints = [...world.of('endpointslices.discovery.k8s.io').values()]
    .filter((s) => s.metadata.namespace === namespace && s.metadata.labels?.['kubernetes.io/service-name'] === name)
    .reduce(
      (n, s) =>
        n + ((s as unknown as EndpointSlice).endpoints?.filter((e) => e.conditions?.ready !== false).length ?? 0),
      0,
    );
  const selector = Object.entries(service.spec?.selector ?? {})
    .map(([k, v]) => `${k}=${v}`)
    .join(',');
  return {
    key: endpoints > 0 ? 'summary.service' : 'summary.service.empty',
    values: {
      count: endpoints,
      selector: selector || '–',
      type: service.spec?.type ?? 'ClusterIP',
      address: service.spec?.clusterIP ?? '',
    },
    word: service.spec?.type ?? 'ClusterIP',
    look: endpoints > 0 ? 'ready' : 'failed',
  };
}

/** A field of spec beside what status says of it. */
export interface FieldPair {
  readonly field: string;
  readonly spec: string;
  readonly status: string;
  /** Status should come to equal spec: a difference is worth seeing. */
  readonly promise: boolean;
}

const text = (value: unknown): string =>
  value === undefined || value === null
    ? ''
    : typeof value === 'object'
      ? JSON.stringify(value).replaceAll('"', '')
      : String(value);

/** The fields that promise something, beside the facts: desired left, current right. */
export function fieldPairs(resource: string, object: KubeObject): FieldPair[] {
  const spec = (object['spec'] ?? {}) as Record<string, unknown>;
  const status = (object['status'] ?? {}) as Record<string, unknown>;
  const pair = (field: string, a: unknown, b: unknown): FieldPair => ({
    field,
    spec: text(a),
    status: text(b),
    promise: /replicas$|^generation$/i.test(field),
  });
  const generation = pair('generation', object.metadata.generation, status['observedGeneration']);
  switch (resource) {
    case 'deployments.apps':
      return [
        pair('replicas', spec['replicas'], status['replicas'] ?? 0),
        pair('updatedReplicas', spec['replicas'], status['updatedReplicas'] ?? 0),
        pair('availableReplicas', spec['replicas'], status['availableReplicas'] ?? 0),
        pair('strategy', (spec['strategy'] as { type?: string } | undefined)?.type, ''),
        generation,
      ];
    case 'replicasets.apps':
    case 'replicationcontrollers':
    case 'statefulsets.apps':
      return [
        pair('replicas', spec['replicas'], status['replicas'] ?? 0),
        pair('readyReplicas', spec['replicas'], status['readyReplicas'] ?? 0),
        ...(resource === 'statefulsets.apps'
          ? [
              pair('updatedReplicas', spec['replicas'], status['updatedReplicas'] ?? 0),
              pair('podManagementPolicy', spec['podManagementPolicy'], ''),
              pair('serviceName', spec['serviceName'], ''),
            ]
          : []),
        pair('availableReplicas', spec['replicas'], status['availableReplicas'] ?? 0),
        generation,
      ];
    case 'daemonsets.apps': {
      const wanted = status['desiredNumberScheduled'] ?? 0;
      return [
        pair('numberReady', wanted, status['numberReady'] ?? 0),
        pair('updatedNumberScheduled', wanted, status['updatedNumberScheduled'] ?? 0),
        pair('numberMisscheduled', 0, status['numberMisscheduled'] ?? 0),
        generation,
      ];
    }
    case 'jobs.batch':
      return [
        pair('completions', spec['completions'], status['succeeded'] ?? 0),
        pair('parallelism', spec['parallelism'], status['active'] ?? 0),
        pair('backoffLimit', spec['backoffLimit'], status['failed'] ?? 0),
        pair('completionMode', spec['completionMode'], ''),
        ...(spec['activeDeadlineSeconds'] === undefined
          ? []
          : [pair('activeDeadlineSeconds', spec['activeDeadlineSeconds'], '')]),
        ...(spec['ttlSecondsAfterFinished'] === undefined
          ? []
          : [pair('ttlSecondsAfterFinished', spec['ttlSecondsAfterFinished'], '')]),
      ];
    case 'cronjobs.batch':
      return ['schedule', 'timeZone', 'suspend', 'concurrencyPolicy', 'startingDeadlineSeconds']
        .filter((f) => spec[f] !== undefined)
        .map((f) => pair(f, spec[f], ''));
    case 'pods':
      return [
        pair('nodeName', spec['nodeName'], status['hostIP']),
        pair('phase', '', status['phase']),
        pair('podIP', '', status['podIP']),
        pair('qosClass', '', status['qosClass']),
        ...(status['nominatedNodeName'] ? [pair('nominatedNodeName', '', status['nominatedNodeName'])] : []),
        ...(spec['priority'] ? [pair('priority', spec['priority'], spec['priorityClassName'])] : []),
        pair('restartPolicy', spec['restartPolicy'], ''),
        pair('terminationGracePeriodSeconds', spec['terminationGracePeriodSeconds'], ''),
      ];
    case 'nodes': {
      const capacity = (status['capacity'] ?? {}) as Record<string, unknown>;
      const allocatable = (status['allocatable'] ?? {}) as Record<string, unknown>;
      return [
        ...['cpu', 'memory', 'pods'].map((f) => pair(f, capacity[f], allocatable[f])),
        pair('unschedulable', spec['unschedulable'], ''),
        pair(
          'taints',
          (spec['taints'] as { key: string; effect: string }[] | undefined)
            ?.map((x) => `${x.key}:${x.effect}`)
            .join(' '),
          '',
        ),
      ].filter((p) => p.spec !== '' || p.status !== '');
    }
    case 'services':
      return [
        pair('type', spec['type'], ''),
        pair('clusterIP', spec['clusterIP'], ''),
        pair('selector', spec['selector'], ''),
        pair(
          'ports',
          (spec['ports'] as { port: number; targetPort?: unknown }[] | undefined)
            ?.map((p) => `${p.port}→${text(p.targetPort ?? p.port)}`)
            .join(' '),
          '',
        ),
      ];
    case 'roles.rbac.authorization.k8s.io':
    case 'clusterroles.rbac.authorization.k8s.io':
      return ((object['rules'] ?? []) as V1PolicyRule[]).map((rule) =>
        pair((rule.resources ?? rule.nonResourceURLs ?? []).join(', '), rule.verbs.join(', '), ''),
      );
    case 'rolebindings.rbac.authorization.k8s.io':
    case 'clusterrolebindings.rbac.authorization.k8s.io': {
      const { roleRef, subjects = [] } = object as unknown as V1RoleBinding;
      return [
        pair('roleRef', `${roleRef.kind} ${roleRef.name}`, ''),
        ...subjects.map(({ kind, namespace, name }) => pair(kind, namespace ? `${namespace}/${name}` : name, '')),
      ];
    }
    default:
      return kindOf(resource) ? [] : ownPairs(spec, status, pair);
  }
}

/** Of a kind that the cluster was taught only its objects tell what there is. */
function ownPairs(
  spec: Readonly<Record<string, unknown>>,
  status: Readonly<Record<string, unknown>>,
  pair: (field: string, a: unknown, b: unknown) => FieldPair,
): FieldPair[] {
  return [...new Set([...Object.keys(spec), ...Object.keys(status)])]
    .filter((field) => field !== 'conditions')
    .map((field) => pair(field, spec[field], status[field]));
}

/** Glyph of a condition: good news is ● whatever the condition is called. */
export function conditionLook(type: string, status: string): PodLook {
  if (status === 'Unknown') return 'unknown';
  const badWhenTrue = /Pressure$|Unavailable$|Failure$/.test(type);
  return (status === 'True') !== badWhenTrue ? 'ready' : 'notready';
}
