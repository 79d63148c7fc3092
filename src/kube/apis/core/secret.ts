import { encodeBase64, invalidValue, setOwn } from '../../apimachinery/index.ts';
import { ageColumn, nameColumn } from '../cells.ts';
import { defineKind } from '../kind.ts';
import { sentences } from '../validation/basics.ts';
import { dataKeys, immutableData, secretType } from '../validation/data.ts';

/** Secret. Kubernetes: pkg/registry/core/secret. */
export const secret = defineKind({
  group: '',
  version: 'v1',
  kind: 'Secret',
  key: 'secrets',
  model: 'V1Secret',
  defaults(secret) {
    secret.type ||= 'Opaque';
    if (secret.stringData) {
      const data = { ...secret.data };
      for (const [key, text] of Object.entries(secret.stringData)) setOwn(data, key, encodeBase64(text));
      secret.data = data;
      delete secret.stringData;
    }
  },
  validate: (secret) => [...dataKeys(secret.data, undefined), ...secretType(secret)],
  validateUpdate: (next, old) => [
    ...(next.type === old.type ? [] : [invalidValue('type', next.type ?? '', sentences.immutable)]),
    ...immutableData(next, old),
  ],
  columns: [
    nameColumn,
    { name: 'Type', cell: (s) => s.type },
    { name: 'Data', cell: (s) => Object.keys(s.data ?? {}).length },
    ageColumn,
  ],
  example: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'example' }, stringData: { key: 'value' } },
});
