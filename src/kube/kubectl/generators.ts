import { encodeBase64, parseSelector, type KubeObject } from '../apimachinery/index.ts';
import type { Invocation } from './command.ts';
import { dataFlags, dataOf, encoded } from './data.ts';
import { ingressGenerator } from './ingress-generator.ts';
import { cronJobGenerator, jobGenerator } from './job-generators.ts';
import {
  clusterRoleBindingGenerator,
  clusterRoleGenerator,
  roleBindingGenerator,
  roleGenerator,
} from './rbac-generators.ts';
import { UsageError, type FlagKind } from './parse.ts';

/** One `kubectl create WHAT NAME`. */
export interface Generator {
  /** Words after `create`: `secret generic`. */
  readonly words: string;
  /** Resource key. */
  readonly resource: string;
  readonly flags: Readonly<Record<string, FlagKind>>;
  /** What stands before the server's sentence when it refuses; nothing for namespaces. */
  readonly failed?: string;
  /** Flags without which nothing is looked at. */
  readonly required?: readonly string[];
  make(run: Invocation, name: string): Omit<KubeObject, 'metadata'> & { metadata: { name: string } };
}

const object = (apiVersion: string, kind: string, name: string, rest: object, labels?: object) =>
  ({ apiVersion, kind, metadata: { ...(labels && { labels }), name }, ...rest }) as never;

/** `--tcp=80:8080` as ports of a Service. */
function tcpPorts(run: Invocation): object[] {
  return (run.args.flags.get('tcp') ?? []).map((text) => {
    const [port = '', target = port] = text.split(':');
    if (!/^\d+$/.test(port)) throw new UsageError(`error: invalid syntax for port mapping: ${text}`);
    return {
      name: text.replace(':', '-'),
      port: Number(port),
      protocol: 'TCP',
      targetPort: /^\d+$/.test(target) ? Number(target) : target,
    };
  });
}

function serviceGenerator(word: string, type: string): Generator {
  return {
    words: `service ${word}`,
    resource: 'services',
    failed: `failed to create ${type} service: `,
    required: type === 'ExternalName' ? ['external-name'] : [],
    flags: { tcp: 'list', clusterip: 'string', 'node-port': 'string', 'external-name': 'string' },
    make(run, name) {
      const ports = tcpPorts(run);
      if (ports.length === 0 && type !== 'ExternalName' && run.flag('clusterip') !== 'None')
        throw new UsageError('error: at least one tcp port specifier must be provided');
      const nodePort = run.flag('node-port');
      if (nodePort) Object.assign(ports[0]!, { nodePort: Number(nodePort) });
      const spec = {
        ...(run.flag('clusterip') !== undefined && { clusterIP: run.flag('clusterip') }),
        ...(type === 'ExternalName' && { externalName: run.flag('external-name') }),
        ...(ports.length > 0 && { ports }),
        selector: { app: name },
        type,
      };
      return object('v1', 'Service', name, { spec, status: { loadBalancer: {} } }, { app: name });
    },
  };
}

const expressions = { in: 'In', notin: 'NotIn', '!=': 'NotIn', exists: 'Exists', '!': 'DoesNotExist' } as const;

/** A selector as text, as a LabelSelector. Kubernetes: metav1.ParseToLabelSelector. */
export function labelSelectorOf(text: string): {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly object[];
} {
  const matchLabels: Record<string, string> = {};
  const matchExpressions: object[] = [];
  for (const { key, operator, values } of parseSelector(text)) {
    if (operator === '=' || operator === '==') matchLabels[key] = values[0]!;
    else if (operator === '<' || operator === '>')
      throw new UsageError(`error: "${operator}" isn't supported in label selectors`);
    else matchExpressions.push({ key, operator: expressions[operator], ...(values.length > 0 && { values }) });
  }
  return {
    ...(matchExpressions.length > 0 && { matchExpressions }),
    ...(Object.keys(matchLabels).length > 0 && { matchLabels }),
  };
}

