import type { V1CustomResourceDefinition } from '../../generated/types.ts';
import type { KubeObject } from '../../protocol/index.ts';
import type { Translate } from '../i18n/index.ts';
import { byName, leafItem, refOf, systemNamespaces, type OutlineItem, type OutlineSource } from './outline-item.ts';

const definitions = 'customresourcedefinitions.apiextensions.k8s.io';

/** Kinds that have no place of their own on the stage: the outline is where they are found. */
const listed = {
  config: [
    { resource: 'configmaps', icon: 'config' },
    { resource: 'secrets', icon: 'secret' },
  ],
  access: [
    { resource: 'serviceaccounts', icon: 'account' },
    { resource: 'roles.rbac.authorization.k8s.io', icon: 'role' },
    { resource: 'clusterroles.rbac.authorization.k8s.io', icon: 'role' },
    { resource: 'rolebindings.rbac.authorization.k8s.io', icon: 'binding' },
    { resource: 'clusterrolebindings.rbac.authorization.k8s.io', icon: 'binding' },
  ],
} as const;

/** What every cluster and every namespace has of itself says nothing about this one. */
const isGiven = ({ kind, metadata: { name, namespace, labels } }: KubeObject): boolean =>
  systemNamespaces.has(namespace ?? '') ||
  labels?.['kubernetes.io/bootstrapping'] !== undefined ||
  (kind === 'ConfigMap' && name === 'kube-root-ca.crt') ||
  (kind === 'ServiceAccount' && name === 'default');

/** `get list: pods`, `Role reader`, `2 keys`: the few words that fit beside a name. */
function wordOf(object: KubeObject, t: Translate): string {
  const { kind } = object;
  if (kind === 'ConfigMap' || kind === 'Secret')
    return t('outline.keys', {
      count: Object.keys({ ...(object['data'] as object), ...(object['binaryData'] as object) }).length,
    });
  return '';
}

const leaf = (
  t: Translate,
  resource: string,
  object: KubeObject,
  icon: OutlineItem['icon'],
  level: number,
): OutlineItem => {
  const { kind, metadata } = object;
  const word = wordOf(object, t);
  const label = t('outline.rule', { kind, name: metadata.name, word }).trim();
  return leafItem(resource, object, { level, label, word: word || kind, icon });
};

/** ConfigMaps and Secrets, or who may do what: without what a cluster has of itself. */
export function listedItems(source: OutlineSource, t: Translate, group: keyof typeof listed): OutlineItem[] {
  return listed[group].flatMap(({ resource, icon }) =>
    [...source.of(resource).values()]
      .filter((object) => !isGiven(object))
      .sort(byName)
      .map((object) => leaf(t, resource, object, icon, 2)),
  );
}

/** The kinds that the cluster was taught, each with its objects. */
export function customItems(source: OutlineSource, t: Translate): OutlineItem[] {
  return [...source.of(definitions).values()].sort(byName).map((object): OutlineItem => {
    const { kind } = (object as unknown as V1CustomResourceDefinition).spec.names;
    const { name } = object.metadata;
    const children = [...source.of(name).values()]
      .sort(byName)
      .map((own) => ({ ...leaf(t, name, own, 'custom', 3), word: '' }));
    return {
      id: object.metadata.uid,
      level: 2,
      label: t('outline.definition', { name, kind, count: children.length }),
      name: kind,
      word: String(children.length),
      icon: 'definition',
      ref: refOf(definitions, object),
      children,
      open: true,
    };
  });
}
