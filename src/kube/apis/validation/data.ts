import type { V1Secret } from '../../../generated/types.ts';
import { type FieldError, forbiddenValue, invalidValue, requiredValue, tooLong } from '../../apimachinery/index.ts';

/** Bytes of all values of a ConfigMap or Secret. Kubernetes: MaxSecretSize. */
const maxDataBytes = 1024 * 1024;

const keyMessage =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

/** What is wrong with a key. Kubernetes: validation.IsConfigMapKey. */
function keyReasons(key: string): string[] {
  const reasons: string[] = [];
  if (key.length > 253) reasons.push('must be no more than 253 characters');
  if (!/^[-._a-zA-Z0-9]+$/.test(key)) reasons.push(keyMessage);
  if (key === '.') reasons.push("must not be '.'");
  else if (key === '..') reasons.push("must not be '..'");
  else if (key.startsWith('..')) reasons.push("must not start with '..'");
  return reasons;
}

type Data = Readonly<Record<string, string>> | undefined;

/** Keys of `data` and `binaryData`, and the size of all values. */
export function dataKeys(data: Data, binaryData: Data): FieldError[] {
  const errors: FieldError[] = [];
  let bytes = 0;
  for (const [key, value] of Object.entries(data ?? {})) {
    for (const reason of keyReasons(key)) errors.push(invalidValue(`data[${key}]`, key, reason));
    if (binaryData && Object.hasOwn(binaryData, key)) {
      errors.push(invalidValue(`data[${key}]`, key, 'duplicate of key present in binaryData'));
    }
    bytes += value.length;
  }
  for (const [key, value] of Object.entries(binaryData ?? {})) {
    for (const reason of keyReasons(key)) errors.push(invalidValue(`binaryData[${key}]`, key, reason));
    bytes += value.length;
  }
  if (bytes > maxDataBytes) errors.push(tooLong('', maxDataBytes));
  return errors;
}

interface Holder {
  readonly immutable?: boolean | undefined;
  readonly data?: Data;
  readonly binaryData?: Data;
}

/** With `immutable: true` nothing of the data changes any more, nor the flag itself. */
export function immutableData(next: Holder, old: Holder): FieldError[] {
  if (!old.immutable) return [];
  const frozen = 'field is immutable when `immutable` is set';
  const differs = (a: Data, b: Data): boolean => JSON.stringify(a ?? {}) !== JSON.stringify(b ?? {});
  return [
    ...(next.immutable ? [] : [forbiddenValue('immutable', frozen)]),
    ...(differs(next.data, old.data) ? [forbiddenValue('data', frozen)] : []),
    ...(differs(next.binaryData, old.binaryData) ? [forbiddenValue('binaryData', frozen)] : []),
  ];
}

/** Keys that a Secret's type demands. Kubernetes: ValidateSecret. */
export function secretType({ type, data, metadata }: V1Secret): FieldError[] {
  const has = (key: string): boolean => data !== undefined && Object.hasOwn(data, key);
  const need = (...keys: string[]): FieldError[] =>
    keys.filter((key) => !has(key)).map((key) => requiredValue(`data[${key}]`));
  switch (type) {
    case 'kubernetes.io/tls':
      return need('tls.crt', 'tls.key');
    case 'kubernetes.io/dockerconfigjson':
      return need('.dockerconfigjson');
    case 'kubernetes.io/dockercfg':
      return need('.dockercfg');
    case 'kubernetes.io/ssh-auth':
      return need('ssh-privatekey');
    case 'kubernetes.io/basic-auth':
      return has('username') || has('password')
        ? []
        : [requiredValue('data[username]'), requiredValue('data[password]')];
    case 'kubernetes.io/service-account-token':
      return metadata.annotations?.['kubernetes.io/service-account.name']
        ? []
        : [requiredValue('metadata.annotations[kubernetes.io/service-account.name]')];
    default:
      return [];
  }
}
