import type {
  V1LocalSubjectAccessReview,
  V1NonResourceAttributes,
  V1NonResourceRule,
  V1PolicyRule,
  V1ResourceAttributes,
  V1ResourceRule,
  V1SelfSubjectAccessReview,
  V1SelfSubjectRulesReview,
  V1SubjectAccessReviewSpec,
} from '../../../generated/types.ts';
import {
  badRequest,
  failure,
  invalid,
  invalidValue,
  type FieldError,
  type KubeObject,
} from '../../apimachinery/index.ts';
import { decode, DecodeError } from '../../apimachinery/decode.ts';
import type { ModelName } from '../../apis/kind.ts';
import type { EtcdState } from '../../etcd/etcd.ts';
import type { ApiRequest, ApiResponse } from '../request.ts';
import { decide, grantsOf, type Attributes } from './rbac.ts';
import type { User } from './user.ts';

/** A question to the API server that is asked by creating an object: it is answered and not kept. */
export interface Review {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly key: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly model: ModelName;
  readonly check: (object: never, namespace: string | undefined) => FieldError[];
  readonly status: (etcd: EtcdState, object: never, user: User) => object;
}

interface Asked {
  readonly resourceAttributes?: V1ResourceAttributes | undefined;
  readonly nonResourceAttributes?: V1NonResourceAttributes | undefined;
}

/** Kubernetes: pkg/apis/authorization/validation. */
function checkAsked({ resourceAttributes, nonResourceAttributes }: Asked): FieldError[] {
  if (resourceAttributes && nonResourceAttributes) {
    const both = { Path: nonResourceAttributes.path ?? '', Verb: nonResourceAttributes.verb ?? '' };
    return [
      invalidValue('spec.nonResourceAttributes', both, 'cannot be specified in combination with resourceAttributes'),
    ];
  }
  if (resourceAttributes || nonResourceAttributes) return [];
  return [
    invalidValue(
      'spec.resourceAttributes',
      null,
      'exactly one of nonResourceAttributes or resourceAttributes must be specified',
    ),
  ];
}

function checkSubject(spec: V1SubjectAccessReviewSpec): FieldError[] {
  if (spec.user || (spec.groups ?? []).length > 0) return checkAsked(spec);
  return [...checkAsked(spec), invalidValue('spec.user', '', 'at least one of user or group must be specified')];
}

const attributesOf = ({ resourceAttributes: r, nonResourceAttributes: n }: Asked): Attributes =>
  r
    ? {
        verb: r.verb ?? '',
        group: r.group,
        resource: r.resource,
        subresource: r.subresource,
        namespace: r.namespace,
        name: r.name,
      }
    : { verb: n?.verb ?? '', path: n?.path ?? '' };

function verdict(etcd: EtcdState, user: User, asked: Asked): object {
  const { allowed, reason } = decide(etcd, user, attributesOf(asked));
  return { allowed, ...(reason && { reason }) };
}

const subjectOf = ({ user = '', groups = [], uid, extra }: V1SubjectAccessReviewSpec): User => ({
  name: user,
  groups,
  uid,
  extra,
});

/** What the rules let a user do in a namespace. Kubernetes: SelfSubjectRulesReview. */
function rulesFor(etcd: EtcdState, user: User, namespace: string): object {
  const resourceRules: V1ResourceRule[] = [];
  const nonResourceRules: V1NonResourceRule[] = [];
  const missing: string[] = [];
  const add = ({ verbs, nonResourceURLs, apiGroups, resources, resourceNames }: V1PolicyRule): void => {
    if ((resources ?? []).length > 0)
      resourceRules.push({ verbs, apiGroups, resources, ...(resourceNames && { resourceNames }) });
    if ((nonResourceURLs ?? []).length > 0) nonResourceRules.push({ verbs, nonResourceURLs });
  };
  for (const grant of grantsOf(etcd, user, namespace)) {
    if ('missing' in grant) missing.push(grant.missing);
    else add(grant.rule);
  }
  return {
    resourceRules,
    nonResourceRules,
    incomplete: missing.length > 0,
    ...(missing.length > 0 && { evaluationError: missing.join(', ') }),
  };
}

const authorizationGroup = 'authorization.k8s.io';
const authenticationGroup = 'authentication.k8s.io';

