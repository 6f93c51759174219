import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import released from './released.json' with { type: 'json' };
import { releasedVersions, releaseProblems } from './released.ts';

const here = path.dirname(fileURLToPath(import.meta.url));

describe('the recorded histories', () => {
  it('of released versions are as they were released', () => {
    const changelog = readFileSync(path.join(here, '..', '..', 'CHANGELOG.md'), 'utf8');
    const versions = releasedVersions(changelog);
    expect(releaseProblems(path.join(here, 'histories'), versions, released)).toEqual([]);
  });
});

describe('the check of released histories', () => {
  let histories: string;

  beforeEach(() => {
    histories = mkdtempSync(path.join(tmpdir(), 'histories-'));
    mkdirSync(path.join(histories, '1.0.0'));
    writeFileSync(path.join(histories, '1.0.0', 'update.json'), '{}');
  });

  afterEach(() => rmSync(histories, { recursive: true }));

  const problems = (digests = {}) => releaseProblems(histories, ['1.0.0'], digests);

  function pinned(): Record<string, string> {
    const [, digest = ''] = /"(?<digest>[0-9a-f]{64})"/u.exec(problems()[0] ?? '') ?? [];
    return { '1.0.0': digest };
  }

  it('takes the versions from the changelog, and leaves one out that is not released', () => {
    expect(releasedVersions('## 1.1.0, unreleased\n\n## 1.0.0, 2027-01-01\n\n- text\n')).toEqual([
      '1.0.0',
    ]);
  });

  it('asks for the digest of a new release, and takes it', () => {
    expect(problems()).toEqual([expect.stringContaining('add "1.0.0": ')]);
    expect(problems(pinned())).toEqual([]);
  });

  it.each<[string, (folder: string) => void]>([
    ['changed', (folder) => writeFileSync(path.join(folder, 'update.json'), '{"a":1}')],
    ['added', (folder) => writeFileSync(path.join(folder, 'init.json'), '{}')],
    ['removed', (folder) => rmSync(path.join(folder, 'update.json'))],
  ])('refuses a history that was %s since', (_, change) => {
    const digests = pinned();
    change(path.join(histories, '1.0.0'));
    expect(problems(digests)).toEqual([
      'a history of 1.0.0, which is released, was changed: restore test/replay/histories/1.0.0',
    ]);
  });

  it('misses the histories of a release that has none', () => {
    const digests = pinned();
    rmSync(path.join(histories, '1.0.0'), { recursive: true });
    expect(problems(digests)).toEqual(['the histories of 1.0.0, which is released, are missing']);
  });
});
