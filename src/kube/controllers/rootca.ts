import { isReason } from '../apimachinery/index.ts';
import { cached } from '../client/index.ts';
import type { Controller } from './controller.ts';

const name = 'kube-root-ca.crt';

/** Stands for the cluster's certificate authority: text only, nobody verifies anything with it. */
const data = {
  'ca.crt':
    '-----BEGIN CERTIFICATE-----\nMIIBSIMULATEDCLUSTERROOTCERTIFICATEAUTHORITYOFKUBARIUMNOTAKEY0==\n-----END CERTIFICATE-----\n',
};

const annotations = {
  'kubernetes.io/description':
    'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.',
};

/** Publishes the cluster's root certificate in every namespace: pods mount it. Kubernetes: pkg/controller/certificates/rootcacertpublisher. */
export const rootCaController: Controller = {
  name: 'rootca',
  watches: [
    { resource: 'namespaces', keys: (_c, change) => (change.type === 'DELETED' ? [] : [change.key]) },
    {
      resource: 'configmaps',
      keys: (_c, { type, object }) =>
        type !== 'ADDED' && object.metadata.name === name ? [object.metadata.namespace!] : [],
    },
  ],
  reconcile(c, key) {
    const namespace = cached(c.memory.caches, 'namespaces', key);
    if (!namespace || namespace.status?.phase === 'Terminating' || namespace.metadata.deletionTimestamp) return;
    const why = { code: 'rootca.publish' } as const;
    const existing = cached(c.memory.caches, 'configmaps', `${key}/${name}`);
    try {
      if (!existing) {
        const metadata = { name, namespace: key, annotations };
        c.client.create(c.ctx, 'configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata, data }, { why });
      } else if (existing.data?.['ca.crt'] !== data['ca.crt'] || Object.keys(existing.data ?? {}).length !== 1)
        c.client.update(c.ctx, 'configmaps', { ...existing, data }, { why });
    } catch (error) {
      if (!isReason(error, 'AlreadyExists') && !isReason(error, 'Forbidden') && !isReason(error, 'NotFound'))
        throw error;
    }
  },
};
