import {
  type FieldError,
  forbiddenValue,
  invalidValue,
  notSupported,
  quantityValue,
} from '../../apimachinery/index.ts';

const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];

/** Modes by which a volume may be mounted. Kubernetes: pkg/apis/core/validation supportedAccessModes. */
export function accessModeErrors(modes: readonly string[], path: string): FieldError[] {
  const errors = modes
    .filter((mode) => !accessModes.includes(mode))
    .map((mode) => notSupported(path, mode, accessModes));
  if (modes.includes('ReadWriteOncePod') && modes.length > 1)
    errors.push(forbiddenValue(path, 'may not use ReadWriteOncePod with other access modes'));
  return errors;
}

/** `Filesystem` or `Block`. */
export const volumeModeErrors = (mode: string | undefined, path: string): FieldError[] =>
  mode === undefined || mode === 'Filesystem' || mode === 'Block'
    ? []
    : [notSupported(path, mode, ['Block', 'Filesystem'])];

/** An amount of storage: more than none. */
export const storageErrors = (amount: string, path: string): FieldError[] =>
  quantityValue(amount) > 0 ? [] : [invalidValue(path, amount, 'must be greater than zero')];
