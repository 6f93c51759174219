import { existsSync } from 'node:fs';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { describe, expect, it, onTestFinished } from 'vitest';

import { startChild } from './devcluster/child.ts';
import { writeProgram } from './devcluster/shell-program.ts';
import { temporaryDirectory } from './devcluster/temporary-directory.ts';

const SETUP = join(import.meta.dirname, '..', 'setup.mjs');

const LOCKED = {
  '': { version: '1.0.0' },
  'node_modules/node': { version: '24.0.0', integrity: 'sha512-node' },
  'node_modules/zod': { version: '4.0.0', integrity: 'sha512-zod' },
  'node_modules/other-platform': { version: '1.0.0', optional: true },
};

const { '': _project, 'node_modules/other-platform': _absent, ...INSTALLED } = LOCKED;

describe('setup.mjs', () => {
  it('installs what is missing on a fresh clone', async () => {
    const checkout = await freshClone();
    const result = await checkout.setUp();
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(await checkout.installations()).toBe(1);
  });

  it('does nothing when everything is there, platform packages of others apart', async () => {
    const checkout = await freshClone();
    await checkout.setUp();
    expect(await checkout.setUp()).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await checkout.installations()).toBe(1);
  });

  it.each([
    ['a package has another version', { 'node_modules/zod': { version: '3.0.0' } }],
    [
      'a package has another content',
      { 'node_modules/zod': { version: '4.0.0', integrity: 'sha512-other' } },
    ],
    ['a package is gone', { 'node_modules/zod': undefined }],
    [
      'there is a package that is not in the lock file',
      { 'node_modules/more': { version: '1.0.0' } },
    ],
  ])('installs again when %s', async (_, change) => {
    const checkout = await freshClone();
    await checkout.setUp();
    await checkout.writeInstalled({ ...INSTALLED, ...change });
    expect((await checkout.setUp()).code).toBe(0);
    expect(await checkout.installations()).toBe(2);
  });

  it('installs again when the project’s Node does not run', async () => {
    const checkout = await freshClone();
    await checkout.setUp();
    await writeProgram(checkout.at('node_modules', '.bin', 'node'), 'exit 1');
    expect((await checkout.setUp()).code).toBe(0);
    expect(await checkout.installations()).toBe(2);
  });

  it('installs once when two start at once', async () => {
    const checkout = await freshClone();
    const results = await Promise.all([checkout.setUp(), checkout.setUp()]);
    expect(results.map(({ code }) => code)).toEqual([0, 0]);
    expect(await checkout.installations()).toBe(1);
  });

  it('tells that npm ci failed', async () => {
    const checkout = await freshClone();
    await writeProgram(checkout.at('bin', 'npm'), 'echo "npm error network" >&2', 'exit 7');
    const { code, stderr } = await checkout.setUp();
    expect(code).toBe(1);
    expect(stderr).toBe(
      'npm error network\nSet-up failed: npm ci ended with exit code 7; its output is above\n',
    );
  });

  it('tells that there is no npm', async () => {
    const checkout = await freshClone({ npm: false });
    const { code, stderr } = await checkout.setUp();
    expect(code).toBe(1);
    expect(stderr).toBe(
      'Set-up failed: npm cannot be run (spawnSync npm ENOENT); install Node with npm, or fix PATH\n',
    );
  });

  it('tells what to do when npm ran no install scripts', async () => {
    const checkout = await freshClone();
    await checkout.writeNpm({ runsScripts: false });
    const { code, stderr } = await checkout.setUp();
    expect(code).toBe(1);
    expect(stderr).toContain('run: npm rebuild node --ignore-scripts=false');
  });

  it('refuses a Node that is too old', async () => {
    const checkout = await freshClone();
    const { code, stderr } = await checkout.setUp({ nodeVersion: '18.20.4' });
    expect(code).toBe(1);
    expect(stderr).toBe('Set-up failed: Node 18.20.4 is too old; install Node 20 or later\n');
    expect(await checkout.installations()).toBe(0);
  });
});

async function freshClone({ npm = true } = {}) {
  const root = await temporaryDirectory();
  const at = (...parts: readonly string[]): string => join(root, ...parts);
  await copyFile(SETUP, at('setup.mjs'));
  await writeFile(at('package-lock.json'), JSON.stringify({ packages: LOCKED }));
  const installedLock = (packages: object): string => JSON.stringify({ packages });
  const writeNpm = ({ runsScripts }: { readonly runsScripts: boolean }): Promise<void> =>
    writeProgram(
      at('bin', 'npm'),
      `echo "$@" >> ${at('npm.log')}`,
      '/bin/sleep 0.1',
      '/bin/mkdir -p node_modules/.bin',
      runsScripts ? `/bin/ln -sf ${process.execPath} node_modules/.bin/node` : ':',
      `echo '${installedLock(INSTALLED)}' > node_modules/.package-lock.json`,
    );
  await mkdir(at('bin'));
  if (npm) await writeNpm({ runsScripts: true });
  return {
    at,
    writeNpm,
    writeInstalled: (packages: object) =>
      writeFile(at('node_modules', '.package-lock.json'), installedLock(packages)),
    async installations(): Promise<number> {
      if (!existsSync(at('npm.log'))) return 0;
      const calls = (await readFile(at('npm.log'), 'utf8')).trim().split('\n');
      expect(new Set(calls)).toEqual(new Set(['ci --no-audit --no-fund']));
      return calls.length;
    },
    async setUp({ nodeVersion }: { readonly nodeVersion?: string } = {}) {
      const env = { PATH: at('bin'), ...(nodeVersion === undefined ? {} : pretend(nodeVersion)) };
      const child = startChild(at('setup.mjs'), [], env);
      onTestFinished(() => child.signal('SIGKILL'));
      return { code: await child.ended, stdout: child.stdout(), stderr: child.stderr() };
    },
  };
}

/** Makes Node say that it has another version. */
function pretend(version: string): NodeJS.ProcessEnv {
  const code = `Object.defineProperty(process,"versions",{value:{node:"${version}"}})`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` };
}
