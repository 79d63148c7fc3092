import type { V1Status } from '../../generated/types.ts';

/** One wrong field, as field.Error of Kubernetes: `path` in Kubernetes spelling (`spec.containers[0].name`). */
export interface FieldError {
  readonly type:
    | 'FieldValueNotFound'
    | 'FieldValueRequired'
    | 'FieldValueDuplicate'
    | 'FieldValueInvalid'
    | 'FieldValueNotSupported'
    | 'FieldValueForbidden'
    | 'FieldValueTooLong'
    | 'FieldValueTooMany'
    | 'FieldValueTypeInvalid';
  readonly path: string;
  /** The whole sentence after the path: `Invalid value: "x": must be …`. */
  readonly message: string;
}

/** Of V8: how many frames an Error takes with it. Other engines pass it over. */
const engine = Error as unknown as { stackTraceLimit: number | undefined };

/** What a user can cause: carries the `Status` that Kubernetes would answer. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly status: V1Status;
  constructor(status: V1Status) {
    // An answer, not a fault of the program: nobody reads its stack, and taking it is most of what a conflict costs.
    const { stackTraceLimit } = engine;
    engine.stackTraceLimit = 0;
    super(status.message);
    engine.stackTraceLimit = stackTraceLimit;
    this.status = status;
  }
  get code(): number {
    return this.status.code ?? 500;
  }
  get reason(): string {
    return this.status.reason ?? '';
  }
}

/** The API server cannot be reached (stopped, or the caller's network is cut): no Status, as with a refused connection. */
export class Unreachable extends Error {
  override name = 'Unreachable';
}

type Details = NonNullable<V1Status['details']>;

/** A failure Status with the given parts. The named constructors below are what callers use. */
export function failure(code: number, reason: string, message: string, details?: Details): ApiError {
  return new ApiError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    ...(reason && { reason }),
    ...(details && { details }),
    code,
  });
}

const qualified = (group: string, resource: string): string => (group ? `${resource}.${group}` : resource);
const details = (group: string, kind: string, name?: string): Details => ({
  ...(name && { name }),
  ...(group && { group }),
  kind,
});

/** 404 `pods "web" not found`. */
export const notFound = (group: string, resource: string, name: string): ApiError =>
  failure(404, 'NotFound', `${qualified(group, resource)} "${name}" not found`, details(group, resource, name));

/** 409 `pods "web" already exists`. */
export const alreadyExists = (group: string, resource: string, name: string): ApiError =>
  failure(
    409,
    'AlreadyExists',
    `${qualified(group, resource)} "${name}" already exists`,
    details(group, resource, name),
  );

/** 409 with the reason why the write lost. */
export const conflict = (group: string, resource: string, name: string, why: string): ApiError =>
  failure(
    409,
    'Conflict',
    `Operation cannot be fulfilled on ${qualified(group, resource)} "${name}": ${why}`,
    details(group, resource, name),
  );

/** 400 with a sentence. */
export const badRequest = (message: string): ApiError => failure(400, 'BadRequest', message);

/** 403 `pods "web" is forbidden: why`. */
export const forbidden = (group: string, resource: string, name: string, why: string): ApiError =>
  failure(
    403,
    'Forbidden',
    `${qualified(group, resource)} "${name}" is forbidden: ${why}`,
    details(group, resource, name),
  );

/** 422 with every wrong field at once. Takes the kind, not the resource: `Deployment.apps "web" is invalid: …`. */
export function invalid(group: string, kind: string, name: string, errors: readonly FieldError[]): ApiError {
  const sentences = [...new Set(errors.map((e) => `${e.path}: ${e.message}`))];
  const text = sentences.length === 1 ? sentences[0] : `[${sentences.join(', ')}]`;
  return failure(422, 'Invalid', `${qualified(group, kind)} "${name}" is invalid: ${text}`, {
    ...details(group, kind, name),
    causes: errors.map((e) => ({ reason: e.type, message: e.message, field: e.path })),
  });
}

/** True for an `ApiError` with the given reason: `isReason(error, 'NotFound')`. */
export const isReason = (error: unknown, reason: string): boolean =>
  error instanceof ApiError && error.reason === reason;
