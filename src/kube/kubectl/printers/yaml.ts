import { stringify } from 'yaml';

/** YAML as kubectl prints objects: sorted keys, lists not indented, strings quoted where YAML 1.1 would read them otherwise. */
export const toYaml = (object: unknown): string =>
  stringify(object, {
    version: '1.1',
    sortMapEntries: true,
    indentSeq: false,
    lineWidth: 0,
    aliasDuplicateObjects: false,
  });

/** JSON as kubectl prints it: four blanks, sorted keys. */
export const toJson = (object: unknown): string =>
  `${JSON.stringify(
    object,
    (_key, v: unknown) =>
      v !== null && typeof v === 'object' && !Array.isArray(v)
        ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)))
        : v,
    4,
  )}\n`;
