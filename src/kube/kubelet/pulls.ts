import type { ImagePulled } from '../runtime/cri.ts';
import { backoffLeft, goDuration, nextBackoff } from './backoff.ts';
import { deed, podEvent } from './events.ts';
import { parseImage, pullPolicyOf } from './image-names.ts';
import { recordOf, specOf, type ContainerRecord, type Kubelet, type Pull, type Worker } from './memory.ts';
import { noteImage } from './node-images.ts';
import { step, syncAt } from './schedule.ts';
import { MissingSource, readSource } from './sources.ts';
import { failStart, retryAt } from './start-failure.ts';

/** Creating and starting a container, once its image is there. */
const createMs = 100;
/** A failed pull is shown for this long before its back-off is. */
const shownMs = 1000;

/**
 * First half of a start: the image. True when the worker is busy now (pulling or creating), false when this start has
 * failed for the time being and the next container may be looked at.
 *
 * Kubernetes: pkg/kubelet/images/image_manager.go, EnsureImageExists.
 */
export function ensureImage(k: Kubelet, w: Worker, record: ContainerRecord): boolean {
  const { ctx } = k;
  const container = specOf(w.pod.spec!, record.name);
  const image = container.image ?? '';
  const quoted = JSON.stringify(image);
  if (record.cause) ctx.cause = record.cause;
  const name = parseImage(image);
  if (typeof name === 'string') {
    const text = `Failed to apply default image tag ${quoted}: couldn't parse image name ${quoted}: ${name}`;
    podEvent(k, w, 'Warning', 'InspectFailed', text, record);
    failStart(k, w, record, 'InvalidImageName', text, retryAt(k));
    return false;
  }
  const policy = pullPolicyOf(image, container.imagePullPolicy);
  if (policy !== 'Always' && k.cri.imagePresent(ctx, k.node, image)) {
    const text = `Container image ${quoted} already present on machine and can be accessed by the pod`;
    podEvent(k, w, 'Normal', 'Pulled', text, record);
    step(k, w, 'create', record.name, createMs);
    return true;
  }
  if (policy === 'Never') {
    const text = `Container image ${quoted} is not present with pull policy of Never`;
    podEvent(k, w, 'Warning', 'ErrImageNeverPull', text, record);
    failStart(k, w, record, 'ErrImageNeverPull', text, retryAt(k));
    return false;
  }
  return pull(k, w, record, image);
}

/** Queues a pull, unless the last one failed too lately. */
function pull(k: Kubelet, w: Worker, record: ContainerRecord, image: string): boolean {
  const { ctx, memory } = k;
  const failed = memory.pullBackoff.get(`${w.uid}_${image}`);
  const left = failed ? backoffLeft(failed.backoff, failed.backoff.updatedAt, ctx.now) : 0;
  if (failed && left > 0) {
    const text = `Back-off pulling image ${JSON.stringify(image)}`;
    podEvent(k, w, 'Normal', 'BackOff', text, record);
    failStart(k, w, record, 'ImagePullBackOff', `${text}: ${failed.error}`, ctx.now + left);
    return false;
  }
  podEvent(k, w, 'Normal', 'Pulling', `Pulling image ${JSON.stringify(image)}`, record);
  step(k, w, 'pull', record.name, -1);
  const { now: queuedAt, cause } = ctx;
  memory.pulls.push({ uid: w.uid, container: record.name, image, queuedAt, cause, startedAt: 0 });
  if (memory.pulls.length === 1) startPull(k);
  return true;
}

/** Begins the pull at the head of the queue. */
function startPull(k: Kubelet): void {
  const head = k.memory.pulls[0];
  if (!head) return;
  head.startedAt = k.ctx.now;
  k.ctx.cause = head.cause; // not that of the pull before, whose end made room for this one
  k.cri.pullImage(k.ctx, k.node, head.image);
}

/** Gives up the pulls of a pod that wait; one under way runs to its end. */
export function dropPulls(k: Kubelet, w: Worker): void {
  const { pulls } = k.memory;
  for (let i = pulls.length - 1; i > 0; i--) if (pulls[i]!.uid === w.uid) pulls.splice(i, 1);
}

/** The pull at the head of the queue has ended. */
export function imagePulled(k: Kubelet, result: ImagePulled): void {
  const { ctx, memory } = k;
  const done = memory.pulls[0];
  if (done?.image !== result.image || done.startedAt === 0) return;
  memory.pulls.shift();
  const cause = ctx.cause;
  startPull(k);
  ctx.cause = cause;
  const w = memory.workers.get(done.uid);
  const record = w && recordOf(w, done.container);
  if (!w || !record || w.busy?.step !== 'pull' || w.busy.container !== record.name) return;
  w.busy = null;
  if (result.ok) pullSucceeded(k, w, record, done, result.bytes);
  else pullFailed(k, w, record, done.image, result.error ?? 'unknown error');
}

function pullSucceeded(k: Kubelet, w: Worker, record: ContainerRecord, done: Pull, bytes: number): void {
  const { now } = k.ctx;
  const ms = now - done.startedAt;
  k.memory.pullBackoff.delete(`${w.uid}_${done.image}`);
  noteImage(k, done.image, bytes);
  deed(k, w, 'kubelet.pulled', { image: done.image, seconds: ms / 1000 });
  const waited = goDuration(now - done.queuedAt);
  const text = `Successfully pulled image ${JSON.stringify(done.image)} in ${goDuration(ms)} (${waited} including waiting). Image size: ${bytes} bytes.`;
  podEvent(k, w, 'Normal', 'Pulled', text, record);
  step(k, w, 'create', record.name, createMs);
}

function exists(k: Kubelet, w: Worker, secret: string): boolean {
  try {
    return readSource(k, 'secrets', w.pod.metadata.namespace ?? 'default', secret) !== undefined;
  } catch (error) {
    if (!(error instanceof MissingSource)) throw error;
    return false;
  }
}

function pullFailed(k: Kubelet, w: Worker, record: ContainerRecord, image: string, error: string): void {
  const { now } = k.ctx;
  record.cause = deed(k, w, 'kubelet.pull-failed', { image });
  podEvent(k, w, 'Warning', 'Failed', `Failed to pull image ${JSON.stringify(image)}: ${error}`, record);
  const secrets = (w.pod.spec?.imagePullSecrets ?? []).map((s) => s.name ?? '').filter((s) => s && !exists(k, w, s));
  if (secrets.length > 0) {
    const text = `Unable to retrieve some image pull secrets (${secrets.join(', ')}); attempting to pull the image may not succeed.`;
    podEvent(k, w, 'Warning', 'FailedToRetrieveImagePullSecret', text);
  }
  const key = `${w.uid}_${image}`;
  const backoff = nextBackoff(k.memory.pullBackoff.get(key)?.backoff ?? null, now, now);
  k.memory.pullBackoff.set(key, Object.freeze({ backoff, error: `ErrImagePull: ${error}` }));
  failStart(k, w, record, 'ErrImagePull', error, now + shownMs);
  syncAt(k, w, now);
}
