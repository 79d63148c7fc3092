import type { V1ObjectMeta, V1PodSpec } from '../../../../generated/types.ts';
import {
  equal,
  forbidden,
  invalid,
  invalidValue,
  type FieldError,
  type KubeObject,
} from '../../../apimachinery/index.ts';
import { range, read } from '../../../etcd/etcd.ts';
import type { Call } from '../../call.ts';
import { checks, type Finding, type Subject } from './checks.ts';

type Level = 'privileged' | 'baseline' | 'restricted';

/** What a namespace asks of its pods in one mode: a level of the Pod Security Standards, in the form of a version. */
interface Standard {
  readonly level: Level;
  /** `latest`, `v1.30`. */
  readonly version: string;
}

interface Policy {
  readonly enforce: Standard;
  readonly audit: Standard;
  readonly warn: Standard;
}

const levels: readonly string[] = ['privileged', 'baseline', 'restricted'];
const isVersion = (version: string): boolean => version === 'latest' || /^v1\.(\d|[1-9]\d*)$/.test(version);
const labelOf = (mode: string): string => `pod-security.kubernetes.io/${mode}`;

/** A level that cannot be read is the strictest when it is enforced, and the mildest otherwise. */
function standardOf(labels: Readonly<Record<string, string>>, mode: string): Standard {
  const level = labels[labelOf(mode)] ?? 'privileged';
  const version = labels[labelOf(`${mode}-version`)] ?? 'latest';
  const fallback = mode === 'enforce' ? 'restricted' : 'privileged';
  return {
    level: (levels.includes(level) ? level : fallback) as Level,
    version: isVersion(version) ? version : 'latest',
  };
}

/** A pure cache; null for a namespace that asks for nothing. */
const known = new WeakMap<KubeObject, Policy | null>();

function policyOf(namespace: KubeObject): Policy | null {
  let policy = known.get(namespace);
  if (policy === undefined) {
    const { labels = {} } = namespace.metadata;
    const all = {
      enforce: standardOf(labels, 'enforce'),
      audit: standardOf(labels, 'audit'),
      warn: standardOf(labels, 'warn'),
    };
    policy = Object.values(all).some(({ level }) => level !== 'privileged') ? all : null;
    known.set(namespace, policy);
  }
  return policy;
}

const nameOf = ({ level, version }: Standard): string => JSON.stringify(`${level}:${version}`);

function findings(subject: Subject, { level, version }: Standard): Finding[] {
  if (level === 'privileged') return [];
  const minor = version === 'latest' ? Infinity : Number(version.slice('v1.'.length));
  return checks.flatMap((check) => {
    const counts = check.level === 'baseline' || level === 'restricted';
    if (!counts || (check.replaced && level === 'restricted') || minor < (check.since ?? 0)) return [];
    return check.find(subject, minor) ?? [];
  });
}

const detailOf = (found: readonly Finding[]): string =>
  found.map(({ reason, detail }) => `${reason} (${detail})`).join(', ');

/** Kinds that make pods, with the way to their template. */
const templates: Readonly<Record<string, (object: KubeObject) => Partial<Subject> | undefined>> = {
  podtemplates: (object) => object['template'] as Partial<Subject>,
  'cronjobs.batch': (object) =>
    (object['spec'] as { jobTemplate?: { spec?: { template?: Partial<Subject> } } } | undefined)?.jobTemplate?.spec
      ?.template,
  ...Object.fromEntries(
    [
      'replicationcontrollers',
      'replicasets.apps',
      'deployments.apps',
      'statefulsets.apps',
      'daemonsets.apps',
      'jobs.batch',
    ].map((key) => [
      key,
      (object: KubeObject) => (object['spec'] as { template?: Partial<Subject> } | undefined)?.template,
    ]),
  ),
};

/**
 * Holds a new or changed object to what its namespace's labels ask: pods may be refused, kinds that make pods are only warned
 * of. Kubernetes: plugin/pkg/admission/security/podsecurity, k8s.io/pod-security-admission.
 */
