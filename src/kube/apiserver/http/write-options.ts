import {
  forbiddenValue,
  invalid,
  invalidValue,
  notSupported,
  requiredValue,
  tooLong,
  type FieldError,
} from '../../apimachinery/index.ts';
import type { ApiRequest, PatchType } from '../request.ts';
import type { HttpRequest, Query } from './types.ts';

/** Bytes of a manager's name. */
const maxManagerBytes = 128;
const isPrintable = (letter: string): boolean =>
  /^[^\p{C}\p{Zl}\p{Zp}]$/u.test(letter) && !/^[^\P{Zs} ]$/u.test(letter);

const kinds: Readonly<Partial<Record<ApiRequest['verb'], string>>> = {
  create: 'CreateOptions',
  update: 'UpdateOptions',
  patch: 'PatchOptions',
};

/** Refuses a write whose query asks for what it may not. Kubernetes: apimachinery/pkg/apis/meta/v1/validation. */
export function checkWriteOptions(verb: ApiRequest['verb'], query: Query, patchType: PatchType | undefined): void {
  const kind = kinds[verb];
  if (!kind) return;
  const errors: FieldError[] = [];
  const manager = query.get('fieldManager') ?? '';
  if (patchType === 'apply' && manager === '')
    errors.push(requiredValue('fieldManager', 'is required for apply patch'));
  if (patchType !== undefined && patchType !== 'apply' && query.get('force') !== null)
    errors.push(forbiddenValue('force', 'may not be specified for non-apply patch'));
  if (manager.length > maxManagerBytes) errors.push(tooLong('fieldManager', maxManagerBytes));
  for (const [at, letter] of [...manager].entries()) {
    if (isPrintable(letter)) continue;
    const point = letter.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
    errors.push(invalidValue('fieldManager', manager, `invalid character U+${point} (at position ${at})`));
  }
  const validation = query.get('fieldValidation') ?? '';
  if (!['', 'Ignore', 'Strict', 'Warn'].includes(validation))
    errors.push(notSupported('fieldValidation', validation, ['', 'Ignore', 'Strict', 'Warn']));
  if (errors.length > 0) throw invalid('meta.k8s.io', kind, '', errors);
}

/**
 * Under which name a client writes that does not say so: its User-Agent up to the first slash.
 * Kubernetes: apiserver/pkg/endpoints/handlers/create.go prefixFromUserAgent.
 */
export const managerOf = ({ headers }: HttpRequest): string =>
  [...(headers['user-agent'] ?? '').split('/')[0]!].filter(isPrintable).join('').slice(0, maxManagerBytes) || 'unknown';
