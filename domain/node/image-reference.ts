/** The parts of a container image's name. */
export interface ImageReference {
  /** With the registry that is implied where none is written: `docker.io/library/busybox`. */
  readonly repository: string;
  readonly tag: string | undefined;
  /** Such as `sha256:` and 64 hexadecimal digits. */
  readonly digest: string | undefined;
}

// The grammar that container runtimes accept: github.com/distribution/reference, `reference.go`.
const HOST = String.raw`[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?`;
const DOMAIN = String.raw`(?:${HOST}(?:\.${HOST})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?`;
const PATH = String.raw`[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*`;
const NAME = String.raw`(?:${DOMAIN}/)?${PATH}(?:/${PATH})*`;
const TAG = String.raw`[\w][\w.-]{0,127}`;
const DIGEST = String.raw`[a-zA-Z][a-zA-Z0-9]*(?:[-_+.][a-zA-Z][a-zA-Z0-9]*)*:[0-9a-fA-F]{32,}`;
const REFERENCE = new RegExp(`^(${NAME})(?::(${TAG}))?(?:@(${DIGEST}))?$`);
const LONGEST_NAME = 255;

/** Parses a container image's name; undefined for a name that no container runtime accepts. */
export function parseImageReference(image: string): ImageReference | undefined {
  const [, name, tag, digest] = REFERENCE.exec(image) ?? [];
  if (name === undefined || name.length > LONGEST_NAME) return undefined;
  return { repository: fullRepository(name), tag, digest };
}

/** Returns the repository with its registry. A first part that can be no host is one of Docker Hub's own names. */
export function fullRepository(name: string): string {
  const [first = '', ...rest] = name.split('/');
  const hasRegistry = rest.length > 0 && isRegistry(first);
  if (hasRegistry) return name;
  return rest.length === 0 ? `docker.io/library/${name}` : `docker.io/${name}`;
}

export function isRegistry(part: string): boolean {
  return /[.:A-Z]/.test(part) || part === 'localhost';
}
