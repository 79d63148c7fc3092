import { fnv1a } from '../../kernel/index.ts';

/** An image name in parts, its defaults filled in. */
export interface ImageName {
  /** `docker.io/library/nginx`. */
  readonly repository: string;
  /** `docker.io/library/nginx:1.27`. */
  readonly full: string;
}

const parsed = new Map<string, ImageName | string>(); // a pure memo: names repeat

/** Reads an image name as containerd does; a string is the reason why it is none. */
export function parseImage(image: string): ImageName | string {
  let result = parsed.get(image);
  if (result === undefined) {
    if (parsed.size > 1000) parsed.clear();
    parsed.set(image, (result = parse(image)));
  }
  return result;
}

function parse(image: string): ImageName | string {
  const at = image.indexOf('@');
  const digest = at < 0 ? '' : image.slice(at);
  let name = at < 0 ? image : image.slice(0, at);
  const colon = name.lastIndexOf(':');
  let tag = '';
  if (colon > name.lastIndexOf('/')) {
    tag = name.slice(colon + 1);
    name = name.slice(0, colon);
  }
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const hosted = first !== '' && (/[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase());
  const domain = hosted ? first : 'docker.io';
  const path = hosted ? name.slice(slash + 1) : slash < 0 ? `library/${name}` : name;
  if (path !== path.toLowerCase()) return `invalid reference format: repository name (${path}) must be lowercase`;
  if (
    !/^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*)*$/.test(path) ||
    (colon > image.lastIndexOf('/') && colon >= 0 && tag !== '' && !/^\w[\w.-]{0,127}$/.test(tag)) ||
    image.endsWith(':') ||
    (digest !== '' && !/^@sha256:[0-9a-f]{64}$/.test(digest))
  )
    return 'invalid reference format';
  const repository = `${domain}/${path}`;
  return { repository, full: digest ? `${repository}${digest}` : `${repository}:${tag || 'latest'}` };
}

/** The name as the runtime reports it in a container status: with registry and tag. */
export function runtimeName(image: string): string {
  const name = parseImage(image);
  return typeof name === 'string' ? image : name.full;
}

const ids = new Map<string, string>(); // a pure memo

/** The digest reference of an image. Simplified: made from its name, not of real layers. */
export function imageIdOf(image: string): string {
  let id = ids.get(image);
  if (id === undefined) {
    if (ids.size > 1000) ids.clear();
    const name = parseImage(image);
    const [repository, full] = typeof name === 'string' ? [image, image] : [name.repository, name.full];
    let hash = '';
    for (let i = 1; hash.length < 64; i++) hash += fnv1a(full, i).toString(16).padStart(8, '0');
    ids.set(image, (id = full.includes('@') ? full : `${repository}@sha256:${hash}`));
  }
  return id;
}

/** The policy that the API server fills in when none is given. */
export const pullPolicyOf = (image: string, given: string | undefined): string =>
  given ?? (runtimeName(image).endsWith(':latest') ? 'Always' : 'IfNotPresent');
