/** Short forms of what lessons say most often. They only build data. */
import type { Check, Move, Op, Selection, Value, Where } from './lesson.ts';
import type { TrafficSource } from '../protocol/index.ts';

/** Pods by their labels, those being deleted left out. */
export const pods = (labels: string, ...where: readonly Where[]): Selection => ({ resource: 'pods', labels, where });

/** Ready pods by their labels. */
export const ready = (labels: string, ...where: readonly Where[]): Selection => pods(labels, { is: 'ready' }, ...where);

/** Where the first container runs this image. */
export const image = (name: string): Where => ({ path: 'spec.containers[0].image', op: '=', to: name });

/** A comparison. */
export const is = (value: Value, op: Op, to: number | string): Check => ({ value, op, to });

/** A comparison of a number of objects. */
export const count = (selection: Selection, op: Op, to: number): Check => is({ count: selection }, op, to);

/** Held for so many seconds without a break. */
export const lasting = (seconds: number, check: Check): Check => ({ for: seconds * 1000, check });

/** All of these. */
export const all = (...checks: readonly Check[]): Check => ({ all: checks });

/** Something was done at least once since the step began. */
export const done = (deed: Extract<Value, { deeds: unknown }>): Check => is(deed, '>=', 1);

/** The learner's fault of this name. */
export const fault = (name: string, target?: string): Extract<Value, { deeds: unknown }> => ({
  deeds: 'input.fault',
  params: { fault: name, ...(target !== undefined && { target }) },
});

/** Users who ask a Service from within the cluster, so often a second. */
export const users = (url: string, rps: number): TrafficSource => ({
  name: 'users',
  url,
  rps,
  from: 'inside',
  namespace: 'default',
  timeoutMs: 2000,
});

/** What can be told of the users' requests. */
export const traffic = (
  measure: Extract<Value, { traffic: unknown }>['measure'],
  overMs?: number,
): Extract<Value, { traffic: unknown }> => ({
  traffic: 'users',
  measure,
  ...(overMs !== undefined && { overMs }),
});

/** Lets so many seconds pass. */
export const wait = (seconds: number): Move => ({ advanceMs: seconds * 1000 });

/** One kubectl line. */
export const kubectl = (line: string): Move => ({ kubectl: line });

/** A Deployment `web` of the shop. `spec` and `pod` are further lines of the Deployment's spec and of the Pod's, indented. */
export const shop = ({
  replicas,
  tag,
  spec = '',
  pod = '',
}: {
  readonly replicas: number | string;
  readonly tag: string;
  readonly spec?: string;
  readonly pod?: string;
}): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: ${replicas}
${spec}  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
${pod}      containers:
      - name: shop
        image: shop:${tag}
        ports:
        - containerPort: 8080
        readinessProbe:
          httpGet: {path: /readyz, port: 8080}
          periodSeconds: 2
`;

/** A Service `web` for port 8080 of the Pods with this label, as a further document. */
export const service = (app = 'web', targetPort: number | string = 8080): string => `---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: {app: ${app}}
  ports:
  - port: 80
    targetPort: ${targetPort}
`;

/** The revision that a Deployment `web` has come to. */
export const revision = {
  field: { resource: 'deployments.apps', name: 'web' },
  path: 'metadata.annotations[deployment.kubernetes.io/revision]',
} as const satisfies Value;
