import { timestamp } from '../../kube/apimachinery/meta.ts';
import type { KubeObject } from '../../protocol/index.ts';

let lastUid = 0;

/** An object for tests; what matters is given, the rest is plausible. */
export function object(kind: string, name: string, rest: Record<string, unknown> = {}): KubeObject {
  const { metadata, ...fields } = rest;
  return {
    apiVersion: 'v1',
    kind,
    metadata: {
      name,
      namespace: kind === 'Node' ? undefined : 'default',
      uid: `uid-${++lastUid}`,
      resourceVersion: '1',
      creationTimestamp: timestamp(0),
      ...(metadata as object),
    },
    ...fields,
  } as KubeObject;
}

/** A pod in a state of its only container. */
export function pod(
  name: string,
  {
    node = 'node-1',
    ready = false,
    state = { running: {} } as Record<string, unknown>,
    restarts = 0,
    metadata = {},
    spec = {},
    phase = 'Running',
  }: {
    readonly node?: string;
    readonly ready?: boolean;
    readonly state?: Record<string, unknown>;
    readonly restarts?: number;
    readonly metadata?: object;
    readonly spec?: object;
    readonly phase?: string;
  } = {},
): KubeObject {
  return object('Pod', name, {
    metadata,
    spec: { ...(node && { nodeName: node }), containers: [{ name: 'shop', image: 'shop:v1' }], ...spec },
    status: {
      phase,
      conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: timestamp(5000) }],
      containerStatuses: [{ name: 'shop', image: 'shop:v1', imageID: '', ready, restartCount: restarts, state }],
    },
  });
}

/** Objects by key, as the cluster store has them. */
export const table = (...objects: readonly KubeObject[]): Map<string, KubeObject> =>
  new Map(
    objects.map((o) => [o.metadata.namespace ? `${o.metadata.namespace}/${o.metadata.name}` : o.metadata.name, o]),
  );
