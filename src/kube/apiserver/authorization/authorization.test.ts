import { describe, expect, test } from 'vitest';
import { openServer } from '../../../testing/golden.ts';
import { bootstrapRoles } from '../../bootstrap.ts';
import type { ApiRequest } from '../request.ts';
import { ruleAllows, type Attributes } from './rbac.ts';
import { impersonated, type User } from './user.ts';

const rbac = 'rbac.authorization.k8s.io';

describe('a rule allows', () => {
  const pods = { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] };
  const get = (more: Partial<Attributes>): Attributes => ({ verb: 'get', group: '', resource: 'pods', ...more });
  test.each<[string, object, Attributes, boolean]>([
    ['what it names', pods, get({}), true],
    ['no other verb', pods, get({ verb: 'delete' }), false],
    ['no other group', pods, get({ group: 'apps' }), false],
    ['no subresource of what it names', pods, get({ subresource: 'log' }), false],
    ['a subresource that it names', { ...pods, resources: ['pods/log'] }, get({ subresource: 'log' }), true],
    ['a subresource of anything', { ...pods, resources: ['*/log'] }, get({ subresource: 'log' }), true],
    ['everything by a star', { apiGroups: ['*'], resources: ['*'], verbs: ['*'] }, get({ subresource: 'log' }), true],
    ['only the names that it lists', { ...pods, resourceNames: ['web'] }, get({ name: 'web' }), true],
    ['not a list when it lists names', { ...pods, resourceNames: ['web'] }, get({ verb: 'list' }), false],
    ['an address', { nonResourceURLs: ['/healthz/*'], verbs: ['get'] }, { verb: 'get', path: '/healthz/etcd' }, true],
    [
      'no address beside it',
      { nonResourceURLs: ['/healthz'], verbs: ['get'] },
      { verb: 'get', path: '/healthz/x' },
      false,
    ],
  ])('%s', (_, rule, wanted, allowed) => expect(ruleAllows(rule as never, wanted)).toBe(allowed));
});

/** A server on which Jane may read pods of `default`, and the account `default/robot` what everybody may view anywhere. */
function bench() {
  const { api, ctx } = openServer();
  bootstrapRoles(ctx, api);
  const ask = (user: User | undefined, request: Omit<ApiRequest, 'user'>) =>
    api.request(ctx, 'you', { ...request, user });
  const create = (resource: string, body: object, namespace?: string) =>
    expect(ask(undefined, { verb: 'create', resource, namespace, body }).code).toBe(201);
  const rules = [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }];
  create(`roles.${rbac}`, { metadata: { name: 'reader' }, rules }, 'default');
  const roleRef = { kind: 'Role', name: 'reader' };
  create(
    `rolebindings.${rbac}`,
    { metadata: { name: 'jane' }, roleRef, subjects: [{ kind: 'User', name: 'jane' }] },
    'default',
  );
  create(`clusterroles.${rbac}`, { metadata: { name: 'all' }, rules: [{ ...rules[0], verbs: ['*'] }] });
  create(`clusterrolebindings.${rbac}`, {
    metadata: { name: 'robots' },
    roleRef: { kind: 'ClusterRole', name: 'all' },
    subjects: [{ kind: 'ServiceAccount', name: 'robot', namespace: 'default' }],
  });
  return { ask };
}

const jane = impersonated('jane', []);
const robot = impersonated('system:serviceaccount:default:robot', []);
const pods = (verb: 'list' | 'delete', namespace?: string): Omit<ApiRequest, 'user'> => ({
  verb,
  resource: 'pods',
  namespace,
  ...(verb === 'delete' && { name: 'web' }),
});

