// Makes sure that node_modules is what package-lock.json says. Every npm script starts with this, so it must run on any
// Node from 20 on, without dependencies, and be quick when there is nothing to do.

/* oxlint-disable typescript/no-unsafe-argument, typescript/no-unsafe-assignment, typescript/no-unsafe-member-access, typescript/no-unsafe-return --
   plain JavaScript, outside of the TypeScript projects: nothing here has a type */

import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE = 20;

const root = dirname(fileURLToPath(import.meta.url));
const projectNode = join(root, 'node_modules', '.bin', 'node');

try {
  await setUp();
} catch (err) {
  process.stderr.write(`Set-up failed: ${String(err?.message ?? err)}\n`);
  process.exitCode = 1;
}

async function setUp() {
  if (Number(process.versions.node.split('.')[0]) < OLDEST_NODE) {
    throw new Error(
      `Node ${process.versions.node} is too old; install Node ${OLDEST_NODE} or later`,
    );
  }
  if (isInstalled()) return;
  const lock = await acquireLock();
  try {
    // The previous holder of the lock has probably installed it.
    if (!isInstalled()) install();
  } finally {
    lock.close();
  }
}

function install() {
  process.stdout.write('Installing dependencies (npm ci)\n');
  const { error, status, signal } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (error !== undefined) {
    throw new Error(`npm cannot be run (${error.message}); install Node with npm, or fix PATH`);
  }
  if (status !== 0) {
    throw new Error(`npm ci ended with ${signal ?? `exit code ${status}`}; its output is above`);
  }
  if (!runsProjectNode()) {
    throw new Error(
      `${projectNode} does not run after npm ci; if install scripts are switched off, run: npm rebuild node --ignore-scripts=false`,
    );
  }
}

function isInstalled() {
  return agrees() && runsProjectNode();
}

/**
 * Compares package-lock.json with the lock file that npm leaves in node_modules when, and only when,
 * an installation is complete. Optional packages may be absent: most are for other platforms.
 */
function agrees() {
  const installed = packagesOf(join(root, 'node_modules', '.package-lock.json'));
  if (installed === undefined) return false;
  const wanted = packagesOf(join(root, 'package-lock.json'));
  if (wanted === undefined) throw new Error('package-lock.json cannot be read; restore it');
  const paths = new Set([...Object.keys(wanted), ...Object.keys(installed)]);
  // The project itself.
  paths.delete('');
  return [...paths].every((path) => {
    const [want, have] = [wanted[path], installed[path]];
    if (want === undefined) return false;
    if (have === undefined) return want.optional === true;
    return want.version === have.version && want.integrity === have.integrity;
  });
}

function packagesOf(lockFile) {
  try {
    return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

function runsProjectNode() {
  return spawnSync(projectNode, ['--version']).status === 0;
}

/**
 * Waits until no other process sets this checkout up. The lock is a socket, which the system takes back from a process
 * however that ends.
 */
async function acquireLock() {
  const address = lockAddress();
  for (let waited = false; ; waited = true) {
    const server = createServer();
    try {
      server.listen(address);
      await once(server, 'listening');
      return server;
    } catch (err) {
      if (err.code !== 'EADDRINUSE') throw err;
    }
    if (!waited) process.stdout.write('Waiting for another set-up of this checkout\n');
    await ownerGone(address);
  }
}

async function ownerGone(address) {
  await new Promise((resolve) => {
    const socket = connect(address);
    socket.on('close', resolve).resume();
    socket.on('error', (error) => {
      // Only a socket file outlives its owner; names on Linux and Windows do not.
      if (error.code === 'ECONNREFUSED' && !address.startsWith('\0'))
        rmSync(address, { force: true });
    });
  });
}

function lockAddress() {
  const name = `seinode-setup-${createHash('sha256').update(root).digest('hex').slice(0, 32)}`;
  if (process.platform === 'linux') return `\0${name}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(tmpdir(), name);
}
