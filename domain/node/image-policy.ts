import { fullRepository, isRegistry, parseImageReference } from './image-reference.ts';

/** The images that an installation runs. */
export interface ImagePolicy {
  /** As `parseAllowedImage` returns them. Empty: images of any repository. */
  readonly allowed: readonly string[];
  /** True if an image must be named by its digest, which nobody can move as they can move a tag. */
  readonly requireDigest: boolean;
}

export const ANY_IMAGE: ImagePolicy = { allowed: [], requireDigest: false };

/** The reason to refuse an image, as clauses for a message, and the remedy. */
export interface ImageRefusal {
  readonly reason: string;
  readonly remedy: string;
}

/** Returns the reason to refuse the image; undefined for an image that may run. */
export function imageRefusal(image: string, policy: ImagePolicy): ImageRefusal | undefined {
  const reference = parseImageReference(image);
  if (reference === undefined) {
    return {
      reason: 'it is no image reference',
      remedy: 'write it as REGISTRY/REPOSITORY:TAG or REGISTRY/REPOSITORY@sha256:DIGEST',
    };
  }
  const { repository, digest } = reference;
  if (policy.allowed.length > 0 && !policy.allowed.some((each) => covers(each, repository))) {
    return {
      reason: `this installation allows only images of ${policy.allowed.join(', ')}`,
      remedy: 'use one of those, or have SEINODE_ALLOWED_IMAGES changed',
    };
  }
  if (policy.requireDigest && digest === undefined) {
    return {
      reason: 'this installation allows only images that are named by their digest',
      remedy: `write it as ${repository}@sha256:DIGEST`,
    };
  }
  return undefined;
}

/**
 * Parses an entry of the list of allowed images: a registry, or a repository or the first parts of one. An
 * asterisk stands for any characters within one part, except in the registry: many hosts give each of their
 * customers a name, and a customer could choose one that matches.
 *
 * @returns the entry with its registry written out; undefined for an entry that can match nothing, or that
 * leaves the registry open
 */
export function parseAllowedImage(entry: string): string | undefined {
  const parts = entry.split('/');
  const [first = '', ...rest] = parts;
  const isWellFormed = /^[\w.:-]+$/.test(first) && rest.every((part) => /^[\w.*-]+$/.test(part));
  if (!isWellFormed) return undefined;
  if (rest.length === 0 && isRegistry(first)) return entry;
  return fullRepository(entry);
}

/** Returns whether the entry names the repository, or parts above it. */
function covers(entry: string, repository: string): boolean {
  const allowed = entry.split('/');
  const parts = repository.split('/');
  return (
    parts.length >= allowed.length &&
    allowed.every((pattern, index) => matches(pattern, parts[index] ?? ''))
  );
}

/** Matches without a regular expression, so that no entry of a person can be slow or mean more than it says. */
function matches(pattern: string, part: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return part === first;
  if (!part.startsWith(first) || !part.endsWith(last)) return false;
  let from = first.length;
  for (const piece of rest) {
    const at = part.indexOf(piece, from);
    if (at < 0) return false;
    from = at + piece.length;
  }
  return from + last.length <= part.length;
}
