import type { V1PersistentVolumeClaimSpec } from '../../../generated/types.ts';
import { unifiedDiff } from '../../apimachinery/unified-diff.ts';

interface Source {
  readonly apiGroup?: string | undefined;
  readonly kind: string;
  readonly name: string;
}

const sourceOf = (source: Source | undefined): object | null =>
  source ? { APIGroup: source.apiGroup ?? null, Kind: source.kind, Name: source.name } : null;

/** A claim's spec as Go prints its internal type: fields under Go's names, what was not set as null. */
const printed = (spec: V1PersistentVolumeClaimSpec): string =>
  JSON.stringify(
    {
      AccessModes: spec.accessModes ?? null,
      Selector: spec.selector ?? null,
      Resources: { Limits: spec.resources?.limits ?? null, Requests: spec.resources?.requests ?? null },
      VolumeName: spec.volumeName ?? '',
      StorageClassName: spec.storageClassName ?? null,
      VolumeMode: spec.volumeMode ?? null,
      DataSource: sourceOf(spec.dataSource),
      DataSourceRef: spec.dataSourceRef
        ? { ...sourceOf(spec.dataSourceRef), Namespace: spec.dataSourceRef.namespace ?? null }
        : null,
      VolumeAttributesClassName: spec.volumeAttributesClassName ?? null,
    },
    null,
    1,
  );

/** What a refused change of a claim would have changed. Kubernetes: apimachinery/pkg/util/diff Diff. */
export const claimDiff = (from: V1PersistentVolumeClaimSpec, to: V1PersistentVolumeClaimSpec): string =>
  unifiedDiff(`${printed(from)}\n`, `${printed(to)}\n`);
