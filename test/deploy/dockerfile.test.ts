import { readFileSync } from 'node:fs';
import path from 'node:path';

import type { Metafile } from 'esbuild';
import { describe, expect, test } from 'vitest';

import { buildProduct } from '../../build/product.ts';
import { parseManifests } from './manifest.ts';

const root = path.dirname(path.dirname(import.meta.dirname));
const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

const dockerfile = read('Dockerfile');
const stages = dockerfile.split(/^(?=FROM )/m).slice(1);
const image = stages.at(-1) ?? '';

describe('the image', () => {
  test('begins with a base that is named by version and digest', () => {
    const [first = '', ...others] = stages;
    expect(first).toMatch(/^FROM node:\d+\.\d+\.\d+-bookworm-slim@sha256:[0-9a-f]{64} AS node\n/);
    expect(others.map((stage) => stage.split(/\s/)[1])).toEqual(others.map(() => 'node'));
    expect(dockerfile).toMatch(/^# syntax=docker\/dockerfile:1@sha256:[0-9a-f]{64}\n/);
  });

  test('has the Node that everything is tested with', () => {
    const [, version] = /^FROM node:([\d.]+)-/m.exec(dockerfile) ?? [];
    const { devDependencies } = JSON.parse(read('package.json')) as {
      readonly devDependencies: Readonly<Record<string, string>>;
    };
    expect(version).toBe(devDependencies['node']);
    expect(`v${version}`).toBe(process.version);
  });

  test.for(['worker', 'watcher'])('runs as the user that the pods of the %s name', (role) => {
    const [, user = '', group = ''] = /^USER (\d+):(\d+)$/m.exec(image) ?? [];
    const { securityContext } =
      parseManifests(read(`deploy/base/${role}.yaml`)).deployment(`seinode-${role}`).spec?.template
        .spec ?? {};
    expect(securityContext).toMatchObject({ runAsUser: Number(user), runAsGroup: Number(group) });
    expect(Number(user)).toBeGreaterThan(0);
  });

  test('is told what to run by the arguments of the pods', () => {
    expect(image).toMatch(/^ENTRYPOINT \[.*"\/app\/dist\/seinode\.js"\]$/m);
    expect(image).not.toMatch(/^CMD/m);
  });

  test('is built from nothing that the build context leaves out', async () => {
    const [everything, ...allowed] = read('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(everything).toBe('*');
    const sources = sourcesOf(await buildProduct('dist', { write: false }));
    // The workflows are bundled apart.
    const folders = new Set([...sources, 'workflows', 'build']);
    expect([...folders].filter((folder) => !allowed.includes(`!${folder}`))).toEqual([]);
    expect(allowed.filter((entry) => /test|devcluster|node_modules|git/.test(entry))).toEqual([]);
  });
});

/** The top folders of all that was bundled. */
function sourcesOf({ inputs }: Metafile): readonly string[] {
  return Object.keys(inputs).map((file) => file.split('/')[0] ?? '');
}
