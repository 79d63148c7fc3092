import type { V1PolicyRule } from '../../../generated/types.ts';
import type { KubeObject } from '../../apimachinery/index.ts';
import type { RoleBinding, Role } from '../../apis/index.ts';
import { annotationLines, labelLines, type Sheet } from './sheet.ts';

/** One resource or address with all that may be done with it. */
interface Line {
  readonly group: string;
  readonly resource: string;
  readonly names: readonly string[];
  readonly urls: readonly string[];
  readonly verbs: string[];
}

/** Rules taken apart and put together again, resource by resource. Kubernetes: kubectl/pkg/util/rbac CompactRules. */
function linesOf(rules: readonly V1PolicyRule[]): Line[] {
  const lines = new Map<string, Line>();
  const add = (line: Omit<Line, 'verbs'>, verbs: readonly string[]): void => {
    // Addresses are never put together: each verb has its line.
    for (const verb of verbs) {
      const key = JSON.stringify([line, line.urls.length > 0 && verb]);
      const known = lines.get(key);
      if (!known) lines.set(key, { ...line, verbs: [verb] });
      else if (!known.verbs.includes(verb)) known.verbs.push(verb);
    }
  };
  for (const { apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [], verbs } of rules) {
    for (const group of apiGroups)
      for (const resource of resources)
        for (const names of resourceNames.length > 0 ? resourceNames.map((name) => [name]) : [[]])
          add({ group, resource, names, urls: [] }, verbs);
    for (const url of nonResourceURLs) add({ group: '', resource: '', names: [], urls: [url] }, verbs);
  }
  const order = ({ group, resource, names, urls, verbs }: Line): string => {
    const list = (items: readonly string[]): string => `[${items.join(' ')}]`;
    const [groups, resources] = urls.length > 0 ? [[], []] : [[group], [resource]];
    return [verbs, groups, resources, names, urls].map(list).join();
  };
  return [...lines.values()].sort((a, b) => (order(a) < order(b) ? -1 : 1));
}

/** `deployments.apps/scale`. */
function combined({ group, resource }: Line): string {
  const [name, ...part] = resource.split('/');
  return [group ? `${name}.${group}` : name, ...part].join('/');
}

const head = (sheet: Sheet, { metadata }: KubeObject): void => {
  sheet.line(0, `Name:\t${metadata.name}`);
  labelLines(sheet, 'Labels', metadata.labels);
  annotationLines(sheet, 'Annotations', metadata.annotations);
};

/** `kubectl describe role`, and of a clusterrole. Kubernetes: RoleDescriber. */
export function describeRole(sheet: Sheet, object: KubeObject): void {
  head(sheet, object);
  sheet.line(0, 'PolicyRule:');
  sheet.line(1, 'Resources\tNon-Resource URLs\tResource Names\tVerbs');
  sheet.line(1, '---------\t-----------------\t--------------\t-----');
  for (const line of linesOf((object as unknown as Role).rules ?? []))
    sheet.line(1, `${combined(line)}\t[${line.urls.join(' ')}]\t[${line.names.join(' ')}]\t[${line.verbs.join(' ')}]`);
}

/** `kubectl describe rolebinding`, and of a clusterrolebinding. Kubernetes: RoleBindingDescriber. */
export function describeRoleBinding(sheet: Sheet, object: KubeObject): void {
  head(sheet, object);
  const { roleRef, subjects } = object as unknown as RoleBinding;
  sheet.line(0, 'Role:');
  sheet.line(1, `Kind:\t${roleRef.kind}`);
  sheet.line(1, `Name:\t${roleRef.name}`);
  sheet.line(0, 'Subjects:');
  sheet.line(1, 'Kind\tName\tNamespace');
  sheet.line(1, '----\t----\t---------');
  for (const { kind, name, namespace = '' } of subjects ?? []) sheet.line(1, `${kind}\t${name}\t${namespace}`);
}
