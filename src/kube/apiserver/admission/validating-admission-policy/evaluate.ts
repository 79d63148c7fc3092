import type { Environment } from '@marcbachmann/cel-js';
import type { V1Validation } from '../../../../generated/types.ts';
import type { KubeObject } from '../../../apimachinery/index.ts';
import type { ObjectOf } from '../../../apis/index.ts';
import { read } from '../../../etcd/etcd.ts';
import { administrator } from '../../authorization/user.ts';
import { newEnvironment } from '../../cel/environment.ts';
import { plainValue } from '../../cel/values.ts';
import type { Attempt } from './match.ts';

type Policy = ObjectOf<'validatingadmissionpolicies.admissionregistration.k8s.io'>;

/** Why an expression does not let a request through. */
export interface Decision {
  readonly message: string;
  readonly reason: string;
}

const variables = ['object', 'oldObject', 'request', 'params', 'namespaceObject', 'variables'];
let shared: Environment | undefined;
/** Simplified: expressions are not checked against the types of the objects, so that a wrong field is found when it is used. */
const environment = (): Environment =>
  (shared ??= variables.reduce((env, name) => env.registerVariable(name, 'dyn'), newEnvironment()));

/** Runs an expression; what goes wrong is thrown in Kubernetes' words. */
export function run(expression: string, context: Readonly<Record<string, unknown>>): unknown {
  let program: (context: Readonly<Record<string, unknown>>) => unknown;
  try {
    program = environment().parse(expression);
  } catch (error) {
    throw new Error(`compilation error: compilation failed: ${summaryOf(error)}`, { cause: error });
  }
  try {
    return program(context);
  } catch (error) {
    throw new Error(`expression '${expression}' resulted in error: ${summaryOf(error)}`, { cause: error });
  }
}

function summaryOf(error: unknown): string {
  const { code, summary, message = '' } = error as { code?: string; summary?: string; message?: string };
  return code === 'no_such_key' ? (summary ?? message).replace(/^No such key/, 'no such key') : (summary ?? message);
}

/** What a policy says to a request: nothing when it lets it through. Kubernetes: apiserver/pkg/admission/plugin/policy/validating/validator.go. */
export function decisionsOf({ spec }: Policy, attempt: Attempt, params: KubeObject | undefined): Decision[] {
  const { validations = [], matchConditions = [], failurePolicy } = spec!;
  const failed = (error: unknown): Decision[] =>
    failurePolicy === 'Ignore' ? [] : [{ message: (error as Error).message, reason: '' }];
  const context = contextOf(spec!.variables ?? [], attempt, params);
  try {
    for (const { expression } of matchConditions) if (run(expression, context) !== true) return [];
  } catch (error) {
    return failed(error);
  }
  return validations.flatMap((validation) => {
    try {
      if (run(validation.expression, context) === true) return [];
    } catch (error) {
      return failed(error);
    }
    return [{ message: messageOf(validation, context), reason: validation.reason ?? '' }];
  });
}

function messageOf(
  { expression, message, messageExpression }: V1Validation,
  context: Readonly<Record<string, unknown>>,
): string {
  try {
    const told = messageExpression ? run(messageExpression, context) : undefined;
    if (typeof told === 'string' && told.trim() !== '' && !told.trim().includes('\n')) return told.trim();
  } catch {
    // A message that cannot be made gives way to the plain one.
  }
  return message?.trim() || `failed expression: ${expression.trim()}`;
}

/** What expressions can name. Variables are worked out when somebody asks for them. */
export function contextOf(
  named: readonly { readonly name: string; readonly expression: string }[],
  { call, operation, object, old }: Attempt,
  params: KubeObject | undefined,
): Readonly<Record<string, unknown>> {
  const { kind, request, etcd } = call;
  const { group, version, resource } = kind;
  const { metadata } = (object ?? old)!;
  const namespace = kind.namespaced ? read(etcd, 'namespaces', metadata.namespace!) : undefined;
  const { name: username, groups } = request.user ?? administrator;
  const kinds = { group, version, kind: kind.kind };
  const resources = { group, version, resource };
  const lazy: Record<string, unknown> = {};
  const context = {
    object: plainValue(object ?? null),
    oldObject: plainValue(old ?? null),
    params: plainValue(params ?? null),
    namespaceObject: plainValue(namespace ?? null),
    request: {
      kind: kinds,
      resource: resources,
      requestKind: kinds,
      requestResource: resources,
      subResource: request.subresource ?? '',
      requestSubResource: request.subresource ?? '',
      name: metadata.name,
      namespace: metadata.namespace ?? '',
      operation,
      userInfo: { username, groups: [...groups] },
      dryRun: request.options?.dryRun ?? false,
    },
    variables: lazy,
  };
  for (const { name, expression } of named) {
    Object.defineProperty(lazy, name, {
      configurable: true,
      enumerable: true,
      get() {
        const value = run(expression, context);
        Object.defineProperty(lazy, name, { value, enumerable: true });
        return value;
      },
    });
  }
  return context;
}
