import { stringify } from 'yaml';
import { expect, test } from 'vitest';
import { parseManifests } from './yaml.ts';
import { yamlStyle } from './yaml-style.ts';

test('an object that is written out reads back as it is: strings stay strings', () => {
  const object = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'c' },
    data: { a: 'yes', b: 'on', c: '12:30' },
  };
  const { manifests, errors } = parseManifests(stringify(object, yamlStyle));
  expect(errors).toEqual([]);
  expect(manifests[0]!.object).toEqual(object);
});
