import { badRequest } from './status.ts';

/** One term of a field selector: `status.phase!=Running`. */
export interface FieldTerm {
  readonly path: string;
  /** The path, split once. */
  readonly steps: readonly string[];
  readonly equal: boolean;
  readonly value: string;
}

/** All terms must hold. Empty selects everything. */
export type FieldSelector = readonly FieldTerm[];

/** Fields that every kind can be selected by. */
const common = ['metadata.name', 'metadata.namespace'] as const;

/** Fields by which a kind (by resource key) can be selected beside its name and namespace. Kubernetes: each kind's GetAttrs. */
const selectable: Readonly<Record<string, readonly string[]>> = {
  pods: [
    'spec.nodeName',
    'spec.restartPolicy',
    'spec.schedulerName',
    'spec.serviceAccountName',
    'spec.hostNetwork',
    'status.phase',
    'status.podIP',
    'status.podIPs',
    'status.nominatedNodeName',
  ],
  nodes: ['spec.unschedulable'],
  namespaces: ['status.phase', 'name'],
  secrets: ['type'],
  services: ['spec.clusterIP', 'spec.type'],
  events: [
    'involvedObject.kind',
    'involvedObject.namespace',
    'involvedObject.name',
    'involvedObject.uid',
    'involvedObject.apiVersion',
    'involvedObject.resourceVersion',
    'involvedObject.fieldPath',
    'reason',
    'reportingComponent',
    'source',
    'type',
  ],
  'jobs.batch': ['status.successful'],
  'replicasets.apps': ['status.replicas'],
  replicationcontrollers: ['status.replicas'],
  'certificatesigningrequests.certificates.k8s.io': ['spec.signerName'],
};

/**
 * Reads `a=b,c!=d` (`==` too; `\\,` `\\=` `\\\\` are escapes), for a kind when its resource key is given; `more` are the
 * fields that a custom kind declares.
 * Throws BadRequest in Kubernetes' words for syntax errors and for fields that the kind cannot be selected by.
 */
export function parseFieldSelector(text: string, resource?: string, more?: readonly string[]): FieldSelector {
  const terms: FieldTerm[] = [];
  for (const part of splitTerms(text)) {
    if (part === '') continue;
    const match = /^((?:[^=!\\]|\\.)*)(!=|==|=)(.*)$/s.exec(part);
    if (!match) throw badRequest(`invalid selector: '${text}'; can't understand '${part}'`);
    const path = match[1]!;
    if (resource !== undefined) checkField(path, resource, more);
    terms.push({ path, steps: path.split('.'), equal: match[2] !== '!=', value: match[3]!.replace(/\\(.)/gs, '$1') });
  }
  return terms;
}

function checkField(path: string, resource: string, more: readonly string[] | undefined): void {
  const own = Object.hasOwn(selectable, resource) ? selectable[resource] : more;
  if ((common as readonly string[]).includes(path) || own?.includes(path)) return;
  throw badRequest(
    own
      ? `field label not supported: ${path}`
      : `"${path}" is not a known field selector: only "metadata.name", "metadata.namespace"`,
  );
}

function splitTerms(text: string): string[] {
  const parts: string[] = [];
  let part = '';
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '\\' && i + 1 < text.length) part += text[i]! + text[++i]!;
    else if (text[i] === ',') {
      parts.push(part);
      part = '';
    } else part += text[i];
  }
  parts.push(part);
  return parts;
}

/** The text of a field as selectors compare it: absent is '', or 'false' for a flag; booleans and numbers as text. */
function fieldText(object: unknown, { path, steps }: Pick<FieldTerm, 'path' | 'steps'>): string {
  if (path === 'name') return fieldText(object, { path: 'metadata.name', steps: ['metadata', 'name'] });
  if (path === 'source') {
    const component = fieldText(object, { path: '', steps: ['source', 'component'] });
    return component || fieldText(object, { path: '', steps: ['reportingComponent'] });
  }
  let value: unknown = object;
  for (const step of steps) {
    if (value === null || typeof value !== 'object') break;
    value = (value as Record<string, unknown>)[step];
  }
  if (value === undefined || value === null) {
    return path === 'spec.unschedulable' || path === 'spec.hostNetwork' ? 'false' : '';
  }
  return typeof value === 'object' ? '' : String(value);
}

/** True when every term holds for the object. */
export function matchesFields(selector: FieldSelector, object: unknown): boolean {
  for (const term of selector) if ((fieldText(object, term) === term.value) !== term.equal) return false;
  return true;
}
