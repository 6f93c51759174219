import { describe, expect, it } from 'vitest';

import { isInRange, versionIn } from '../../../devcluster/binaries/version.ts';

describe('versionIn', () => {
  it.each([
    ['etcd Version: 3.7.3\nGit SHA: Not provided\nGo Version: go1.26.8', '3.7.3'],
    ['Kubernetes v1.36.3', '1.36.3'],
    ['Client Version: v1.32.4-dispatcher\nKustomize Version: v5.5.0', '1.32.4'],
    ['kwok version v0.8.0 go1.26.8 (linux/amd64)', '0.8.0'],
    ['temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)', '1.5.1'],
  ])('finds the version in %j', (text, version) => {
    expect(versionIn(text)).toBe(version);
  });

  it('finds none in an error message', () => {
    expect(versionIn('unknown flag: --version')).toBeUndefined();
  });
});

describe('isInRange', () => {
  const range = { from: '1.36', below: '1.37' };

  it('includes the lower bound and every patch of it', () => {
    expect(isInRange('1.36.0', range)).toBe(true);
    expect(isInRange('1.36.12', range)).toBe(true);
  });

  it('excludes the upper bound and what is below the lower one', () => {
    expect(isInRange('1.37.0', range)).toBe(false);
    expect(isInRange('1.35.9', range)).toBe(false);
  });

  it('compares numbers, not texts', () => {
    expect(isInRange('1.9.0', { from: '1.5', below: '2' })).toBe(true);
    expect(isInRange('1.10.0', { from: '1.9', below: '2' })).toBe(true);
  });
});
