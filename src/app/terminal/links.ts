import type { ILink, Terminal } from '@xterm/xterm';
import { cluster, type Located } from '../stores/cluster.ts';
import { select } from '../stores/selection.ts';

/** Words that may be names of objects, alone or behind their kind. */
const word = /[A-Za-z0-9][A-Za-z0-9.-]*(?:\/[a-z0-9][a-z0-9.-]*)?/g;

/** Kinds in the order in which a bare name is understood: what a table of the last line lists comes before them. */
const order = [
  'pods',
  'deployments.apps',
  'services',
  'replicasets.apps',
  'statefulsets.apps',
  'daemonsets.apps',
  'nodes',
];

/** Resource of a word that names a kind: `pods`, `po`, `deployment.apps`, `Deployment`. */
function resourceOf(kind: string): string | undefined {
  const lower = kind.toLowerCase();
  for (const resource of cluster.objects.keys()) {
    const plural = resource.split('.')[0]!;
    const dot = lower.indexOf('.');
    const bare = dot < 0 ? lower : lower.slice(0, dot);
    if (resource === lower || plural === bare || plural === `${bare}s` || plural === `${bare}es`) return resource;
    if (plural === bare.replace(/y$/, 'ies')) return resource;
    if (shortNames[bare] === plural) return resource;
  }
  return undefined;
}

/** Short names of what is looked at most. */
const shortNames: Readonly<Record<string, string>> = {
  po: 'pods',
  deploy: 'deployments',
  rs: 'replicasets',
  sts: 'statefulsets',
  ds: 'daemonsets',
  svc: 'services',
  no: 'nodes',
  cm: 'configmaps',
  ns: 'namespaces',
  ing: 'ingresses',
  hpa: 'horizontalpodautoscalers',
  netpol: 'networkpolicies',
  cj: 'cronjobs',
  ep: 'endpoints',
  pvc: 'persistentvolumeclaims',
  pv: 'persistentvolumes',
  sa: 'serviceaccounts',
  pdb: 'poddisruptionbudgets',
};

/** The object of a name within a resource, in whatever namespace it is first found. */
function inResource(resource: string, name: string): Located | undefined {
  const objects = cluster.objects.get(resource);
  if (!objects) return undefined;
  const near = objects.get(`default/${name}`) ?? objects.get(name);
  if (near) return cluster.byUid.get(near.metadata.uid);
  for (const object of objects.values())
    if (object.metadata.name === name) return cluster.byUid.get(object.metadata.uid);
  return undefined;
}

/** The object that a word of the output names. `subject` is the line that was run last: it tells which kind its table lists. */
export function objectNamed(text: string, subject: string): Located | undefined {
  const slash = text.indexOf('/');
  if (slash > 0) {
    const resource = resourceOf(text.slice(0, slash));
    return resource === undefined ? undefined : inResource(resource, text.slice(slash + 1));
  }
  // Names are lower case; figures alone are none.
  if (!/^[a-z0-9.-]*[a-z][a-z0-9.-]*$/.test(text)) return undefined;
  const listed = subject
    .split(/[\s,]+/)
    .flatMap((part) => resourceOf(part) ?? [])
    .slice(0, 3);
  for (const resource of [...listed, ...order]) {
    const found = inResource(resource, text);
    if (found) return found;
  }
  return undefined;
}

/** Names of objects in the output become links: a click selects the object everywhere. */
export function nameLinks(term: Terminal, subject: () => string): void {
  term.registerLinkProvider({
    provideLinks(y, give) {
      const line = term.buffer.active.getLine(y - 1)?.translateToString(true) ?? '';
      const links = [...line.matchAll(word)].flatMap((match): ILink[] => {
        const [text] = match;
        const found = objectNamed(text, subject());
        if (!found) return [];
        return [
          {
            text,
            range: { start: { x: match.index + 1, y }, end: { x: match.index + text.length, y } },
            activate: () => select({ resource: found.resource, key: found.key, uid: found.object.metadata.uid }),
          },
        ];
      });
      give(links);
    },
  });
}
