import type { RbacV1Subject, V1PolicyRule } from '../generated/types.ts';
import { authenticatedGroup, mastersGroup } from './apiserver/authorization/user.ts';
import { rbacGroup } from './apis/validation/rbac.ts';

const read = ['get', 'list', 'watch'];
const write = ['create', 'delete', 'deletecollection', 'patch', 'update'];
const rule = (verbs: string[], apiGroup: string, ...resources: string[]): V1PolicyRule => ({
  apiGroups: [apiGroup],
  resources,
  verbs,
});
const urls = (...nonResourceURLs: string[]): V1PolicyRule => ({ nonResourceURLs, verbs: ['get'] });

const core = ['configmaps', 'persistentvolumeclaims', 'replicationcontrollers', 'replicationcontrollers/scale'];
const workloads = [
  'daemonsets',
  'deployments',
  'deployments/scale',
  'replicasets',
  'replicasets/scale',
  'statefulsets',
  'statefulsets/scale',
];
const reach = ['pods/attach', 'pods/exec', 'pods/portforward', 'pods/proxy'];

const view = [
  rule(read, '', ...core, 'endpoints', 'pods', 'serviceaccounts', 'services'),
  rule(
    read,
    '',
    'bindings',
    'events',
    'limitranges',
    'namespaces/status',
    'pods/log',
    'pods/status',
    'replicationcontrollers/status',
    'resourcequotas',
    'resourcequotas/status',
  ),
  rule(read, '', 'namespaces'),
  rule(read, 'discovery.k8s.io', 'endpointslices'),
  rule(read, 'apps', 'controllerrevisions', ...workloads),
  rule(read, 'autoscaling', 'horizontalpodautoscalers'),
  rule(read, 'batch', 'cronjobs', 'jobs'),
  rule(read, 'policy', 'poddisruptionbudgets'),
  rule(read, 'networking.k8s.io', 'ingresses', 'networkpolicies'),
];
const edit = [
  rule(read, '', ...reach, 'secrets', 'services/proxy'),
  rule(['impersonate'], '', 'serviceaccounts'),
  rule(write, '', 'pods', ...reach),
  rule(['create'], '', 'pods/eviction'),
  rule(write, '', ...core, 'events', 'secrets', 'serviceaccounts', 'services', 'services/proxy'),
  rule(['create'], '', 'serviceaccounts/token'),
  rule(write, 'apps', ...workloads, 'deployments/rollback'),
  rule(write, 'autoscaling', 'horizontalpodautoscalers'),
  rule(write, 'batch', 'cronjobs', 'jobs'),
  rule(write, 'policy', 'poddisruptionbudgets'),
  rule(write, 'networking.k8s.io', 'ingresses', 'networkpolicies'),
];
const admin = [
  rule(['create'], 'authorization.k8s.io', 'localsubjectaccessreviews'),
  rule([...read, ...write], rbacGroup, 'roles', 'rolebindings'),
];

const health = ['/healthz', '/livez', '/readyz', '/version', '/version/'];
const aggregatesTo = (role: string): string => `${rbacGroup}/aggregate-to-${role}`;

interface Role {
  readonly name: string;
  readonly rules: readonly V1PolicyRule[];
  readonly labels?: Readonly<Record<string, string>>;
  /** Its rules are those of the roles that say so by a label. */
  readonly aggregates?: boolean;
}

const to = (role: string): Readonly<Record<string, string>> => ({ [aggregatesTo(role)]: 'true' });
const roles: readonly Role[] = [
  {
    name: 'cluster-admin',
    rules: [rule(['*'], '*', '*'), { nonResourceURLs: ['*'], verbs: ['*'] }],
  },
  { name: 'admin', rules: [...edit, ...view, ...admin], aggregates: true },
  { name: 'edit', rules: [...edit, ...view], labels: to('admin'), aggregates: true },
  { name: 'view', rules: view, labels: to('edit'), aggregates: true },
  { name: 'system:aggregate-to-admin', rules: admin, labels: to('admin') },
  { name: 'system:aggregate-to-edit', rules: edit, labels: to('edit') },
  { name: 'system:aggregate-to-view', rules: view, labels: to('view') },
  {
    name: 'system:discovery',
    rules: [urls('/api', '/api/*', '/apis', '/apis/*', ...health, '/openapi', '/openapi/*')],
  },
  {
    name: 'system:basic-user',
    rules: [
      rule(['create'], 'authorization.k8s.io', 'selfsubjectaccessreviews', 'selfsubjectrulesreviews'),
      rule(['create'], 'authentication.k8s.io', 'selfsubjectreviews'),
    ],
  },
  { name: 'system:public-info-viewer', rules: [urls(...health)] },
];

const group = (name: string): RbacV1Subject => ({ kind: 'Group', apiGroup: rbacGroup, name });
const authenticated = group(authenticatedGroup);
const bindings: Readonly<Record<string, readonly RbacV1Subject[]>> = {
  'cluster-admin': [group(mastersGroup)],
  'system:basic-user': [authenticated],
  'system:discovery': [authenticated],
  'system:public-info-viewer': [authenticated, group('system:unauthenticated')],
};

const apiVersion = `${rbacGroup}/v1`;
const annotations = { [`${rbacGroup}/autoupdate`]: 'true' };
const labels = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };

/**
 * The roles that every cluster has from the start, for people and their programs.
 * Kubernetes: plugin/pkg/auth/authorizer/rbac/bootstrappolicy.
 * Simplified: the roles of the control plane's own components are left out, because these are not asked for any.
 */
export const clusterRoles = roles.map(({ name, rules, labels: own, aggregates }) => ({
  apiVersion,
  kind: 'ClusterRole',
  metadata: { name, labels: { ...labels, ...own }, annotations },
  ...(aggregates && {
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [aggregatesTo(name)]: 'true' } }] },
  }),
  rules: [...rules],
}));

/** Who has these roles from the start. */
export const clusterRoleBindings = Object.entries(bindings).map(([name, subjects]) => ({
  apiVersion,
  kind: 'ClusterRoleBinding',
  metadata: { name, labels, annotations },
  roleRef: { apiGroup: rbacGroup, kind: 'ClusterRole', name },
  subjects: [...subjects],
}));
