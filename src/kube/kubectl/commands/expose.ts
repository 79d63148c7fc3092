import type { V1PodSpec } from '../../../generated/types.ts';
import type { KubeObject } from '../../apimachinery/index.ts';
import { kindOf } from '../../apis/index.ts';
import type { AnyKind } from '../../apis/kind.ts';
import type { Command, Invocation } from '../command.ts';
import { createAndTell, creationFlags } from '../create.ts';
import { UsageError } from '../parse.ts';
import { groupKind } from '../resources.ts';
import { targetsOf } from '../selection.ts';

/** `kubectl expose TYPE NAME --port=80`: a Service for what is there. Kubernetes: kubectl/pkg/cmd/expose. */
export const expose: Command = {
  name: 'expose',
  flags: {
    flags: {
      ...creationFlags.flags,
      filename: 'list',
      port: 'string',
      'target-port': 'string',
      type: 'string',
      name: 'string',
      protocol: 'string',
      selector: 'string',
      labels: 'string',
      'cluster-ip': 'string',
      'external-ip': 'string',
      'load-balancer-ip': 'string',
      'session-affinity': 'string',
    },
    short: { ...creationFlags.short, f: 'filename', l: 'labels' },
  },
  run(run) {
    const selector = run.flag('selector');
    const targets = targetsOf(
      { ...run, flag: (name) => (name === 'selector' ? undefined : run.flag(name)) },
      run.args.positional,
    );
    for (const { kind, name, namespace } of targets) {
      try {
        const object = run.request({ verb: 'get', resource: kind.key, namespace, name }) as KubeObject;
        const service = serviceOf(run, object, kind.resource, selector ? pairs(selector) : selectorOf(object, kind));
        createAndTell(run, kindOf('services')!, service, undefined, 'exposed');
      } catch (error) {
        run.refuse(0, error, '');
      }
    }
  },
};

const pairs = (text: string): Record<string, string> =>
  Object.fromEntries(text.split(',').map((pair) => pair.split('=') as [string, string]));

/** Labels by which the Service finds the object's pods. */
function selectorOf(object: KubeObject, kind: AnyKind): Record<string, string> {
  const spec = object['spec'] as
    | { selector?: Record<string, string> & { matchLabels?: Record<string, string>; matchExpressions?: unknown[] } }
    | undefined;
  switch (kind.resource) {
    case 'pods':
      if (Object.keys(object.metadata.labels ?? {}).length === 0)
        throw new UsageError(
          "error: couldn't retrieve selectors via --selector flag or introspection: the pod has no labels and cannot be exposed",
        );
      return { ...object.metadata.labels };
    case 'services':
      if (!spec?.selector)
        throw new UsageError(
          "error: couldn't retrieve selectors via --selector flag or introspection: the service has no pod selector set",
        );
      return spec.selector;
    case 'replicationcontrollers':
      return spec?.selector ?? {};
    case 'deployments':
    case 'replicasets':
      if (spec?.selector?.matchExpressions?.length)
        throw new UsageError(`error: couldn't retrieve selectors via --selector flag or introspection: couldn't convert expressions - "${JSON.stringify(spec.selector.matchExpressions)}" to map-based selector format`); // prettier-ignore
      return spec?.selector?.matchLabels ?? {};
    default:
      throw new UsageError(`error: cannot expose a ${groupKind(kind)}`);
  }
}

/** Ports of `--port`, or those that the object's containers declare. */
function portsOf(run: Invocation, object: KubeObject): { port: number; protocol: string }[] {
  const given = run.flag('port');
  const protocol = run.flag('protocol') ?? 'TCP';
  if (given !== undefined) return given.split(',').map((port) => ({ port: Number(port), protocol }));
  const spec = object['spec'] as
    | (V1PodSpec & { template?: { spec?: V1PodSpec }; ports?: { port: number; protocol?: string }[] })
    | undefined;
  const declared =
    object.kind === 'Service'
      ? (spec?.ports ?? []).map((p) => ({ port: p.port, protocol: p.protocol ?? 'TCP' }))
      : ((object.kind === 'Pod' ? spec : spec?.template?.spec)?.containers ?? [])
          .flatMap((c) => c.ports ?? [])
          .map((p) => ({ port: p.containerPort, protocol: p.protocol ?? 'TCP' }));
  if (declared.length === 0)
    throw new UsageError(
      "error: couldn't find port via --port flag or introspection\nSee 'kubectl expose -h' for help and examples",
    );
  return declared;
}

function serviceOf(
  run: Invocation,
  object: KubeObject,
  _resource: string,
  selector: Record<string, string>,
): KubeObject {
  const list = portsOf(run, object);
  const target = run.flag('target-port');
  const ports = list.map(({ port, protocol }, i) => ({
    ...(list.length > 1 && { name: `port-${i + 1}` }),
    port,
    protocol,
    targetPort: target === undefined ? port : /^\d+$/.test(target) ? Number(target) : target,
  }));
  const labels = run.flag('labels');
  const type = run.flag('type');
  const optional = {
    ...(run.flag('cluster-ip') !== undefined && { clusterIP: run.flag('cluster-ip') }),
    ...(run.flag('external-ip') !== undefined && { externalIPs: [run.flag('external-ip')] }),
    ...(run.flag('session-affinity') !== undefined && { sessionAffinity: run.flag('session-affinity') }),
  };
  const metadata = {
    ...((labels ?? object.metadata.labels) && { labels: labels ? pairs(labels) : object.metadata.labels }),
    name: run.flag('name') || object.metadata.name.slice(0, 63),
  };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata,
    spec: { ...optional, ports, selector, ...(type && { type }) },
    status: { loadBalancer: {} },
  } as unknown as KubeObject;
}
