import type { Context } from '../../kernel/index.ts';
import type { ImagePulled } from './cri.ts';
import { imageInfo, imageOf } from './catalogue.ts';
import { diskOf, type Pull, type RuntimeMemory } from './memory.ts';
import { parseReference, type Reference } from './reference.ts';

/** Download speed of a machine. 100 MB/s. Simplified: each download has it for itself. */
const bytesPerMs = 100_000;
/** A slow image takes so many times as long. */
const slowFactor = 10;

const megabyte = 1_000_000;

/** Starts a download, or joins one of the same image. What is present is only checked with the registry. */
export function pullImage(ctx: Context, memory: RuntimeMemory, image: string): void {
  const reference = parseReference(image);
  const full = reference?.full ?? image;
  const running = memory.pulls.get(full);
  if (running) {
    if (!running.asked.includes(image)) running.asked.push(image);
    return;
  }
  const pull: Pull = { asked: [image], startedAt: ctx.now, turn: 0 };
  memory.pulls.set(full, pull);
  schedule(ctx, memory, full, pull);
}

/** Time of a download: what the registry takes to answer, then the bytes, ±20 %. nginx (72 MB): about 1.2 s. */
function schedule(ctx: Context, memory: RuntimeMemory, full: string, pull: Pull): void {
  pull.turn++;
  const random = ctx.random(`pull/${memory.node}`);
  const latency = random.between(300, 600);
  const jitter = 0.8 + 0.4 * random.float();
  const fails = pullError(ctx, full) !== undefined;
  const bytes = fails || diskOf(ctx, memory.node).images.has(full) ? 0 : imageOf(full).sizeMB * megabyte;
  const factor = faultOf(ctx, full) === 'slow' ? slowFactor : 1;
  const ms = Math.round((latency + (bytes / bytesPerMs) * jitter) * factor);
  ctx.after(ms, `runtime/${memory.node}`, 'pulled', { full, turn: pull.turn });
}

/** A download has ended, well or badly. */
export function endPull(ctx: Context, memory: RuntimeMemory, full: string, turn: number): void {
  const pull = memory.pulls.get(full);
  if (!pull || pull.turn !== turn) return;
  memory.pulls.delete(full);
  const error = pullError(ctx, full);
  if (error === undefined) diskOf(ctx, memory.node).images.add(full);
  for (const image of pull.asked) {
    const payload: ImagePulled = {
      image,
      ok: error === undefined,
      ms: ctx.now - pull.startedAt,
      bytes: imageOf(image).sizeMB * megabyte,
      ...(error === undefined ? {} : { error }),
    };
    ctx.after(0, `kubelet/${memory.node}`, 'image-pulled', payload);
  }
}

/** Breaks or mends an image; downloads under way go on at their new speed. */
export function imageFault(
  ctx: Context,
  memory: RuntimeMemory,
  image: string,
  fault: 'image-slow' | 'image-missing' | 'image-heal',
): void {
  if (fault === 'image-heal') registryOf(ctx).delete(image);
  else registryOf(ctx).set(image, fault === 'image-slow' ? 'slow' : 'missing');
  for (const [full, pull] of memory.pulls) if (names(image, full)) schedule(ctx, memory, full, pull);
}

/** What is broken at the registries, which no machine's power cut mends: part `registry`. */
function registryOf(ctx: Context): Map<string, 'slow' | 'missing'> {
  if (!ctx.part('registry')) ctx.restart('registry', () => new Map());
  return ctx.part<Map<string, 'slow' | 'missing'>>('registry')!;
}

function faultOf(ctx: Context, full: string): 'slow' | 'missing' | undefined {
  for (const [image, fault] of registryOf(ctx)) if (names(image, full)) return fault;
  return undefined;
}

/** True when the learner's `nginx` or `nginx:1.27` means this reference; without a tag it means every tag. */
function names(image: string, full: string): boolean {
  const a = parseReference(image);
  const b = parseReference(full);
  if (!a || !b || a.repository !== b.repository) return false;
  return a.full === b.full || !(image.includes('@') || image.slice(image.lastIndexOf('/')).includes(':'));
}

/** Why an image cannot be pulled, in containerd's words as its gRPC client prints them; undefined when it can. */
function pullError(ctx: Context, full: string): string | undefined {
  const reference = parseReference(full);
  if (!reference) return `failed to pull and unpack image "${full}": invalid reference format`;
  if (faultOf(ctx, full) === 'missing') return notFound(reference);
  const { problem } = imageInfo(full);
  switch (problem) {
    case undefined:
      return undefined;
    case 'no-such-tag':
      return notFound(reference);
    case 'no-such-repository':
      return (
        `rpc error: code = Unknown desc = failed to pull and unpack image "${reference.full}": failed to resolve reference "${reference.full}": ` +
        'pull access denied, repository does not exist or may require authorization: ' +
        'server message: insufficient_scope: authorization failed'
      );
    case 'no-such-host':
      return unreachable(reference, `dial tcp: lookup ${reference.registry.split(':')[0]}: no such host`);
    case 'refused':
      return unreachable(reference, 'dial tcp [::1]:5000: connect: connection refused');
  }
}

const notFound = ({ full }: Reference): string =>
  `rpc error: code = NotFound desc = failed to pull and unpack image "${full}": failed to resolve reference "${full}": ${full}: not found`;

const unreachable = ({ full, registry, path, tag }: Reference, why: string): string =>
  `rpc error: code = Unknown desc = failed to pull and unpack image "${full}": failed to resolve reference "${full}": ` +
  `failed to do request: Head "https://${registry}/v2/${path}/manifests/${tag}": ${why}`;
