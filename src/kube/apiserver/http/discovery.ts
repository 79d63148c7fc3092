import type { Catalogue } from '../../apis/catalogue.ts';
import { reviews } from '../authorization/reviews.ts';
import type { AnyKind } from '../../apis/kind.ts';
import type { CustomKind } from '../../apis/apiextensions/customkind.ts';
import { compareVersions } from '../../apis/apiextensions/versions.ts';

/** One resource or subresource, as discovery tells it. */
interface Served {
  /** `pods`, `pods/status`. */
  readonly name: string;
  readonly singularName: string;
  readonly namespaced: boolean;
  /** Group and version of what is sent, where they are not the address's own. */
  readonly group?: string;
  readonly version?: string;
  readonly kind: string;
  readonly verbs: readonly string[];
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

const allVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'] as const;
/** In the order in which a real server tells them. */
const customVerbs = ({ terminating }: CustomKind): readonly string[] => [
  'delete',
  'deletecollection',
  'get',
  'list',
  ...(terminating ? [] : ['patch', 'create', 'update']),
  'watch',
];
const partVerbs = ['get', 'patch', 'update'] as const;

const connectVerbs = ['create', 'get'] as const;
const proxyVerbs = ['create', 'delete', 'get', 'patch', 'update'] as const;

/** Subresources beside `status` and `scale`, by the kind's key: they have no objects of their own to list. */
const partsOf: Readonly<Record<string, readonly Omit<Served, 'namespaced' | 'singularName'>[]>> = {
  'certificatesigningrequests.certificates.k8s.io': [
    { name: 'certificatesigningrequests/approval', kind: 'CertificateSigningRequest', verbs: partVerbs },
  ],
  namespaces: [{ name: 'namespaces/finalize', kind: 'Namespace', verbs: ['update'] }],
  nodes: [{ name: 'nodes/proxy', kind: 'NodeProxyOptions', verbs: proxyVerbs }],
  pods: [
    { name: 'pods/attach', kind: 'PodAttachOptions', verbs: connectVerbs },
    { name: 'pods/binding', kind: 'Binding', verbs: ['create'] },
    { name: 'pods/ephemeralcontainers', kind: 'Pod', verbs: partVerbs },
    { name: 'pods/eviction', group: 'policy', version: 'v1', kind: 'Eviction', verbs: ['create'] },
    { name: 'pods/exec', kind: 'PodExecOptions', verbs: connectVerbs },
    { name: 'pods/log', kind: 'Pod', verbs: ['get'] },
    { name: 'pods/portforward', kind: 'PodPortForwardOptions', verbs: connectVerbs },
    { name: 'pods/proxy', kind: 'PodProxyOptions', verbs: proxyVerbs },
  ],
  serviceaccounts: [
    {
      name: 'serviceaccounts/token',
      group: 'authentication.k8s.io',
      version: 'v1',
      kind: 'TokenRequest',
      verbs: ['create'],
    },
  ],
  services: [{ name: 'services/proxy', kind: 'ServiceProxyOptions', verbs: proxyVerbs }],
};

/** A kind and its subresources, in order of their names. */
function servedOf(kind: AnyKind): Served[] {
  const { resource, namespaced } = kind;
  const verbs =
    kind.key === 'namespaces'
      ? allVerbs.filter((verb) => verb !== 'deletecollection')
      : ((kind.custom && customVerbs(kind.custom)) ?? allVerbs);
  const parts: Served[] = [
    {
      name: resource,
      singularName: kind.singular,
      namespaced,
      kind: kind.kind,
      verbs,
      ...(kind.shortNames.length > 0 && { shortNames: kind.shortNames }),
      ...(kind.categories.length > 0 && { categories: kind.categories }),
    },
  ];
  const part = (given: Omit<Served, 'namespaced' | 'singularName'>): void => {
    parts.push({ singularName: '', namespaced, ...given });
  };
  for (const each of partsOf[kind.key] ?? []) part(each);
  if (kind.scale)
    part({ name: `${resource}/scale`, group: 'autoscaling', version: 'v1', kind: 'Scale', verbs: partVerbs });
  if (kind.statusSubresource) part({ name: `${resource}/status`, kind: kind.kind, verbs: partVerbs });
  return parts;
}

const byName = (a: Served, b: Served): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

/** Kinds of the groups that others than the API server serve. `key` is what a request names. */
export const aggregatedKinds = [
  {
    group: 'metrics.k8s.io',
    version: 'v1beta1',
    resource: 'nodes',
    key: 'nodes.metrics.k8s.io',
    kind: 'NodeMetrics',
    namespaced: false,
  },
  {
    group: 'metrics.k8s.io',
    version: 'v1beta1',
    resource: 'pods',
    key: 'pods.metrics.k8s.io',
    kind: 'PodMetrics',
    namespaced: true,
  },
] as const;

/** Groups in the order in which a real server lists them: by priority, which is the order of its own table. */
const groupOrder = [
  '',
  'apiregistration.k8s.io',
  'apps',
  'events.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'networking.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'storage.k8s.io',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'scheduling.k8s.io',
  'coordination.k8s.io',
  'node.k8s.io',
  'discovery.k8s.io',
  'flowcontrol.apiserver.k8s.io',
];
const rank = (group: string): number => {
  const at = groupOrder.indexOf(group);
  return at < 0 ? groupOrder.length : at;
};

/** Group → version → what it serves. */
type Groups = ReadonlyMap<string, ReadonlyMap<string, readonly Served[]>>;

/** A pure cache: a catalogue never changes. */
const known = new WeakMap<Catalogue, Groups>();

function groupsOf(catalogue: Catalogue): Groups {
  let groups = known.get(catalogue);
  if (!groups) known.set(catalogue, (groups = grouped(catalogue)));
  return groups;
}

function grouped({ all }: Catalogue): Groups {
  const groups = new Map<string, Map<string, Served[]>>();
  const versionsOf = (group: string): Map<string, Served[]> => {
    let versions = groups.get(group);
    if (!versions) groups.set(group, (versions = new Map<string, Served[]>()));
    return versions;
  };
  for (const kind of all.toSorted((a, b) => rank(a.group) - rank(b.group) || newestFirst(a, b))) {
    const versions = versionsOf(kind.group);
    versions.set(kind.version, [...(versions.get(kind.version) ?? []), ...servedOf(kind)].sort(byName));
  }
  for (const { group, version, resource, kind, namespaced } of reviews) {
    const versions = versionsOf(group);
    const served: Served = { name: resource, singularName: kind.toLowerCase(), namespaced, kind, verbs: ['create'] };
    versions.set(version, [...(versions.get(version) ?? []), served].sort(byName));
  }
  for (const { group, version, resource, kind, namespaced } of aggregatedKinds) {
    const versions = versionsOf(group);
    const served: Served = { name: resource, singularName: '', namespaced, kind, verbs: ['get', 'list'] };
    versions.set(version, [...(versions.get(version) ?? []), served]);
  }
  return new Map([...groups].sort(([a], [b]) => rank(a) - rank(b)));
}

/** Custom kinds of a group in order of their versions; built-in ones stay in the order of the list. */
const newestFirst = (a: AnyKind, b: AnyKind): number =>
  a.custom && b.custom && a.group === b.group ? compareVersions(b.version, a.version) : 0;

const groupVersion = (group: string, version: string): string => (group ? `${group}/${version}` : version);

/** `/api`: the versions of the core group. */
export const coreVersions = (): object => ({
  kind: 'APIVersions',
  versions: ['v1'],
  serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: '127.0.0.1:6443' }],
});

