import type { V1Container, V1ObjectMeta, V1PodSpec, V1SELinuxOptions } from '../../../../generated/types.ts';

/** What a check forbids: a short reason, and who did it. */
export interface Finding {
  readonly reason: string;
  readonly detail: string;
}

/** A pod, or the template of one, as the checks see it. */
export interface Subject {
  readonly metadata: V1ObjectMeta | undefined;
  readonly spec: V1PodSpec;
}

/** One rule of the Pod Security Standards. */
export interface Check {
  readonly level: 'baseline' | 'restricted';
  /** First minor version of Kubernetes whose standard has the rule. */
  readonly since?: number;
  /** The rule of the stricter level stands in its place there. */
  readonly replaced?: true;
  find(subject: Subject, minor: number): Finding | undefined;
}

const containersOf = ({ spec }: Subject): readonly V1Container[] => [
  ...(spec.initContainers ?? []),
  ...spec.containers,
  ...((spec.ephemeralContainers ?? []) as unknown as V1Container[]),
];

const quoted = (names: Iterable<string>): string => [...names].map((name) => JSON.stringify(name)).join(', ');
const sortedOf = (names: Iterable<string>): string[] => [...new Set(names)].sort();
const some = (count: number, one: string, many = `${one}s`): string => (count === 1 ? one : many);
const containers = (names: readonly string[]): string => `${some(names.length, 'container')} ${quoted(names)}`;
const namesWhere = (subject: Subject, bad: (container: V1Container) => boolean): string[] =>
  containersOf(subject)
    .filter(bad)
    .map(({ name }) => name);

/** `pod and container "a"`: who has set something. */
const setters = (pod: boolean, names: readonly string[]): string =>
  [...(pod ? ['pod'] : []), ...(names.length > 0 ? [containers(names)] : [])].join(' and ');

/** Of a pod with a user namespace root is nobody on the node, so that some rules do not matter. */
const hasUserNamespace = ({ spec }: Subject): boolean => spec.hostUsers === false;

const hostNamespaces: Check = {
  level: 'baseline',
  find({ spec }) {
    const set = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((field) => spec[field]);
    return set.length > 0
      ? { reason: 'host namespaces', detail: set.map((field) => `${field}=true`).join(', ') }
      : undefined;
  },
};