const review = (
  given: Pick<Review, 'group' | 'kind' | 'model' | 'status'> & Partial<Pick<Review, 'namespaced' | 'check'>>,
): Review => {
  const resource = `${given.kind.toLowerCase()}s`;
  return { version: 'v1', resource, key: `${resource}.${given.group}`, namespaced: false, check: () => [], ...given };
};

/** What is asked; a body may leave it out. */
const specOf = <T extends object>({ spec }: { readonly spec?: T | undefined }): T => spec ?? ({} as T);

/** Every question that can be asked. Kubernetes: pkg/registry/authorization, pkg/registry/authentication. */
export const reviews: readonly Review[] = [
  review({
    group: authenticationGroup,
    kind: 'SelfSubjectReview',
    model: 'V1SelfSubjectReview',
    status: (_etcd, _object, { name, groups, uid, extra }) => ({
      userInfo: { username: name, ...(uid && { uid }), groups, ...(extra && { extra }) },
    }),
  }),
  review({
    group: authorizationGroup,
    kind: 'SelfSubjectAccessReview',
    model: 'V1SelfSubjectAccessReview',
    check: (asked: V1SelfSubjectAccessReview) => checkAsked(specOf(asked)),
    status: (etcd, asked: V1SelfSubjectAccessReview, user) => verdict(etcd, user, specOf(asked)),
  }),
  review({
    group: authorizationGroup,
    kind: 'SubjectAccessReview',
    model: 'V1SubjectAccessReview',
    check: (asked: V1LocalSubjectAccessReview) => checkSubject(specOf(asked)),
    status: (etcd, asked: V1LocalSubjectAccessReview) => verdict(etcd, subjectOf(specOf(asked)), specOf(asked)),
  }),
  review({
    group: authorizationGroup,
    kind: 'LocalSubjectAccessReview',
    model: 'V1LocalSubjectAccessReview',
    namespaced: true,
    check(asked: V1LocalSubjectAccessReview, namespace) {
      const spec = specOf(asked);
      const errors = checkSubject(spec);
      const at = 'spec.resourceAttributes.namespace';
      const { resourceAttributes, nonResourceAttributes } = spec;
      if (resourceAttributes && resourceAttributes.namespace !== namespace)
        errors.push(invalidValue(at, resourceAttributes.namespace ?? '', 'must match metadata.namespace'));
      if (nonResourceAttributes)
        errors.push(invalidValue('spec.nonResourceAttributes', {}, 'disallowed on this kind of request'));
      return errors;
    },
    status: (etcd, asked: V1LocalSubjectAccessReview) => verdict(etcd, subjectOf(specOf(asked)), specOf(asked)),
  }),
  review({
    group: authorizationGroup,
    kind: 'SelfSubjectRulesReview',
    model: 'V1SelfSubjectRulesReview',
    status: (etcd, asked: V1SelfSubjectRulesReview, user) => rulesFor(etcd, user, specOf(asked).namespace ?? ''),
  }),
];

const byKey = new Map(reviews.map((each) => [each.key, each]));

/** The question that a resource is, if it is one. */
export const reviewOf = (key: string): Review | undefined => byKey.get(key);

/** Answers a question. Throws ApiError for one that is asked wrongly. */
export function answerReview(
  etcd: EtcdState,
  { kind, group, version, model, check, status }: Review,
  { verb, body, namespace }: ApiRequest,
  user: User,
): ApiResponse {
  if (verb !== 'create')
    throw failure(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {});
  try {
    const { object } = decode<KubeObject>(model, body);
    const errors = check(object as never, namespace);
    if (errors.length > 0) throw invalid(group, kind, '', errors);
    const metadata = { ...object.metadata, creationTimestamp: null, ...(namespace && { namespace }) };
    const { status: _, ...asked } = object;
    const answered = { ...asked, kind, apiVersion: `${group}/${version}`, metadata };
    return { code: 201, body: { ...answered, status: status(etcd, object as never, user) } as unknown as KubeObject };
  } catch (error) {
    if (error instanceof DecodeError)
      throw badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${error.message}`);
    throw error;
  }
}

/** Whether a request changes nothing: it reads, or asks. */
export const onlyAsks = ({ verb, resource }: ApiRequest): boolean =>
  verb === 'get' || verb === 'list' || byKey.has(resource);