test('roles hold for whoever is not the administrator, in the words of the server', () => {
  const { ask } = bench();
  expect(ask(jane, pods('list', 'default')).code).toBe(200);
  expect(ask(undefined, pods('list')).code).toBe(200);
  const said = (user: User, request: Omit<ApiRequest, 'user'>) => {
    const { code, body } = ask(user, request);
    return `${code} ${(body as { message?: string }).message}`;
  };
  expect(said(jane, pods('list'))).toBe(
    '403 pods is forbidden: User "jane" cannot list resource "pods" in API group "" at the cluster scope',
  );
  expect(said(jane, pods('delete', 'default'))).toBe(
    '403 pods "web" is forbidden: User "jane" cannot delete resource "pods" in API group "" in the namespace "default"',
  );
  const deployments = { verb: 'list', resource: 'deployments.apps', namespace: 'default' } as const;
  expect(said(robot, deployments)).toBe(
    '403 deployments.apps is forbidden: User "system:serviceaccount:default:robot" cannot list resource "deployments" in API group "apps" in the namespace "default"',
  );
  expect(ask(robot, pods('list')).code).toBe(200);
});

test('a role that is not there is told of', () => {
  const { ask } = bench();
  const gone = { verb: 'delete', resource: `roles.${rbac}`, name: 'reader', namespace: 'default' } as const;
  ask(undefined, gone);
  expect(ask(jane, pods('list', 'default')).body).toMatchObject({
    message: expect.stringContaining('RBAC: role.rbac.authorization.k8s.io "reader" not found') as string,
  });
});

describe('reviews', () => {
  const review = (user: User | undefined, kind: string, spec?: object, namespace?: string) => {
    const group = kind === 'SelfSubjectReview' ? 'authentication' : 'authorization';
    const resource = `${kind.toLowerCase()}s.${group}.k8s.io`;
    const { code, body } = bench().ask(user, { verb: 'create', resource, namespace, body: { ...(spec && { spec }) } });
    return { code, ...(body as object) } as { code: number; status: object; message: string };
  };
  const listPods = { resourceAttributes: { verb: 'list', resource: 'pods', namespace: 'default' } };

  test('say whether one may, and by what', () => {
    expect(review(jane, 'SelfSubjectAccessReview', listPods).status).toEqual({
      allowed: true,
      reason: 'RBAC: allowed by RoleBinding "jane/default" of Role "reader" to User "jane"',
    });
    expect(review(undefined, 'SelfSubjectAccessReview', listPods).status).toEqual({ allowed: true });
    const other = { ...listPods, user: robot.name, groups: [] };
    expect(review(undefined, 'SubjectAccessReview', other).status).toEqual({
      allowed: true,
      reason: 'RBAC: allowed by ClusterRoleBinding "robots" of ClusterRole "all" to ServiceAccount "robot/default"',
    });
    const secrets = { resourceAttributes: { verb: 'get', resource: 'secrets', namespace: 'default' } };
    expect(review(jane, 'SelfSubjectAccessReview', secrets).status).toEqual({ allowed: false });
  });

  test('say who one is, and all that one may', () => {
    expect(review(robot, 'SelfSubjectReview').status).toEqual({
      userInfo: {
        username: robot.name,
        groups: ['system:serviceaccounts', 'system:serviceaccounts:default', 'system:authenticated'],
      },
    });
    expect(review(jane, 'SelfSubjectRulesReview', { namespace: 'default' }).status).toMatchObject({
      incomplete: false,
      resourceRules: expect.arrayContaining([
        { verbs: ['get', 'list'], apiGroups: [''], resources: ['pods'] },
      ]) as unknown,
    });
  });

  test('refuse a question that asks nothing, or is about nobody', () => {
    expect(review(undefined, 'SelfSubjectAccessReview', {})).toMatchObject({ code: 422 });
    expect(review(undefined, 'SubjectAccessReview', listPods).message).toContain(
      'at least one of user or group must be specified',
    );
    expect(review(undefined, 'LocalSubjectAccessReview', { ...listPods, user: 'jane' }, 'other').message).toContain(
      'must match metadata.namespace',
    );
  });
});
