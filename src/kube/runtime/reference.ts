/** An image name taken apart, and put together as containerd writes it. */
export interface Reference {
  /** `docker.io/library/nginx`. */
  readonly repository: string;
  readonly registry: string;
  /** `library/nginx`. */
  readonly path: string;
  readonly tag: string;
  readonly digest?: string | undefined;
  /** `docker.io/library/nginx:latest`. */
  readonly full: string;
  /** As in the catalogue: `nginx`, `bitnami/redis`, `registry.k8s.io/pause`. */
  readonly short: string;
}

const cache = new Map<string, Reference | null>(); // pure: text → reference

/** Takes an image name apart; null when it is no valid name (the kubelet's InvalidImageName). Source: distribution/reference. */
export function parseReference(image: string): Reference | null {
  const known = cache.get(image);
  if (known !== undefined) return known;
  if (cache.size > 5000) cache.clear();
  const reference = parse(image);
  cache.set(image, reference);
  return reference;
}

function parse(image: string): Reference | null {
  const at = image.indexOf('@');
  const digest = at < 0 ? undefined : image.slice(at + 1);
  if (digest !== undefined && !/^[a-z0-9+._-]+:[0-9a-f]{32,}$/.test(digest)) return null;
  let name = at < 0 ? image : image.slice(0, at);
  let tag = '';
  const colon = name.lastIndexOf(':');
  if (colon > name.lastIndexOf('/')) {
    tag = name.slice(colon + 1);
    name = name.slice(0, colon);
    if (!/^\w[\w.-]{0,127}$/.test(tag)) return null;
  }
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const hasRegistry = first.includes('.') || first.includes(':') || first === 'localhost' || /[A-Z]/.test(first);
  let registry = hasRegistry ? first : 'docker.io';
  if (registry === 'index.docker.io') registry = 'docker.io';
  let path = hasRegistry ? name.slice(slash + 1) : name;
  if (!/^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*$/.test(path)) return null;
  if (!/^[a-zA-Z0-9.-]+(?::\d+)?$/.test(registry)) return null;
  if (registry === 'docker.io' && !path.includes('/')) path = `library/${path}`;
  if (tag === '' && digest === undefined) tag = 'latest';
  const repository = `${registry}/${path}`;
  return {
    repository,
    registry,
    path,
    tag,
    digest,
    full: repository + (tag === '' ? '' : `:${tag}`) + (digest === undefined ? '' : `@${digest}`),
    short: registry === 'docker.io' ? (path.startsWith('library/') ? path.slice(8) : path) : repository,
  };
}
