import { isReason } from '../apimachinery/index.ts';
import { cached } from '../client/index.ts';
import type { Controller } from './controller.ts';

const name = 'default';

/** Gives every namespace its ServiceAccount `default`, again when somebody deletes it. Kubernetes: pkg/controller/serviceaccount. */
export const serviceAccountController: Controller = {
  name: 'serviceaccount',
  watches: [
    { resource: 'namespaces', keys: (_c, change) => (change.type === 'DELETED' ? [] : [change.key]) },
    {
      resource: 'serviceaccounts',
      keys: (_c, { type, object }) =>
        type === 'DELETED' && object.metadata.name === name ? [object.metadata.namespace!] : [],
    },
  ],
  reconcile(c, key) {
    const namespace = cached(c.memory.caches, 'namespaces', key);
    if (!namespace || namespace.status?.phase === 'Terminating' || namespace.metadata.deletionTimestamp) return;
    if (cached(c.memory.caches, 'serviceaccounts', `${key}/${name}`)) return;
    try {
      const metadata = { name, namespace: key };
      c.client.create(
        c.ctx,
        'serviceaccounts',
        { apiVersion: 'v1', kind: 'ServiceAccount', metadata },
        { why: { code: 'serviceaccount.create' } },
      );
    } catch (error) {
      if (!isReason(error, 'AlreadyExists') && !isReason(error, 'Forbidden') && !isReason(error, 'NotFound'))
        throw error;
    }
  },
};