export function checkPodSecurity(call: Call, object: KubeObject, old?: KubeObject): void {
  const { key } = call.kind;
  if (key === 'namespaces') return checkNamespace(call, object, old);
  const isPod = key === 'pods';
  if (!isPod && !Object.hasOwn(templates, key)) return;
  const namespace = read(call.etcd, 'namespaces', object.metadata.namespace!);
  const policy = namespace && policyOf(namespace);
  if (!policy) return;
  if (isPod && old && !isSignificant(object, old)) return;
  const template = isPod ? { metadata: object.metadata, spec: object['spec'] } : templates[key]!(object);
  const spec = template?.spec as V1PodSpec | undefined;
  if (!spec?.containers) return;
  const subject: Subject = { metadata: template!.metadata as V1ObjectMeta | undefined, spec };
  if (isPod) {
    const found = findings(subject, policy.enforce);
    if (found.length > 0)
      throw forbidden(
        '',
        'pods',
        object.metadata.name,
        `violates PodSecurity ${nameOf(policy.enforce)}: ${detailOf(found)}`,
      );
  }
  const warned = findings(subject, policy.warn);
  if (warned.length > 0) call.warnings.push(`would violate PodSecurity ${nameOf(policy.warn)}: ${detailOf(warned)}`);
}

/** Only other images, or other containers, make a changed pod another one. */
function isSignificant(pod: KubeObject, old: KubeObject): boolean {
  const images = (of: KubeObject): unknown => {
    const { containers, initContainers = [], ephemeralContainers = [] } = of['spec'] as V1PodSpec;
    return [containers, initContainers, ephemeralContainers].map((list) =>
      list.map(({ name, image }) => [name, image]),
    );
  };
  return pod['spec'] !== old['spec'] && !equal(images(pod), images(old));
}

/** Refuses labels that mean nothing, and tells which pods a stricter level would refuse. */
function checkNamespace(call: Call, namespace: KubeObject, old?: KubeObject): void {
  const labels = namespace.metadata.labels ?? {};
  const before = old?.metadata.labels ?? {};
  const errors: FieldError[] = [];
  for (const mode of ['enforce', 'audit', 'warn']) {
    const [level, version] = [labels[labelOf(mode)], labels[labelOf(`${mode}-version`)]];
    const refuse = (label: string, value: string, sentence: string): void =>
      void (before[label] !== value && errors.push(invalidValue(`metadata.labels[${label}]`, value, sentence)));
    if (level !== undefined && !levels.includes(level))
      refuse(labelOf(mode), level, `must be one of ${levels.join(', ')}`);
    if (version !== undefined && !isVersion(version))
      refuse(labelOf(`${mode}-version`), version, 'must be "latest" or "v1.x"');
  }
  if (errors.length > 0) throw invalid('', 'Namespace', namespace.metadata.name, errors);
  if (!old) return;
  const next = standardOf(labels, 'enforce');
  const was = standardOf(before, 'enforce');
  const isMilder = next.version === was.version && levels.indexOf(next.level) <= levels.indexOf(was.level);
  if (next.level === 'privileged' || isMilder) return;
  call.warnings.push(...warningsOf(call, namespace.metadata.name, next));
}

function warningsOf(call: Call, namespace: string, standard: Standard): string[] {
  const byReasons = new Map<string, string[]>();
  for (const pod of range(call.etcd, 'pods').values()) {
    if (pod.metadata.namespace !== namespace) continue;
    const found = findings({ metadata: pod.metadata, spec: pod['spec'] as V1PodSpec }, standard);
    if (found.length === 0) continue;
    const reasons = found.map(({ reason }) => reason).join(', ');
    byReasons.set(reasons, [...(byReasons.get(reasons) ?? []), pod.metadata.name]);
  }
  if (byReasons.size === 0) return [];
  const lines = [...byReasons].map(([reasons, names]) => {
    const [first, ...others] = names.sort();
    const more = others.length === 0 ? '' : ` (and ${others.length} other pod${others.length === 1 ? '' : 's'})`;
    return `${first}${more}: ${reasons}`;
  });
  const head = `existing pods in namespace ${JSON.stringify(namespace)} violate the new PodSecurity enforce level ${nameOf(standard)}`;
  return [head, ...lines.sort()];
}
