import type { V1Container, V1PodSpec, V1VolumeMount } from '../../generated/types.ts';
import { milliValue, quantityValue } from '../apimachinery/index.ts';
import type { ContainerConfig } from '../runtime/cri.ts';
import { nextBackoff } from './backoff.ts';
import { ConfigError, resolveEnv } from './env.ts';
import { deed, podEvent } from './events.ts';
import { expand } from './expansion.ts';
import { runHook } from './hooks.ts';
import { specOf, type ContainerRecord, type Kubelet, type Worker } from './memory.ts';
import { beginProbes } from './probes.ts';
import { step } from './schedule.ts';
import { failStart, retryAt } from './start-failure.ts';
import { touch } from './status-writer.ts';

/** A postStart hook may take as long as it likes; this only bounds what is remembered. */
const postStartMs = 600_000;

/** Second half of a start: environment, creation, start, postStart. Kubernetes: kuberuntime_container.go, startContainer. */
export function createContainer(k: Kubelet, w: Worker, record: ContainerRecord): void {
  const { ctx } = k;
  const container = specOf(w.pod.spec!, record.name);
  if (record.cause) ctx.cause = record.cause;
  let config: ContainerConfig;
  try {
    const restarts = record.restartCount + (record.state === 'exited' ? 1 : 0);
    config = configOf(w.pod.spec!, container, restarts, resolveEnv(k, w, container));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    deed(k, w, 'kubelet.config-error', { message: error.message });
    failStart(k, w, record, 'CreateContainerConfigError', error.message, retryAt(k), error.message);
    return;
  }
  if (record.state === 'exited') {
    record.last = record.terminated;
    record.restartCount++;
    record.crash = nextBackoff(record.crash, record.finishedAt, ctx.now);
    deed(k, w, 'kubelet.restart', { container: record.name, restarts: record.restartCount });
  }
  podEvent(k, w, 'Normal', 'Created', 'Container created', record);
  record.id = k.cri.startContainer(ctx, k.node, w.uid, config);
  record.image = container.image ?? '';
  record.state = 'running';
  record.startedAt = ctx.now;
  record.waiting = null;
  record.stopping = null;
  record.announced = false;
  record.cause = deed(k, w, 'kubelet.container-started', { container: record.name });
  const hook = container.lifecycle?.postStart;
  if (hook) {
    step(k, w, 'postStart', record.name, -1);
    runHook(k, w, record, hook, 'postStart', postStartMs);
  } else containerStarted(k, w, record);
}

/** Where containers leave their last words when nothing else is said. */
const usualMessagePath = '/dev/termination-log';

/** What the runtime is told of a container. Without a CPU request its limit counts as the request. */
function configOf(
  spec: V1PodSpec,
  container: V1Container,
  restartCount: number,
  env: Readonly<Record<string, string>>,
): ContainerConfig {
  const { requests = {}, limits = {} } = container.resources ?? {};
  const user = container.securityContext?.runAsUser ?? spec.securityContext?.runAsUser;
  const group = container.securityContext?.runAsGroup ?? spec.securityContext?.runAsGroup;
  const { terminationMessagePath: messagePath = usualMessagePath } = container;
  return {
    name: container.name,
    image: container.image ?? '',
    command: container.command?.map((word) => expand(word, env)),
    args: container.args?.map((word) => expand(word, env)),
    workingDir: container.workingDir || undefined,
    env,
    mounts: (container.volumeMounts ?? []).map((mount) => ({
      volume: mount.name,
      mountPath: mount.mountPath,
      subPath: subPathOf(mount, env),
      readOnly: mount.readOnly ?? false,
    })),
    ports: (container.ports ?? []).map((p) => ({ port: p.containerPort, protocol: p.protocol ?? 'TCP' })),
    cpuRequestMilli: milliValue(requests['cpu'] ?? limits['cpu']),
    ...(limits['cpu'] !== undefined && { cpuLimitMilli: milliValue(limits['cpu']) }),
    ...(limits['memory'] !== undefined && { memoryLimitBytes: quantityValue(limits['memory']) }),
    restartCount,
    ...(messagePath !== usualMessagePath && { messagePath }),
    ...(container.terminationMessagePolicy === 'FallbackToLogsOnError' && { messageFromLog: true }),
    ...(container.securityContext?.readOnlyRootFilesystem && { readOnlyRoot: true }),
    ...(user !== undefined && { user }),
    ...(group !== undefined && { group }),
    ...(container.securityContext?.allowPrivilegeEscalation === false && { noNewPrivileges: true }),
    ...(container.stdin && { stdin: true }),
    ...(container.stdinOnce && { stdinOnce: true }),
    ...(container.tty && { tty: true }),
  };
}

/** The part of a volume that a container sees. Kubernetes: pkg/kubelet/kubelet_pods.go makeMounts. */
function subPathOf(mount: V1VolumeMount, env: Readonly<Record<string, string>>): string | undefined {
  const path = mount.subPathExpr ? expand(mount.subPathExpr, env) : mount.subPath || undefined;
  if (path === undefined) return undefined;
  if (path.startsWith('/')) throw new ConfigError(`error SubPath \`${path}\` must not be an absolute path`);
  if (path.split('/').includes('..'))
    throw new ConfigError(`unable to provision SubPath \`${path}\`: must not contain '..'`);
  return path;
}

/** The container runs, and its postStart hook is done: its probes begin. */
export function containerStarted(k: Kubelet, w: Worker, record: ContainerRecord): void {
  beginProbes(k, w, record);
  touch(k, w);
}
