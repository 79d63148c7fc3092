import { forbidden, type KubeObject } from '../../apimachinery/index.ts';
import { jsonPatch, mergePatch, strategicPatch } from '../../apimachinery/patch/index.ts';
import type { ObjectOf } from '../../apis/index.ts';
import { range } from '../../etcd/etcd.ts';
import type { Call } from '../call.ts';
import { decodeObject } from '../decode-object.ts';
import { contextOf, run } from './validating-admission-policy/evaluate.ts';
import { exempt } from './validating-admission-policy/index.ts';
import { matches, type Attempt } from './validating-admission-policy/match.ts';
import { paramsOf } from './validating-admission-policy/params.ts';

const policies = 'mutatingadmissionpolicies.admissionregistration.k8s.io';
const bindings = 'mutatingadmissionpolicybindings.admissionregistration.k8s.io';

type Policy = ObjectOf<typeof policies>;
type Binding = ObjectOf<typeof bindings>;

/**
 * An object as the policies in force want it. Simplified: an apply configuration is merged as a strategic patch, and no policy is
 * asked a second time. Kubernetes: apiserver/pkg/admission/plugin/policy/mutating.
 */
export function mutatedByPolicies(call: Call, object: KubeObject, old?: KubeObject): KubeObject {
  const bound = range(call.etcd, bindings);
  if (bound.size === 0 || exempt.test(call.kind.key)) return object;
  let next = object;
  for (const stored of range(call.etcd, policies).values()) {
    const policy = stored as unknown as Policy;
    for (const each of bound.values()) {
      const binding = each as unknown as Binding;
      if (binding.spec?.policyName === policy.metadata.name) next = mutated(policy, binding, call, next, old);
    }
  }
  return next;
}

function mutated(
  policy: Policy,
  binding: Binding,
  call: Call,
  object: KubeObject,
  old: KubeObject | undefined,
): KubeObject {
  const {
    matchConstraints = {},
    matchConditions = [],
    paramKind,
    variables = [],
    mutations = [],
    failurePolicy,
  } = policy.spec!;
  const { matchResources = {}, paramRef } = binding.spec!;
  const attempt = (now: KubeObject): Attempt => ({ call, operation: old ? 'UPDATE' : 'CREATE', object: now, old });
  if (!matches(matchConstraints, attempt(object)) || !matches(matchResources, attempt(object))) return object;
  try {
    const found = paramsOf(paramKind, paramRef, attempt(object));
    if (typeof found === 'string') throw new Error(`failed to configure binding: ${found}`);
    let next = object;
    for (const params of found) {
      const context = contextOf(variables, attempt(next), params);
      if (matchConditions.some(({ expression }) => run(expression, context) !== true)) continue;
      for (const { patchType, applyConfiguration, jsonPatch: patch } of mutations) {
        const body = patchType === 'JSONPatch' ? patch : applyConfiguration;
        const value = plainJson(run(asMaps(body!.expression!), contextOf(variables, attempt(next), params)));
        const { object: made } = decodeObject(call.kind, patched(call, next, patchType, value));
        next = { ...made, metadata: { ...made.metadata } };
        call.kind.defaults(next);
      }
    }
    return next;
  } catch (error) {
    if (failurePolicy === 'Ignore') return object;
    const { group, resource } = call.kind;
    const why = `policy '${policy.metadata.name}' with binding '${binding.metadata.name}' denied request: ${(error as Error).message}`;
    throw forbidden(group, resource, object.metadata.name, why);
  }
}

function patched({ kind }: Call, object: KubeObject, patchType: string, value: unknown): unknown {
  if (patchType === 'JSONPatch') return jsonPatch(object, value);
  return kind.custom ? mergePatch(object, value) : strategicPatch(kind.model, object, value as never);
}

const tokens =
  /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\b(?:Object(?:\.\w+)*|JSONPatch)\s*\{|[A-Za-z_]\w*(?=\s*:)|[{}[\](),]|[^"'{}[\](),A-Za-z_]+|[A-Za-z_]\w*/g;

/** `Object.spec{replicas: 3}` builds an object of a type; its type is known from where it stands, so a map does as well. */
function asMaps(expression: string): string {
  const open: boolean[] = [];
  let before = '';
  return expression.replace(tokens, (token) => {
    const isTyped = /^(Object|JSONPatch).*\{$/s.test(token);
    const named = open.at(-1) === true && (before === '{' || before === ',') && /^[A-Za-z_]\w*$/.test(token);
    if (isTyped || /^[{[(]$/.test(token)) open.push(isTyped);
    else if (/^[}\])]$/.test(token)) open.pop();
    if (token.trim() !== '') before = isTyped ? '{' : token.trim();
    if (isTyped) return '{';
    return named ? JSON.stringify(token) : token;
  });
}

/** Values of expressions as JSON has them. */
function plainJson(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (Array.isArray(value)) return value.map(plainJson);
  if (value instanceof Map)
    return Object.fromEntries([...value].map(([key, inner]) => [String(key), plainJson(inner)]));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainJson(inner)]));
}
