import { beforeEach, describe, expect, it } from 'vitest';
import { make, openServer, type Server } from '../../../../testing/golden.ts';
import type { ApiRequest, ApiResponse } from '../../request.ts';

const group = 'admissionregistration.k8s.io';
const deployments = [
  { apiGroups: ['apps'], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['deployments'] },
];

let server: Server;
beforeEach(() => {
  server = openServer(['shop']);
});

type Made = Parameters<typeof make>[1];
const ask = (request: Partial<ApiRequest> & Pick<ApiRequest, 'verb' | 'resource'>): ApiResponse =>
  server.api.request(server.ctx, 'you', { namespace: 'shop', ...request });
const messageOf = ({ body }: ApiResponse): string => (body as { message?: string }).message ?? '';

function policy(spec: object, binding: object = {}): void {
  const of = (kind: string, rest: object): void =>
    make(server, { apiVersion: `${group}/v1`, kind, metadata: { name: 'few' }, spec: rest } as Made, '');
  of('ValidatingAdmissionPolicy', { matchConstraints: { resourceRules: deployments }, ...spec });
  of('ValidatingAdmissionPolicyBinding', { policyName: 'few', validationActions: ['Deny'], ...binding });
}

const deployment = (name: string, replicas: number): object => ({
  metadata: { name },
  spec: {
    replicas,
    selector: { matchLabels: { app: name } },
    template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'a', image: 'nginx' }] } },
  },
});
const create = (name: string, replicas: number): ApiResponse =>
  ask({ verb: 'create', resource: 'deployments.apps', body: deployment(name, replicas) });

const few = { validations: [{ expression: 'object.spec.replicas <= 5' }] };

describe('a policy', () => {
  it('refuses what its expression does not hold of, with the expression or its message', () => {
    policy(few);
    expect(create('right', 5).code).toBe(201);
    const refused = create('wrong', 6);
    const message =
      "ValidatingAdmissionPolicy 'few' with binding 'few' denied request: failed expression: object.spec.replicas <= 5";
    expect(refused.body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: `deployments.apps "wrong" is forbidden: ${message}`,
      reason: 'Invalid',
      details: { name: 'wrong', group: 'apps', kind: 'deployments', causes: [{ message }] },
      code: 422,
    });
    const patch = { spec: { replicas: 9 } };
    expect(
      ask({ verb: 'patch', resource: 'deployments.apps', name: 'right', patchType: 'merge', body: patch }).code,
    ).toBe(422);
  });

  it('names variables, the old object, the namespace and the request', () => {
    policy({
      variables: [
        { name: 'most', expression: 'namespaceObject.metadata.name == "shop" ? 3 : 1' },
        { name: 'twice', expression: 'variables.most * 2' },
      ],
      validations: [
        {
          expression: 'object.spec.replicas < variables.twice',
          messageExpression: '"at most " + string(variables.twice - 1)',
          reason: 'Forbidden',
        },
        {
          expression: 'request.operation == "CREATE" || object.spec.replicas >= oldObject.spec.replicas',
          message: 'never fewer',
        },
      ],
    });
    expect(create('many', 6)).toMatchObject({ code: 403, body: { reason: 'Forbidden' } });
    expect(messageOf(create('many', 6))).toMatch(/denied request: at most 5$/);
    create('some', 4);
    const patch = { spec: { replicas: 2 } };
    expect(
      messageOf(ask({ verb: 'patch', resource: 'deployments.apps', name: 'some', patchType: 'merge', body: patch })),
    ).toMatch(/denied request: never fewer$/);
  });

  it('only warns where its binding says so', () => {
    policy(few, { validationActions: ['Warn', 'Audit'] });
    expect(create('many', 6)).toMatchObject({
      code: 201,
      warnings: [
        "Validation failed for ValidatingAdmissionPolicy 'few' with binding 'few': failed expression: object.spec.replicas <= 5",
      ],
    });
  });

  it('holds where selectors and conditions let it', () => {
    policy(
      {
        ...few,
        matchConditions: [
          { name: 'not-exempt', expression: '!(has(object.metadata.labels) && "exempt" in object.metadata.labels)' },
        ],
      },
      { matchResources: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'shop' } } } },
    );
    expect(create('many', 6).code).toBe(422);
    expect(
      ask({ verb: 'create', resource: 'deployments.apps', namespace: 'default', body: deployment('many', 6) }).code,
    ).toBe(201);
    const exempt = { ...deployment('exempt', 6), metadata: { name: 'exempt', labels: { exempt: 'yes' } } };
    expect(ask({ verb: 'create', resource: 'deployments.apps', body: exempt }).code).toBe(201);
  });

  it('takes its numbers from parameters, and says when there are none', () => {
    policy(
      {
        paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
        validations: [{ expression: 'object.spec.replicas <= int(params.data.most)' }],
      },
      { paramRef: { name: 'limits', parameterNotFoundAction: 'Deny' } },
    );
    expect(messageOf(create('a', 1))).toMatch(
      /denied request: failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction$/,
    );
    ask({ verb: 'create', resource: 'configmaps', body: { metadata: { name: 'limits' }, data: { most: '2' } } });
    expect(create('a', 2).code).toBe(201);
    expect(create('b', 3).code).toBe(422);
  });

  it('fails closed, or open, when an expression goes wrong', () => {
    const broken = { validations: [{ expression: 'object.spec.nothing > 1' }] };
    policy(broken);
    expect(messageOf(create('a', 1))).toMatch(
      /denied request: expression 'object.spec.nothing > 1' resulted in error: no such key: nothing$/,
    );
    server = openServer(['shop']);
    policy({ ...broken, failurePolicy: 'Ignore' });
    expect(create('a', 1).code).toBe(201);
  });

  it('can forbid a deletion', () => {
    policy({
      matchConstraints: {
        resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['DELETE'], resources: ['configmaps'] }],
      },
      validations: [{ expression: 'oldObject.metadata.name != "precious"', message: 'precious' }],
    });
    for (const name of ['precious', 'other'])
      ask({ verb: 'create', resource: 'configmaps', body: { metadata: { name } } });
    expect(ask({ verb: 'delete', resource: 'configmaps', name: 'precious' }).code).toBe(422);
    expect(ask({ verb: 'delete', resource: 'configmaps', name: 'other' }).code).toBe(200);
  });
});
