/**
 * Histories of a released version stay as they were recorded: runs of it are under way in installations.
 * Each released version has a line in `released.json`, its digest; the changelog says which are released.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** By version: the digest of its histories at the release. */
export type Released = Readonly<Record<string, string>>;

/** The versions that have a heading in the changelog that does not say `unreleased`. */
export function releasedVersions(changelog: string): readonly string[] {
  const headings = [...changelog.matchAll(/^## (?<version>\d+\.\d+\.\d+)(?<rest>.*)$/gmu)];
  return headings
    .filter(({ groups }) => groups?.['rest']?.includes('unreleased') === false)
    .map(({ groups }) => groups?.['version'] ?? '');
}

/** What is wrong with the recorded histories, one sentence each. */
export function releaseProblems(
  histories: string,
  versions: readonly string[],
  released: Released,
): readonly string[] {
  const all = new Set([...versions, ...Object.keys(released)]);
  return [...all].flatMap((version) => {
    const folder = path.join(histories, version);
    if (!existsSync(folder)) return [`the histories of ${version}, which is released, are missing`];
    const digest = digestOf(folder);
    if (released[version] === digest) return [];
    return released[version] === undefined
      ? [`${version} is released: add "${version}": "${digest}" to test/replay/released.json`]
      : [
          `a history of ${version}, which is released, was changed: restore test/replay/histories/${version}`,
        ];
  });
}

function digestOf(folder: string): string {
  const hash = createHash('sha256');
  for (const file of readdirSync(folder).toSorted()) {
    hash.update(`${file}\n`).update(readFileSync(path.join(folder, file)));
  }
  return hash.digest('hex');
}
