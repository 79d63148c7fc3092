import { ApiError, isReason, Unreachable } from '../apimachinery/index.ts';
import { imageIdOf, runtimeName } from './image-names.ts';
import type { Kubelet } from './memory.ts';

/** The kubelet looks at its node's status every 10 s. */
const statusTickMs = 10_000;
/** Images that a node lists at most. Kubernetes: nodeStatusMaxImages. */
const maxImages = 50;

/** An image was pulled: the node's list of images, which the scheduler reads, follows with the next look. */
export function noteImage(k: Kubelet, image: string, bytes: number): void {
  const { newImages } = k.memory;
  if (newImages.size === 0) k.ctx.after(statusTickMs - (k.ctx.now % statusTickMs), k.address, 'images');
  newImages.set(image, bytes);
}

/** Writes the node's list of images, the largest first. */
export function reportImages(k: Kubelet): void {
  const pulled = [...k.memory.newImages];
  k.memory.newImages.clear();
  try {
    const known = k.client.get(k.ctx, 'nodes', k.node);
    const images = [...(known.status?.images ?? [])];
    for (const [image, sizeBytes] of pulled) {
      const names = [imageIdOf(image), runtimeName(image)];
      if (!images.some((i) => i.names?.includes(names[1]!))) images.push({ names, sizeBytes });
    }
    if (images.length === known.status?.images?.length) return;
    images.sort((a, b) => (b.sizeBytes ?? 0) - (a.sizeBytes ?? 0));
    const status = { ...known.status, images: images.slice(0, maxImages) };
    k.client.updateStatus(k.ctx, 'nodes', { ...known, status }, { why: { code: 'kubelet.node-status' } });
  } catch (error) {
    if (error instanceof Unreachable || isReason(error, 'Conflict'))
      for (const [image, bytes] of pulled) noteImage(k, image, bytes);
    else if (!(error instanceof ApiError)) throw error;
  }
}
