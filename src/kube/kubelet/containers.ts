import { keyOf, milliValue, quantityValue } from '../apimachinery/index.ts';
import type { ImagePulled } from '../runtime/cri.ts';
import { backoffLeft, goDuration, nextBackoff } from './backoff.ts';
import { ConfigError, resolveEnv } from './env.ts';
import { podEvent } from './events.ts';
import { expand } from './expansion.ts';
import { runHook } from './hooks.ts';
import { parseImage, pullPolicyOf } from './image-names.ts';
import { recordOf, specOf, type ContainerRecord, type Kubelet, type Worker } from './memory.ts';
import { noteImage } from './node.ts';
import { beginProbes } from './probes.ts';
import { startPull } from './pulls.ts';
import { step, syncAt } from './schedule.ts';
import { touch } from './status-writer.ts';

/** Creating and starting a container, once its image is there. */
const createMs = 100;
/** After a failed sync a pod is looked at again in 10 to 15 s. Kubernetes: pod_workers.go, backOffPeriod and its jitter. */
const retryMs = 10_000;

const retryAt = (k: Kubelet): number => k.ctx.now + retryMs + k.ctx.random('kubelet').int(retryMs / 2);

/** A start has failed: why is shown until the next try. */
function failStart(k: Kubelet, w: Worker, record: ContainerRecord, reason: string, message: string, at: number): void {
  podEvent(k, w, 'Warning', 'Failed', `Error: ${reason === 'CreateContainerConfigError' ? message : reason}`, record);
  record.waiting = Object.freeze({ reason, message });
  record.notBefore = at;
  touch(k, w);
}

/**
 * First half of a start: the image. True when the worker is busy now (pulling or creating), false when this start has
 * failed for the time being and the next container may be looked at.
 *
 * Kubernetes: pkg/kubelet/images/image_manager.go, EnsureImageExists.
 */
export function beginStart(k: Kubelet, w: Worker, record: ContainerRecord): boolean {
  const { ctx, node, cri } = k;
  const container = specOf(w.pod.spec!, record.name);
  const image = container.image ?? '';
  if (record.cause) ctx.cause = record.cause;
  const name = parseImage(image);
  if (typeof name === 'string') {
    const text = `Failed to apply default image tag ${JSON.stringify(image)}: couldn't parse image name ${JSON.stringify(image)}: ${name}`;
    podEvent(k, w, 'Warning', 'InspectFailed', text, record);
    failStart(k, w, record, 'InvalidImageName', text, retryAt(k));
    return false;
  }
  const present = cri.imagePresent(ctx, node, image);
  const policy = pullPolicyOf(image, container.imagePullPolicy);
  if (policy === 'Never' ? present : policy === 'IfNotPresent' && present) {
    podEvent(k, w, 'Normal', 'Pulled', `Container image ${JSON.stringify(image)} already present on machine and can be accessed by the pod`, record); // prettier-ignore
    step(k, w, 'create', record.name, createMs);
    return true;
  }
  if (policy === 'Never') {
    const text = `Container image ${JSON.stringify(image)} is not present with pull policy of Never`;
    podEvent(k, w, 'Warning', 'ErrImageNeverPull', text, record);
    failStart(k, w, record, 'ErrImageNeverPull', text, retryAt(k));
    return false;
  }
  const failed = k.memory.pullBackoff.get(`${w.uid}_${image}`);
  if (failed) {
    const left = backoffLeft(failed.backoff, failed.backoff.updatedAt, ctx.now);
    if (left > 0) {
      const text = `Back-off pulling image ${JSON.stringify(image)}`;
      podEvent(k, w, 'Normal', 'BackOff', text, record);
      failStart(k, w, record, 'ImagePullBackOff', `${text}: ${failed.error}`, ctx.now + left);
      return false;
    }
  }
  podEvent(k, w, 'Normal', 'Pulling', `Pulling image ${JSON.stringify(image)}`, record);
  step(k, w, 'pull', record.name, -1);
  k.memory.pulls.push({ uid: w.uid, container: record.name, image, queuedAt: ctx.now, startedAt: 0 });
  if (k.memory.pulls.length === 1) startPull(k);
  return true;
}

