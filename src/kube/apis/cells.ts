import type { V1PodTemplateSpec } from '../../generated/types.ts';
import { age } from '../apimachinery/duration.ts';
import type { ObjectMeta } from '../apimachinery/meta.ts';
import type { Column } from './kind.ts';

/** Anything with metadata. */
interface Named {
  readonly metadata: ObjectMeta;
}

/** The first column of every kind. */
export const nameColumn: Column<Named> = { name: 'Name', format: 'name', cell: (o) => o.metadata.name };

/** The age column of every kind. */
export const ageColumn: Column<Named> = { name: 'Age', cell: (o, now) => age(o.metadata.creationTimestamp, now) };

/** In place of the age, the time of creation: kinds that say nothing else of themselves. */
export const createdColumn: Column<Named> = {
  name: 'Created At',
  type: 'date',
  cell: (o) => o.metadata.creationTimestamp,
};

/** Wide columns of kinds with a pod template: names and images of its containers. */
export function templateColumns<T>(templateOf: (object: T) => V1PodTemplateSpec | undefined): readonly Column<T>[] {
  const join = (object: T, field: 'name' | 'image'): string | undefined =>
    templateOf(object)
      ?.spec?.containers.map((c) => c[field] ?? '')
      .join(',') || undefined;
  return [
    { name: 'Containers', priority: 1, cell: (o) => join(o, 'name') },
    { name: 'Images', priority: 1, cell: (o) => join(o, 'image') },
  ];
}

/** At most `most` items, then how many more: `10.0.0.1:80,10.0.0.2:80 + 3 more...`. */
export function someOf(items: readonly string[], most: number): string | undefined {
  if (items.length === 0) return undefined;
  const shown = items.slice(0, most).join(',');
  return items.length > most ? `${shown} + ${items.length - most} more...` : shown;
}
