import type { V1Container, V1PodSpec, V1PodTemplateSpec } from '../../../generated/types.ts';

/** Fields in the order of the API server's internal types; behind `=` what stands for a missing one instead of null. */
const fieldsOf = (list: string): readonly (readonly [string, unknown])[] =>
  list.split(' ').map((item) => {
    const [name = '', zero] = item.split('=');
    return [name, zero === undefined ? null : (JSON.parse(zero) as unknown)] as const;
  });

const containerFields = fieldsOf(
  'name="" image="" command args workingDir="" ports envFrom env resources resizePolicy restartPolicy restartPolicyRules ' +
    'volumeMounts volumeDevices livenessProbe readinessProbe startupProbe lifecycle terminationMessagePath="" ' +
    'terminationMessagePolicy="" imagePullPolicy="" securityContext stdin=false stdinOnce=false tty=false',
);
const specFields = fieldsOf(
  'volumes initContainers containers ephemeralContainers restartPolicy="" terminationGracePeriodSeconds ' +
    'activeDeadlineSeconds dnsPolicy="" nodeSelector serviceAccountName="" automountServiceAccountToken nodeName="" ' +
    'securityContext imagePullSecrets hostname="" subdomain="" setHostnameAsFQDN affinity schedulerName="" tolerations ' +
    'hostAliases priorityClassName="" priority preemptionPolicy dnsConfig readinessGates runtimeClassName overhead ' +
    'enableServiceLinks topologySpreadConstraints os schedulingGates resourceClaims resources hostnameOverride schedulingGroup',
);
const contextFields = fieldsOf(
  'hostNetwork=false hostPID=false hostIPC=false shareProcessNamespace hostUsers seLinuxOptions windowsOptions runAsUser ' +
    'runAsGroup runAsNonRoot supplementalGroups supplementalGroupsPolicy fsGroup fsGroupChangePolicy sysctls ' +
    'seccompProfile appArmorProfile seLinuxChangePolicy',
);
const resourceFields = fieldsOf('limits requests claims');

/** Initials that Go writes in capitals. */
const spelled: Readonly<Record<string, string>> = {
  dnsPolicy: 'DNSPolicy',
  dnsConfig: 'DNSConfig',
  os: 'OS',
  tty: 'TTY',
  fsGroup: 'FSGroup',
  fsGroupChangePolicy: 'FSGroupChangePolicy',
  seLinuxOptions: 'SELinuxOptions',
  seLinuxChangePolicy: 'SELinuxChangePolicy',
};

const goName = (name: string): string => spelled[name] ?? name[0]!.toUpperCase() + name.slice(1);

type Fields = readonly (readonly [string, unknown])[];

/** Every field of `fields`, in order, under its Go name; `inner` prints what has a form of its own. */
function printed(
  object: object,
  fields: Fields,
  inner: Readonly<Record<string, (value: never) => unknown>> = {},
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [name, zero] of fields) {
    const value = (object as Readonly<Record<string, unknown>>)[name];
    const print = inner[name] as ((value: unknown) => unknown) | undefined;
    result[goName(name)] = value === undefined ? zero : print ? print(value) : capitalised(value);
  }
  return result;
}

/** Simplified: of what lies deeper only the fields that are set, where Go prints all of them. */
function capitalised(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(capitalised);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [goName(name), capitalised(inner)]));
}

/** Maps keep their keys. */
const asIs = (value: unknown): unknown => value;

const container = (c: V1Container): unknown =>
  printed(c, containerFields, {
    resources: (r: object) => printed(r, resourceFields, { limits: asIs, requests: asIs }),
  });
const containers = (list: readonly V1Container[]): unknown => list.map(container);

/** A pod template as the API server prints its internal type in `Invalid value: …`. */
export function printedTemplate({ metadata, spec }: V1PodTemplateSpec): object {
  const { labels, annotations } = metadata ?? {};
  const pod = (spec ?? {}) as Partial<V1PodSpec>;
  const { hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers } = pod;
  const securityContext = { ...pod.securityContext, hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers };
  return {
    ...(labels && { labels }),
    ...(annotations && { annotations }),
    Spec: printed({ ...pod, securityContext }, specFields, {
      initContainers: containers,
      containers,
      nodeSelector: asIs,
      securityContext: (context: object) => printed(context, contextFields),
    }),
  };
}
