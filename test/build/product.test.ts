import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { afterAll, describe, expect, it } from 'vitest';

import { buildProduct } from '../../build/product.ts';
import { productionPackages } from './production-tree.ts';

const run = promisify(execFile);

const directory = await mkdtemp(path.join(tmpdir(), 'seinode-product-'));
afterAll(() => rm(directory, { recursive: true }));
const { outputs } = await buildProduct(directory);

describe('the bundled product', () => {
  it('imports no package that only development has', async () => {
    const packages = new Set(await productionPackages());
    const imported = Object.keys(outputs).flatMap((file) => packagesOf(file));
    expect(imported).toContain('@temporalio/worker');
    expect(imported.filter((name) => !packages.has(`node_modules/${name}`))).toEqual([]);
  });

  it('leaves native packages out of the watcher', async () => {
    const watcher = Object.keys(outputs).find((file) => file.endsWith('/watcher.js'));
    const imported = packagesOf(watcher ?? '');
    expect(imported).toContain('@temporalio/client');
    expect(imported).not.toContain('@temporalio/worker');
  });

  it('names no TypeScript file that is loaded by its path', async () => {
    const files = (await readdir(directory)).filter((file) => file.endsWith('.js'));
    const texts = await Promise.all(
      files.map((file) => readFile(path.join(directory, file), 'utf8')),
    );
    expect(texts.join('\n')).not.toMatch(/new URL\([^)]*\.ts["'`], import\.meta\.url\)/);
  });

  it.for([
    { words: [], says: 'no command' },
    { words: ['wroker'], says: '"wroker"' },
  ])('refuses $words with a sentence', async ({ words, says }) => {
    const script = path.join(directory, 'seinode.js');
    await expect(run(process.execPath, [script, ...words])).rejects.toMatchObject({
      code: 2,
      stderr: `seinode: ${says}: expected one of worker, watcher, set-up, cli\n`,
    });
  });
});

/** The packages that a file imports, by itself or through the files beside it. */
function packagesOf(file: string): readonly string[] {
  const reached = new Set([file]);
  const packages = new Set<string>();
  for (const each of reached) {
    for (const { path: imported, external } of outputs[each]?.imports ?? []) {
      if (external !== true) reached.add(imported);
      else if (!imported.startsWith('node:')) packages.add(packageOf(imported));
    }
  }
  return [...packages];
}

function packageOf(specifier: string): string {
  const [scope = '', name = ''] = specifier.split('/');
  return scope.startsWith('@') ? `${scope}/${name}` : scope;
}
