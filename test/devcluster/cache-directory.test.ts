import { homedir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, it } from 'vitest';

import { cacheDirectory } from '../../devcluster/cache-directory.ts';

describe('cacheDirectory', () => {
  it('is in the home folder if nothing else is said', () => {
    expect(cacheDirectory({})).toBe(join(homedir(), '.cache', 'seinode-operator'));
  });

  it('is where XDG_CACHE_HOME says', () => {
    expect(cacheDirectory({ XDG_CACHE_HOME: '/var/cache' })).toBe('/var/cache/seinode-operator');
  });

  it('does not follow a relative XDG_CACHE_HOME', () => {
    expect(cacheDirectory({ XDG_CACHE_HOME: 'cache' })).toBe(cacheDirectory({}));
  });
});