const appArmorProfile: Check = {
  level: 'baseline',
  find(subject) {
    const prefix = 'container.apparmor.security.beta.kubernetes.io/';
    const values: string[] = Object.entries(subject.metadata?.annotations ?? {})
      .filter(([key, value]) => key.startsWith(prefix) && !/^$|^runtime\/default$|^localhost\//.test(value))
      .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
      .sort();
    const isBad = (context: { appArmorProfile?: { type: string } | undefined } | undefined): boolean =>
      context?.appArmorProfile !== undefined && !['RuntimeDefault', 'Localhost'].includes(context.appArmorProfile.type);
    const pod = isBad(subject.spec.securityContext);
    const names = namesWhere(subject, (container) => isBad(container.securityContext));
    const types = [subject.spec.securityContext, ...containersOf(subject).map((c) => c.securityContext)]
      .filter(isBad)
      .map((context) => context!.appArmorProfile!.type);
    if (types.length > 0)
      values.push(`${setters(pod, names)} must not set AppArmor profile type to ${quoted(sortedOf(types))}`);
    if (values.length === 0) return undefined;
    return { reason: some(values.length, 'forbidden AppArmor profile'), detail: values.join(', ') };
  },
};

const usualCapabilities: ReadonlySet<string> = new Set(
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(
    ' ',
  ),
);

/** Containers that add capabilities beyond the allowed ones, and which. */
function added(subject: Subject, allowed: (capability: string) => boolean): { names: string[]; which: string[] } {
  const names: string[] = [];
  const which: string[] = [];
  for (const { name, securityContext } of containersOf(subject)) {
    const bad = (securityContext?.capabilities?.add ?? []).filter((capability) => !allowed(capability));
    if (bad.length > 0) names.push(name);
    which.push(...bad);
  }
  return { names, which: sortedOf(which) };
}

const notInclude = ({ names, which }: ReturnType<typeof added>): string =>
  `${containers(names)} must not include ${quoted(which)} in securityContext.capabilities.add`;

const capabilitiesBaseline: Check = {
  level: 'baseline',
  replaced: true,
  find(subject) {
    const found = added(subject, (capability) => usualCapabilities.has(capability));
    return found.names.length > 0 ? { reason: 'non-default capabilities', detail: notInclude(found) } : undefined;
  },
};

const capabilitiesRestricted: Check = {
  level: 'restricted',
  since: 22,
  find(subject) {
    const keeping = namesWhere(subject, (c) => !c.securityContext?.capabilities?.drop?.includes('ALL'));
    const adding = added(subject, (capability) => capability === 'NET_BIND_SERVICE');
    const details = [
      ...(keeping.length > 0 ? [`${containers(keeping)} must set securityContext.capabilities.drop=["ALL"]`] : []),
      ...(adding.names.length > 0 ? [notInclude(adding)] : []),
    ];
    return details.length > 0 ? { reason: 'unrestricted capabilities', detail: details.join('; ') } : undefined;
  },
};

const hostPathVolumes: Check = {
  level: 'baseline',
  replaced: true,
  find({ spec }) {
    const names = (spec.volumes ?? []).filter((volume) => volume.hostPath).map(({ name }) => name);
    return names.length > 0
      ? { reason: 'hostPath volumes', detail: `${some(names.length, 'volume')} ${quoted(names)}` }
      : undefined;
  },
};

const allowedVolumes: ReadonlySet<string> = new Set(
  'name configMap csi downwardAPI emptyDir ephemeral image persistentVolumeClaim projected secret'.split(' '),
);

const restrictedVolumes: Check = {
  level: 'restricted',
  find({ spec }) {
    const names: string[] = [];
    const types: string[] = [];
    for (const volume of spec.volumes ?? []) {
      const type = Object.keys(volume).find((key) => !allowedVolumes.has(key));
      if (type === undefined) continue;
      names.push(volume.name);
      types.push(type);
    }
    if (names.length === 0) return undefined;
    const kinds = sortedOf(types);
    const verb = some(names.length, 'uses', 'use');
    const detail = `${some(names.length, 'volume')} ${quoted(names)} ${verb} ${some(kinds.length, 'restricted volume type')} ${quoted(kinds)}`;
    return { reason: 'restricted volume types', detail };
  },
};

const hostPorts: Check = {
  level: 'baseline',
  find(subject) {
    const names = namesWhere(subject, ({ ports = [] }) => ports.some(({ hostPort }) => hostPort));
    if (names.length === 0) return undefined;
    const ports = sortedOf(
      containersOf(subject).flatMap((c) =>
        (c.ports ?? []).flatMap(({ hostPort }) => (hostPort ? [`${hostPort}`] : [])),
      ),
    );
    const verb = some(names.length, 'uses', 'use');
    return {
      reason: 'hostPort',
      detail: `${containers(names)} ${verb} ${some(ports.length, 'hostPort')} ${ports.join(', ')}`,
    };
  },
};

/** Hosts that probes and hooks of a container name. */
function hostsOf({ livenessProbe, readinessProbe, startupProbe, lifecycle }: V1Container): string[] {
  return [livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop].flatMap((handler) =>
    [handler?.httpGet?.host, handler?.tcpSocket?.host].flatMap((host) => (host ? [host] : [])),
  );
}

const hostProbes: Check = {
  level: 'baseline',
  since: 34,
  find(subject) {
    const names = sortedOf(namesWhere(subject, (container) => hostsOf(container).length > 0));
    if (names.length === 0) return undefined;
    const hosts = sortedOf(containersOf(subject).flatMap(hostsOf));
    const verb = some(names.length, 'uses', 'use');
    const what = some(hosts.length, 'probe or lifecycle host');
    return { reason: 'probe or lifecycle host', detail: `${containers(names)} ${verb} ${what} ${quoted(hosts)}` };
  },
};

const privileged: Check = {
  level: 'baseline',
  find(subject) {
    const names = namesWhere(subject, ({ securityContext }) => securityContext?.privileged === true);
    return names.length > 0
      ? { reason: 'privileged', detail: `${containers(names)} must not set securityContext.privileged=true` }
      : undefined;
  },
};

const procMount: Check = {
  level: 'baseline',
  find(subject) {
    if (hasUserNamespace(subject)) return undefined;
    const isBad = (c: V1Container): boolean => (c.securityContext?.procMount ?? 'Default') !== 'Default';
    const names = namesWhere(subject, isBad);
    const types = sortedOf(
      containersOf(subject)
        .filter(isBad)
        .map((c) => c.securityContext!.procMount!),
    );
    return names.length > 0
      ? {
          reason: 'procMount',
          detail: `${containers(names)} must not set securityContext.procMount to ${quoted(types)}`,
        }
      : undefined;
  },
};

const selinuxTypes: ReadonlySet<string> = new Set(['', 'container_t', 'container_init_t', 'container_kvm_t']);

const seLinuxOptions: Check = {
  level: 'baseline',
  find(subject, minor) {
    const isRight = (type = ''): boolean => selinuxTypes.has(type) || (minor >= 31 && type === 'container_engine_t');
    const isBad = (options: V1SELinuxOptions | undefined): boolean =>
      options !== undefined && (!isRight(options.type) || !!options.user || !!options.role);
    const pod = isBad(subject.spec.securityContext?.seLinuxOptions);
    const names = namesWhere(subject, (c) => isBad(c.securityContext?.seLinuxOptions));
    if (!pod && names.length === 0) return undefined;
    const all = [subject.spec, ...containersOf(subject)].flatMap(({ securityContext }) =>
      securityContext?.seLinuxOptions ? [securityContext.seLinuxOptions] : [],
    );
    const types = sortedOf(all.flatMap(({ type }) => (isRight(type) ? [] : [type!])));
    const data = [
      ...(types.length > 0 ? [`${some(types.length, 'type')} ${quoted(types)}`] : []),
      ...(all.some(({ user }) => user) ? ['user may not be set'] : []),
      ...(all.some(({ role }) => role) ? ['role may not be set'] : []),
    ];
    const detail = `${setters(pod, names)} set forbidden securityContext.seLinuxOptions: ${data.join('; ')}`;
    return { reason: 'seLinuxOptions', detail };
  },
};

const isSeccomp = (type: string): boolean => type === 'RuntimeDefault' || type === 'Localhost';

/** Who sets a seccomp profile that is not allowed. */
function wrongSeccomp(subject: Subject): Finding | undefined {
  const typeOf = (of: { securityContext?: { seccompProfile?: { type: string } | undefined } | undefined }) =>
    of.securityContext?.seccompProfile?.type;
  const isBad = (type: string | undefined): boolean => type !== undefined && !isSeccomp(type);
  const pod = isBad(typeOf(subject.spec));
  const names = namesWhere(subject, (container) => isBad(typeOf(container)));
  if (!pod && names.length === 0) return undefined;
  const values = sortedOf([subject.spec, ...containersOf(subject)].map(typeOf).filter(isBad) as string[]);
  const detail = `${setters(pod, names)} must not set securityContext.seccompProfile.type to ${quoted(values)}`;
  return { reason: 'seccompProfile', detail };
}

const seccompBaseline: Check = { level: 'baseline', since: 19, replaced: true, find: wrongSeccomp };

const seccompRestricted: Check = {
  level: 'restricted',
  since: 19,
  find(subject) {
    const wrong = wrongSeccomp(subject);
    if (wrong || subject.spec.securityContext?.seccompProfile) return wrong;
    const names = namesWhere(subject, (container) => !container.securityContext?.seccompProfile);
    const detail = `pod or ${containers(names)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`;
    return names.length > 0 ? { reason: 'seccompProfile', detail } : undefined;
  },
};

/** Sysctls that touch nothing but the pod, by the version in which they were found to be safe. */
const safeSysctls: readonly (readonly [minor: number, name: string])[] = [
  [0, 'kernel.shm_rmid_forced'],
  [0, 'net.ipv4.ip_local_port_range'],
  [0, 'net.ipv4.tcp_syncookies'],
  [0, 'net.ipv4.ping_group_range'],
  [0, 'net.ipv4.ip_unprivileged_port_start'],
  [27, 'net.ipv4.ip_local_reserved_ports'],
  [29, 'net.ipv4.tcp_keepalive_time'],
  [29, 'net.ipv4.tcp_fin_timeout'],
  [29, 'net.ipv4.tcp_keepalive_intvl'],
  [29, 'net.ipv4.tcp_keepalive_probes'],
  [32, 'net.ipv4.tcp_rmem'],
  [32, 'net.ipv4.tcp_wmem'],
];

const sysctls: Check = {
  level: 'baseline',
  find({ spec }, minor) {
    const isSafe = (wanted: string): boolean => safeSysctls.some(([since, name]) => name === wanted && minor >= since);
    const names = (spec.securityContext?.sysctls ?? []).map(({ name }) => name).filter((name) => !isSafe(name));
    return names.length > 0 ? { reason: some(names.length, 'forbidden sysctl'), detail: names.join(', ') } : undefined;
  },
};

const windowsHostProcess: Check = {
  level: 'baseline',
  find(subject) {
    const pod = subject.spec.securityContext?.windowsOptions?.hostProcess === true;
    const names = namesWhere(subject, (c) => c.securityContext?.windowsOptions?.hostProcess === true);
    if (!pod && names.length === 0) return undefined;
    const detail = `${setters(pod, names)} must not set securityContext.windowsOptions.hostProcess=true`;
    return { reason: 'hostProcess', detail };
  },
};

const allowPrivilegeEscalation: Check = {
  level: 'restricted',
  since: 8,
  find(subject) {
    const names = namesWhere(subject, (c) => c.securityContext?.allowPrivilegeEscalation !== false);
    const detail = `${containers(names)} must set securityContext.allowPrivilegeEscalation=false`;
    return names.length > 0 ? { reason: 'allowPrivilegeEscalation != false', detail } : undefined;
  },
};

const runAsNonRoot: Check = {
  level: 'restricted',
  find(subject) {
    if (hasUserNamespace(subject)) return undefined;
    const reason = 'runAsNonRoot != true';
    const ofPod = subject.spec.securityContext?.runAsNonRoot;
    const refusing = namesWhere(subject, (c) => c.securityContext?.runAsNonRoot === false);
    if (ofPod === false || refusing.length > 0) {
      return {
        reason,
        detail: `${setters(ofPod === false, refusing)} must not set securityContext.runAsNonRoot=false`,
      };
    }
    const silent = ofPod ? [] : namesWhere(subject, (c) => c.securityContext?.runAsNonRoot === undefined);
    const detail = `pod or ${containers(silent)} must set securityContext.runAsNonRoot=true`;
    return silent.length > 0 ? { reason, detail } : undefined;
  },
};

const runAsUser: Check = {
  level: 'restricted',
  since: 23,
  find(subject) {
    if (hasUserNamespace(subject)) return undefined;
    const pod = subject.spec.securityContext?.runAsUser === 0;
    const names = namesWhere(subject, (c) => c.securityContext?.runAsUser === 0);
    return pod || names.length > 0
      ? { reason: 'runAsUser=0', detail: `${setters(pod, names)} must not set runAsUser=0` }
      : undefined;
  },
};

/** Every rule, in the order in which violations are told. Kubernetes: k8s.io/pod-security-admission/policy. */
export const checks: readonly Check[] = [
  appArmorProfile,
  capabilitiesBaseline,
  hostNamespaces,
  hostPathVolumes,
  hostPorts,
  hostProbes,
  privileged,
  procMount,
  seLinuxOptions,
  seccompBaseline,
  sysctls,
  windowsHostProcess,
  allowPrivilegeEscalation,
  capabilitiesRestricted,
  restrictedVolumes,
  runAsNonRoot,
  runAsUser,
  seccompRestricted,
];
