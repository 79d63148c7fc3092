import type { V1CertificateSigningRequest } from '../../../generated/types.ts';
import { equal, type FieldError, forbiddenValue, invalidValue, requiredValue } from '../../apimachinery/index.ts';
import { humanDuration } from '../../apimachinery/duration.ts';
import { ageColumn, nameColumn } from '../cells.ts';
import { defineKind } from '../kind.ts';

/** `Pending`, or what was decided and done. Kubernetes: pkg/printers/internalversion extractCSRStatus. */
function condition({ status }: V1CertificateSigningRequest): string {
  const has = (type: string): boolean => status?.conditions?.some((c) => c.type === type) ?? false;
  const decided = has('Denied') ? 'Denied' : has('Approved') ? 'Approved' : 'Pending';
  return `${decided}${has('Failed') ? ',Failed' : ''}${status?.certificate ? ',Issued' : ''}`;
}

/** CertificateSigningRequest: asks for a client or server certificate. Kubernetes: pkg/registry/certificates/certificates. */
export const certificateSigningRequest = defineKind({
  group: 'certificates.k8s.io',
  version: 'v1',
  kind: 'CertificateSigningRequest',
  key: 'certificatesigningrequests.certificates.k8s.io',
  model: 'V1CertificateSigningRequest',
  shortNames: ['csr'],
  namespaced: false,
  statusSubresource: true,
  defaults(request) {
    request.status ??= {};
  },
  prepareForCreate(request) {
    // Who asks is what the API server knows of the caller: whoever uses the sandbox is its administrator.
    request.spec = {
      ...request.spec,
      username: 'kubernetes-admin',
      groups: ['system:masters', 'system:authenticated'],
    };
    request.status = {};
  },
  validate({ spec }): FieldError[] {
    const errors: FieldError[] = [];
    if (!spec?.request) errors.push(requiredValue('spec.request'));
    if (!spec?.usages?.length) errors.push(requiredValue('spec.usages'));
    if (!spec?.signerName) errors.push(requiredValue('spec.signerName'));
    else if (!spec.signerName.includes('/'))
      errors.push(
        invalidValue(
          'spec.signerName',
          spec.signerName,
          'must be a fully qualified domain and path of the form "example.com/signer-name"',
        ),
      );
    if (spec?.expirationSeconds !== undefined && spec.expirationSeconds < 600)
      errors.push(
        invalidValue(
          'spec.expirationSeconds',
          spec.expirationSeconds,
          'may not specify a duration less than 600 seconds (10 minutes)',
        ),
      );
    return errors;
  },
  validateUpdate: (next, old) =>
    equal(next.spec, old.spec)
      ? []
      : [forbiddenValue('spec', 'updates to certificate signing request specification are forbidden')],
  storedOnly: ['spec'],
  columns: [
    nameColumn,
    ageColumn,
    { name: 'SignerName', cell: (r) => r.spec?.signerName },
    { name: 'Requestor', cell: (r) => r.spec?.username },
    {
      name: 'RequestedDuration',
      cell: (r) =>
        r.spec?.expirationSeconds === undefined ? undefined : humanDuration(r.spec.expirationSeconds * 1000),
    },
    { name: 'Condition', cell: condition },
  ],
  example: {
    apiVersion: 'certificates.k8s.io/v1',
    kind: 'CertificateSigningRequest',
    metadata: { name: 'example' },
    spec: { request: 'LS0t', signerName: 'example.com/signer', usages: ['client auth'] },
  },
});