const groupOf = (groups: Groups, group: string): object => {
  const versions = [...groups.get(group)!.keys()].map((version) => ({
    groupVersion: groupVersion(group, version),
    version,
  }));
  return { name: group, versions, preferredVersion: versions[0] };
};

/** `/apis`: the groups. */
export function groupList(catalogue: Catalogue): object {
  const groups = groupsOf(catalogue);
  const names = [...groups.keys()].filter((group) => group !== '');
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: names.map((group) => groupOf(groups, group)) };
}

/** `/apis/apps`: one group, or undefined. */
export function groupDocument(catalogue: Catalogue, group: string): object | undefined {
  const groups = groupsOf(catalogue);
  return group !== '' && groups.has(group)
    ? { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(groups, group) }
    : undefined;
}

/** `/api/v1`, `/apis/apps/v1`: the resources of a version, or undefined. */
export function resourceList(catalogue: Catalogue, group: string, version: string): object | undefined {
  const resources = groupsOf(catalogue).get(group)?.get(version);
  if (!resources) return undefined;
  return {
    kind: 'APIResourceList',
    ...(group !== '' && { apiVersion: 'v1' }),
    groupVersion: groupVersion(group, version),
    resources,
  };
}

/** The same in one document for all groups: what clients since 1.26 ask for. Kubernetes: apidiscovery.k8s.io/v2. */
export function aggregated(catalogue: Catalogue, core: boolean): object {
  const items = [...groupsOf(catalogue)]
    .filter(([group]) => (group === '') === core)
    .map(([group, versions]) => ({
      metadata: { name: group, creationTimestamp: null },
      versions: [...versions].map(([version, served]) => ({
        version,
        resources: aggregatedResources(group, version, served),
        freshness: 'Current',
      })),
    }));
  return { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items };
}

function aggregatedResources(group: string, version: string, served: readonly Served[]): object[] {
  const responseKind = (s: Served): object => ({
    group: s.group ?? group,
    version: s.version ?? version,
    kind: s.kind,
  });
  return served
    .filter(({ name }) => !name.includes('/'))
    .map((s) => {
      const parts = served.filter(({ name }) => name.startsWith(`${s.name}/`));
      return {
        resource: s.name,
        responseKind: responseKind(s),
        scope: s.namespaced ? 'Namespaced' : 'Cluster',
        singularResource: s.singularName,
        verbs: s.verbs,
        ...(s.shortNames && { shortNames: s.shortNames }),
        ...(s.categories && { categories: s.categories }),
        ...(parts.length > 0 && {
          subresources: parts.map((part) => ({
            subresource: part.name.slice(s.name.length + 1),
            responseKind: responseKind(part),
            verbs: part.verbs,
          })),
        }),
      };
    });
}
