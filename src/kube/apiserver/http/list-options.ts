import { ApiError, badRequest, failure, invalid, type FieldError } from '../../apimachinery/index.ts';
import type { Query } from './types.ts';

/** Which state of the store a list or watch is to show. */
export interface StateWanted {
  /** A revision; 0 for any, undefined for the newest. */
  readonly revision: number | undefined;
  /** That state and no other; else it may be newer. */
  readonly exact: boolean;
}

const forbidden = (path: string, why: string): FieldError => ({
  type: 'FieldValueForbidden',
  path,
  message: `Forbidden: ${why}`,
});

const notSupported = (match: string, supported: string): FieldError => ({
  type: 'FieldValueNotSupported',
  path: 'resourceVersionMatch',
  message: `Unsupported value: ${JSON.stringify(match)}: supported values: ${supported}`,
});

/** Throws Invalid for options that contradict each other. Kubernetes: meta/internalversion/validation. */
export function checkListOptions(query: Query, watching: boolean): void {
  const match = query.get('resourceVersionMatch') ?? '';
  const initial = query.get('sendInitialEvents');
  const token = query.get('continue') ?? '';
  const version = query.get('resourceVersion') ?? '';
  const errors: FieldError[] = [];
  const wrong = (path: string, why: string): void => void errors.push(forbidden(path, why));
  if (watching) {
    if (initial !== null && match !== 'NotOlderThan')
      wrong('resourceVersionMatch', 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
    if (match !== '' && initial === null)
      wrong('resourceVersionMatch', 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided');
    if (match !== '' && match !== 'NotOlderThan') errors.push(notSupported(match, '"NotOlderThan"'));
  } else {
    if (match !== '' && version === '')
      wrong('resourceVersionMatch', 'resourceVersionMatch is forbidden unless resourceVersion is provided');
    if (match !== '' && match !== 'Exact' && match !== 'NotOlderThan')
      errors.push(notSupported(match, '"Exact", "NotOlderThan", ""'));
    if (match === 'Exact' && version === '0')
      wrong('resourceVersionMatch', 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"');
    if (initial !== null) wrong('sendInitialEvents', 'sendInitialEvents is forbidden for list');
  }
  if (match !== '' && token !== '')
    wrong('resourceVersionMatch', 'resourceVersionMatch is forbidden when continue is provided');
  if (errors.length > 0) throw invalid('meta.k8s.io', 'ListOptions', '', errors);
  if (token !== '' && version !== '' && version !== '0')
    throw badRequest('specifying resource version is not allowed when using continue');
}

/** The state that is wanted. With a limit an old revision means that very state. Throws for what is no number. */
export function stateWanted(query: Query): StateWanted {
  const version = query.get('resourceVersion') ?? '';
  if (version === '') return { revision: undefined, exact: false };
  if (!/^\d+$/.test(version)) {
    const message = `Invalid value: ${JSON.stringify(version)}: strconv.ParseUint: parsing ${JSON.stringify(version)}: invalid syntax`;
    throw invalid('', 'ListOptions', '', [{ type: 'FieldValueInvalid', path: 'resourceVersion', message }]);
  }
  const revision = Number(version);
  const match = query.get('resourceVersionMatch') ?? '';
  const limited = Number(query.get('limit') ?? 0) > 0;
  return { revision, exact: match === 'Exact' || (match === '' && limited && revision > 0) };
}

/** A revision of the future was asked for. Kubernetes: storage.NewTooLargeResourceVersionError. */
export const tooLargeVersion = (wanted: number, present: number): ApiError =>
  failure(504, 'Timeout', `Timeout: Too large resource version: ${wanted}, current: ${present}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });

/** The state that was asked for is no longer known. */
export const expired = (message: string): ApiError => failure(410, 'Expired', message);

/** What a client hears that goes on with a list whose moment is forgotten: the token leads on from the same key, at present. */
export function continueExpired(token: string): ApiError {
  const { status } = expired(
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without ' +
      'the continue parameter, or use the continue token in this response to retrieve the remainder of the results. ' +
      'Continuing with the provided token results in an inconsistent list - objects that were created, modified, or ' +
      'deleted between the time the first chunk was returned and now may show up in the list.',
  );
  return new ApiError({ ...status, metadata: { continue: token } });
}
