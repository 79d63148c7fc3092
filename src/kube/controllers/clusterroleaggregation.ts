import type { V1PolicyRule } from '../../generated/types.ts';
import { equal, isReason, matchesLabels, selectorOf } from '../apimachinery/index.ts';
import type { ClusterRole } from '../apis/index.ts';
import { cached, cachedAll } from '../client/index.ts';
import type { Controller } from './controller.ts';

const resource = 'clusterroles.rbac.authorization.k8s.io';

/** The rules of the roles that are selected, selector by selector, each once, in order of the roles' names. */
function gathered(role: ClusterRole, all: Iterable<ClusterRole>): V1PolicyRule[] {
  const roles = [...all].sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  const rules: V1PolicyRule[] = [];
  for (const given of role.aggregationRule?.clusterRoleSelectors ?? []) {
    const selector = selectorOf(given);
    for (const { metadata, rules: some } of roles) {
      if (metadata.name === role.metadata.name || !matchesLabels(selector, metadata.labels)) continue;
      for (const rule of some ?? []) if (!rules.some((known) => equal(known, rule))) rules.push(rule);
    }
  }
  return rules;
}

/** Fills in the rules of the roles that are put together from others. Kubernetes: pkg/controller/clusterroleaggregation. */
export const clusterRoleAggregation: Controller = {
  name: 'clusterrole-aggregation',
  watches: [
    {
      resource,
      keys: (c) =>
        [...cachedAll(c.memory.caches, resource)].filter((r) => r.aggregationRule).map((r) => r.metadata.name),
    },
  ],
  reconcile(c, key) {
    const role = cached(c.memory.caches, resource, key);
    if (!role?.aggregationRule || role.metadata.deletionTimestamp) return;
    const rules = gathered(role, cachedAll(c.memory.caches, resource));
    if (equal(rules, role.rules ?? [])) return;
    try {
      c.client.update(c.ctx, resource, { ...role, rules }, { why: { code: 'clusterrole.aggregate' } });
    } catch (error) {
      if (!isReason(error, 'NotFound')) throw error;
    }
  },
};
