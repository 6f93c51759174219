import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, test } from 'vitest';

const root = path.dirname(path.dirname(import.meta.dirname));

function read<T>(...parts: readonly string[]): T {
  return JSON.parse(readFileSync(path.join(root, ...parts), 'utf8')) as T;
}

interface Package {
  readonly version: string;
  readonly integrity?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const lock = read<{ readonly packages: Readonly<Record<string, Package>> }>('package-lock.json');
const ours = read<Package>('package.json');
const devcluster = read<Package>('devcluster', 'package.json');
/** What is not from the registry. */
const OURS = new Set(['', 'devcluster', 'node_modules/@seinode/devcluster']);

describe('a package', () => {
  test('is asked for by its exact version', () => {
    const versions = Object.entries({ ...ours.dependencies, ...ours.devDependencies });
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });

  test('is the same for the devcluster', () => {
    expect(ours.dependencies).toMatchObject(devcluster.dependencies ?? {});
    expect(ours.devDependencies?.['@seinode/devcluster']).toBe(devcluster.version);
    expect(devcluster.version).toBe(ours.version);
  });

  test('is known by its hash, on every platform', () => {
    const packages = Object.entries(lock.packages).filter(([name]) => !OURS.has(name));
    expect(packages.length).toBeGreaterThan(400);
    expect(
      packages
        .filter(([, { integrity = '' }]) => !integrity.startsWith('sha512-'))
        .map(([name]) => name),
    ).toEqual([]);
  });
});

describe('OpenTelemetry', () => {
  const INTERCEPTORS = 'node_modules/@temporalio/interceptors-opentelemetry';
  const SDK = ['@opentelemetry/core', '@opentelemetry/resources', '@opentelemetry/sdk-trace-base'];

  test('stays at 1.x only for as long as the interceptors of Temporal ask for it', () => {
    const asked = lock.packages[INTERCEPTORS]?.dependencies ?? {};
    const ofSdk = Object.entries(asked).filter(([name]) => SDK.includes(name));
    expect(ofSdk.length).toBeGreaterThan(0);
    // When this fails: go to 2.x with all of @opentelemetry, which gets the fixes, and turn the test round.
    expect(ofSdk.filter(([, range]) => !range.startsWith('^1.'))).toEqual([]);
    expect(ours.dependencies?.['@opentelemetry/sdk-trace-base']).toMatch(/^1\./);
  });
});

test('the bot that updates dependencies looks wherever there are some', () => {
  const text = readFileSync(path.join(root, '.github', 'dependabot.yml'), 'utf8');
  for (const [ecosystem, file] of [
    ['npm', 'package-lock.json'],
    ['docker', 'Dockerfile'],
    ['docker-compose', 'docker-compose.yml'],
    ['github-actions', '.github/workflows/ci.yml'],
    ['gomod', 'devcluster/tools/kubernetes/go.mod'],
  ] as const) {
    expect(existsSync(path.join(root, file))).toBe(true);
    expect(text).toMatch(new RegExp(`package-ecosystem: ${ecosystem}$`, 'm'));
  }
});
