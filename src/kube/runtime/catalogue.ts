import { officialNames } from './official.ts';
import type { ImageProgram } from './program.ts';
import { parseReference, type Reference } from './reference.ts';

/** What is known about an image name. */
export interface ImageInfo {
  /** Null when the name is no valid reference (the kubelet's InvalidImageName). */
  readonly reference: Reference | null;
  readonly image: ImageProgram;
  /** Its behaviour is a guess: a server on the ports that its container declares. The page says so. */
  readonly assumed: boolean;
  /** Why it can never be pulled; undefined when it can. */
  readonly problem?: 'no-such-tag' | 'no-such-repository' | 'no-such-host' | 'refused' | undefined;
}

/** The catalogue by repository, and what stands for all others: filled once, when the images are loaded. */
const byName = new Map<string, ImageProgram>();
let assumedImage: ImageProgram | undefined;

/** Called by the list of images. The list depends on the runtime, which looks images up here: so the list comes to it. */
export function fillCatalogue(images: readonly ImageProgram[], assumed: ImageProgram): void {
  for (const image of images) for (const name of image.names) byName.set(name, image);
  assumedImage = assumed;
}

const cache = new Map<string, ImageInfo>(); // pure: text → what is known

/** Looks an image up, by the name as a manifest has it. */
export function imageInfo(image: string): ImageInfo {
  let info = cache.get(image);
  if (!info) {
    if (cache.size > 5000) cache.clear();
    cache.set(image, (info = lookUp(image)));
  }
  return info;
}

/** The program of an image. */
export const imageOf = (image: string): ImageProgram => imageInfo(image).image;

function lookUp(image: string): ImageInfo {
  const reference = parseReference(image);
  if (!reference) return { reference, image: assumedImage!, assumed: true, problem: 'no-such-repository' };
  const known = byName.get(reference.short) ?? byName.get(mirrored(reference));
  if (known) {
    // Copies for Kubernetes' own tests count their builds: `2.4.38-4`.
    const tag = reference.path.startsWith('e2e-test-images/') ? reference.tag.replace(/-\d+$/, '') : reference.tag;
    const exists = reference.digest !== undefined || known.hasTag(reference.tag) || known.hasTag(tag);
    return { reference, image: known, assumed: false, problem: exists ? undefined : 'no-such-tag' };
  }
  return { reference, image: assumedImage!, assumed: true, problem: problemOf(reference) };
}

/** Mirrors of Docker Hub's official images, and old homes of Kubernetes' own. */
function mirrored({ registry, path, repository }: Reference): string {
  if (registry === 'k8s.gcr.io' || registry === 'gcr.io' || registry === 'registry.k8s.io') {
    const name = path.replace(/^google[-_]containers\//, '');
    const copy = /^e2e-test-images\/(nginx|httpd|perl|redis)$/.exec(name);
    if (copy) return copy[1]!;
    return `registry.k8s.io/${name}`;
  }
  const mirror = /^(?:public\.ecr\.aws\/docker\/library|mirror\.gcr\.io\/library|quay\.io\/libpod)\/(.+)$/.exec(
    repository,
  );
  return mirror ? mirror[1]! : repository;
}

/** Names that lead nowhere in reality. A name of Docker Hub's own without a slash exists only if it is official. */
function problemOf({ registry, path }: Reference): ImageInfo['problem'] {
  const host = registry.split(':')[0]!;
  if (host === 'localhost' || host === '127.0.0.1') return 'refused';
  if (/\.(?:invalid|example|test|local|localhost|internal|lan)$/.test(host)) return 'no-such-host';
  if (registry === 'docker.io' && path.startsWith('library/') && !officialNames.has(path.slice(8)))
    return 'no-such-repository';
  return undefined;
}