/** The pull at the head of the queue has ended. */
export function imagePulled(k: Kubelet, result: ImagePulled): void {
  const { ctx, memory } = k;
  const pull = memory.pulls[0];
  if (pull?.image !== result.image || pull.startedAt === 0) return;
  memory.pulls.shift();
  const cause = ctx.cause;
  startPull(k);
  ctx.cause = cause;
  const w = memory.workers.get(pull.uid);
  const record = w && recordOf(w, pull.container);
  if (!w || !record || w.busy?.step !== 'pull' || w.busy.container !== record.name) return;
  w.busy = null;
  const quoted = JSON.stringify(pull.image);
  const ms = ctx.now - pull.startedAt;
  const ref = `pods/${keyOf(w.pod)}`;
  if (result.ok) {
    memory.pullBackoff.delete(`${w.uid}_${pull.image}`);
    noteImage(k, pull.image, result.bytes);
    ctx.cause = ctx.record({ by: k.address, code: 'kubelet.pulled', ref, uid: w.uid, params: { image: pull.image, seconds: ms / 1000 } }); // prettier-ignore
    podEvent(k, w, 'Normal', 'Pulled', `Successfully pulled image ${quoted} in ${goDuration(ms)} (${goDuration(ctx.now - pull.queuedAt)} including waiting). Image size: ${result.bytes} bytes.`, record); // prettier-ignore
    step(k, w, 'create', record.name, createMs);
    return;
  }
  const error = result.error ?? 'unknown error';
  ctx.cause = ctx.record({
    by: k.address,
    code: 'kubelet.pull-failed',
    ref,
    uid: w.uid,
    params: { image: pull.image },
  });
  record.cause = ctx.cause;
  podEvent(k, w, 'Warning', 'Failed', `Failed to pull image ${quoted}: ${error}`, record);
  const key = `${w.uid}_${pull.image}`;
  const backoff = nextBackoff(memory.pullBackoff.get(key)?.backoff ?? null, ctx.now, ctx.now);
  memory.pullBackoff.set(key, Object.freeze({ backoff, error: `ErrImagePull: ${error}` }));
  // Shown as ErrImagePull until the next look, which finds the back-off.
  failStart(k, w, record, 'ErrImagePull', error, ctx.now + 1000);
  syncAt(k, w, ctx.now);
}

/** Second half of a start: environment, creation, start, postStart. Kubernetes: kuberuntime_container.go, startContainer. */
export function createContainer(k: Kubelet, w: Worker, record: ContainerRecord): void {
  const { ctx } = k;
  const { pod } = w;
  const container = specOf(pod.spec!, record.name);
  if (record.cause) ctx.cause = record.cause;
  let env: Record<string, string>;
  try {
    env = resolveEnv(k, w, container);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    ctx.cause = ctx.record({ by: k.address, code: 'kubelet.config-error', ref: `pods/${keyOf(pod)}`, uid: w.uid, params: { message: error.message } }); // prettier-ignore
    failStart(k, w, record, 'CreateContainerConfigError', error.message, retryAt(k));
    return;
  }
  const again = record.state === 'exited';
  if (again) {
    record.last = record.terminated;
    record.restartCount++;
    record.crash = nextBackoff(record.crash, record.finishedAt, ctx.now);
    ctx.cause = ctx.record({ by: k.address, code: 'kubelet.restart', ref: `pods/${keyOf(pod)}`, uid: w.uid, params: { container: record.name, restarts: record.restartCount } }); // prettier-ignore
  }
  podEvent(k, w, 'Normal', 'Created', 'Container created', record);
  const { requests = {}, limits = {} } = container.resources ?? {};
  record.image = container.image ?? '';
  record.id = k.cri.startContainer(ctx, k.node, w.uid, {
    name: record.name,
    image: record.image,
    command: container.command?.map((word) => expand(word, env)),
    args: container.args?.map((word) => expand(word, env)),
    workingDir: container.workingDir || undefined,
    env,
    mounts: (container.volumeMounts ?? []).map((mount) => ({
      volume: mount.name,
      mountPath: mount.mountPath,
      subPath: mount.subPathExpr ? expand(mount.subPathExpr, env) : mount.subPath || undefined,
      readOnly: mount.readOnly ?? false,
    })),
    ports: (container.ports ?? []).map((p) => ({ port: p.containerPort, protocol: p.protocol ?? 'TCP' })),
    cpuRequestMilli: milliValue(requests['cpu'] ?? limits['cpu']),
    ...(limits['cpu'] !== undefined && { cpuLimitMilli: milliValue(limits['cpu']) }),
    ...(limits['memory'] !== undefined && { memoryLimitBytes: quantityValue(limits['memory']) }),
    restartCount: record.restartCount,
  });
  record.state = 'running';
  record.startedAt = ctx.now;
  record.waiting = null;
  record.stopping = null;
  ctx.cause = ctx.record({ by: k.address, code: 'kubelet.container-started', ref: `pods/${keyOf(pod)}`, uid: w.uid, params: { container: record.name } }); // prettier-ignore
  record.cause = ctx.cause;
  record.announced = false;
  const hook = container.lifecycle?.postStart;
  if (hook) {
    step(k, w, 'postStart', record.name, -1);
    runHook(k, w, record, hook, 'postStart', 600_000);
  } else containerStarted(k, w, record);
}

/** The container runs, and its postStart hook is done: its probes begin. */
export function containerStarted(k: Kubelet, w: Worker, record: ContainerRecord): void {
  beginProbes(k, w, record);
  touch(k, w);
}