/** Everything that `kubectl create` makes without a file. Kubernetes: kubectl/pkg/cmd/create. */
export const generators: readonly Generator[] = [
  {
    words: 'deployment',
    resource: 'deployments.apps',
    failed: 'failed to create deployment: ',
    required: ['image'],
    flags: { image: 'list', replicas: 'int', port: 'int' },
    make(run, name) {
      const images = run.args.flags.get('image') ?? [];
      const command = run.args.rest;
      if (command.length > 0 && images.length > 1)
        throw new UsageError('error: cannot specify multiple --image options and command');
      const port = run.flag('port');
      const containers = images.map((image) => ({
        ...(command.length > 0 && { command }),
        image,
        name: containerName(image),
        ...(port !== undefined && { ports: [{ containerPort: Number(port) }] }),
        resources: {},
      }));
      const labels = { app: name };
      const spec = {
        replicas: Number(run.flag('replicas') ?? 1),
        selector: { matchLabels: labels },
        strategy: {},
        template: { metadata: { labels }, spec: { containers } },
      };
      return object('apps/v1', 'Deployment', name, { spec, status: {} }, labels);
    },
  },
  {
    words: 'namespace',
    resource: 'namespaces',
    flags: {},
    make: (_run, name) => object('v1', 'Namespace', name, { spec: {}, status: {} }),
  },
  {
    words: 'serviceaccount',
    resource: 'serviceaccounts',
    failed: 'failed to create serviceaccount: ',
    flags: {},
    make: (_run, name) => object('v1', 'ServiceAccount', name, {}),
  },
  {
    words: 'configmap',
    resource: 'configmaps',
    failed: 'failed to create configmap: ',
    flags: dataFlags,
    make(run, name) {
      const data = dataOf(run);
      return object('v1', 'ConfigMap', name, Object.keys(data).length > 0 ? { data } : {});
    },
  },
  {
    words: 'secret generic',
    resource: 'secrets',
    failed: 'failed to create secret ',
    flags: { ...dataFlags, type: 'string' },
    make(run, name) {
      const data = encoded(dataOf(run));
      const type = run.flag('type');
      return object('v1', 'Secret', name, { ...(Object.keys(data).length > 0 && { data }), ...(type && { type }) });
    },
  },
  {
    words: 'secret docker-registry',
    resource: 'secrets',
    failed: 'failed to create secret ',
    flags: {
      'docker-server': 'string',
      'docker-username': 'string',
      'docker-password': 'string',
      'docker-email': 'string',
    },
    make(run, name) {
      const [username = '', password = ''] = [run.flag('docker-username'), run.flag('docker-password')];
      if (!username || !password)
        throw new UsageError('error: either --from-file or the combination of --docker-username, --docker-password and --docker-server is required'); // prettier-ignore
      const email = run.flag('docker-email');
      const auth = encodeBase64(`${username}:${password}`);
      const server = run.flag('docker-server') ?? 'https://index.docker.io/v1/';
      const config = { auths: { [server]: { username, password, ...(email && { email }), auth } } };
      const data = encoded({ '.dockerconfigjson': JSON.stringify(config) });
      return object('v1', 'Secret', name, { data, type: 'kubernetes.io/dockerconfigjson' });
    },
  },
  {
    words: 'secret tls',
    resource: 'secrets',
    failed: 'failed to create secret ',
    flags: { cert: 'string', key: 'string' },
    make(run, name) {
      const file = (flag: string): string => {
        const path = run.flag(flag);
        if (!path) throw new UsageError('error: key and cert must be specified');
        if (!Object.hasOwn(run.files, path)) throw new UsageError(`error: open ${path}: no such file or directory`);
        return run.files[path]!;
      };
      const data = encoded({ 'tls.crt': file('cert'), 'tls.key': file('key') });
      return object('v1', 'Secret', name, { data, type: 'kubernetes.io/tls' });
    },
  },
  roleGenerator,
  clusterRoleGenerator,
  roleBindingGenerator,
  clusterRoleBindingGenerator,
  ingressGenerator,
  jobGenerator,
  cronJobGenerator,
  {
    words: 'poddisruptionbudget',
    resource: 'poddisruptionbudgets.policy',
    failed: 'failed to create poddisruptionbudgets: ',
    flags: { selector: 'string', 'min-available': 'string', 'max-unavailable': 'string' },
    make(run, name) {
      const [least, most] = [run.flag('min-available'), run.flag('max-unavailable')];
      const selector = run.flag('selector');
      if (!selector) throw new UsageError('error: a selector must be specified');
      if (least === undefined && most === undefined)
        throw new UsageError('error: one of min-available or max-unavailable must be specified');
      if (least !== undefined && most !== undefined)
        throw new UsageError('error: min-available and max-unavailable cannot be both specified');
      const amount = (text: string): number | string => (/^\d+$/.test(text) ? Number(text) : text);
      const spec = {
        ...(most !== undefined && { maxUnavailable: amount(most) }),
        ...(least !== undefined && { minAvailable: amount(least) }),
        selector: labelSelectorOf(selector),
      };
      const status = { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 };
      return object('policy/v1', 'PodDisruptionBudget', name, { spec, status });
    },
  },
  {
    words: 'quota',
    resource: 'resourcequotas',
    failed: 'failed to create quota: ',
    flags: { hard: 'string', scopes: 'string' },
    make(run, name) {
      const hard: Record<string, string> = {};
      for (const pair of (run.flag('hard') ?? '').split(',').filter(Boolean)) {
        const [key = '', amount] = pair.split('=');
        if (amount === undefined) throw new UsageError(`error: invalid argument syntax, expected <resource>=<value>`);
        hard[key] = amount;
      }
      const scopes = run.flag('scopes')?.split(',');
      const sorted = Object.fromEntries(Object.entries(hard).sort(([a], [b]) => (a < b ? -1 : 1)));
      return object('v1', 'ResourceQuota', name, { spec: { hard: sorted, ...(scopes && { scopes }) }, status: {} });
    },
  },
  {
    words: 'priorityclass',
    resource: 'priorityclasses.scheduling.k8s.io',
    failed: 'failed to create priorityclass: ',
    flags: { value: 'string', 'global-default': 'boolean', description: 'string', 'preemption-policy': 'string' },
    make(run, name) {
      const policy = run.flag('preemption-policy') ?? 'PreemptLowerPriority';
      const description = run.flag('description');
      return object('scheduling.k8s.io/v1', 'PriorityClass', name, {
        ...(description && { description }),
        ...(run.has('global-default') && { globalDefault: true }),
        preemptionPolicy: policy,
        value: Number(run.flag('value') ?? 0),
      });
    },
  },
  serviceGenerator('clusterip', 'ClusterIP'),
  serviceGenerator('nodeport', 'NodePort'),
  serviceGenerator('loadbalancer', 'LoadBalancer'),
  serviceGenerator('externalname', 'ExternalName'),
];

/** `registry/team/web:1.0` → `web`: the name of a container made from its image alone. */
function containerName(image: string): string {
  const last = image.slice(image.lastIndexOf('/') + 1);
  return last.replace(/[:@].*$/, '').replaceAll('_', '-');
}
