import { equal, type FieldError, forbiddenValue, invalidValue, requiredValue } from '../../apimachinery/index.ts';
import { ageColumn, nameColumn } from '../cells.ts';
import { defineKind } from '../kind.ts';

const isCidr = (text: string): boolean => /^(\d{1,3}(\.\d{1,3}){3}\/\d{1,2}|[0-9a-f:]+\/\d{1,3})$/i.test(text);

/** ServiceCIDR: a range of addresses for Services. Kubernetes: pkg/registry/networking/servicecidr. */
export const serviceCidr = defineKind({
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'ServiceCIDR',
  key: 'servicecidrs.networking.k8s.io',
  model: 'V1ServiceCIDR',
  namespaced: false,
  statusSubresource: true,
  generation: true,
  defaults(range) {
    range.spec ??= {};
    range.status ??= {};
  },
  validate({ spec }): FieldError[] {
    const cidrs = spec?.cidrs ?? [];
    if (cidrs.length === 0) return [requiredValue('spec.cidrs', 'at least one CIDR required')];
    if (cidrs.length > 2) return [invalidValue('spec', { cidrs }, 'may only hold up to 2 values')];
    return cidrs.flatMap((cidr, i) =>
      isCidr(cidr)
        ? []
        : [invalidValue(`spec.cidrs[${i}]`, cidr, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)')],
    );
  },
  validateUpdate: (next, old) =>
    equal(next.spec?.cidrs, old.spec?.cidrs) ? [] : [forbiddenValue('spec.cidrs', 'field is immutable')],
  storedOnly: ['spec'],
  columns: [nameColumn, { name: 'CIDRs', cell: (r) => r.spec?.cidrs?.join(',') }, ageColumn],
  example: {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'ServiceCIDR',
    metadata: { name: 'example' },
    spec: { cidrs: ['10.100.0.0/16'] },
  },
});
