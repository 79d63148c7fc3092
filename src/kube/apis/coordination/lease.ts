import { invalidValue } from '../../apimachinery/index.ts';
import { ageColumn, nameColumn } from '../cells.ts';
import { defineKind } from '../kind.ts';
import { sentences } from '../validation/basics.ts';

/** Lease. Kubernetes: pkg/registry/coordination/lease. */
export const lease = defineKind({
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  key: 'leases.coordination.k8s.io',
  model: 'V1Lease',
  validate({ spec }) {
    const seconds = spec?.leaseDurationSeconds;
    return seconds !== undefined && seconds <= 0
      ? [invalidValue('spec.leaseDurationSeconds', seconds, sentences.positive)]
      : [];
  },
  storedOnly: ['spec.preferredHolder', 'spec.strategy'],
  columns: [nameColumn, { name: 'Holder', cell: (l) => l.spec?.holderIdentity }, ageColumn],
  example: { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'example' } },
});
