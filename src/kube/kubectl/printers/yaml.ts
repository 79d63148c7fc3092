import { stringify } from 'yaml';
import { yamlStyle } from '../../apimachinery/yaml-style.ts';

/** YAML as kubectl prints objects. */
export const toYaml = (object: unknown): string => stringify(object, yamlStyle);

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
