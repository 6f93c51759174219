import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Server } from 'node:net';
import { userInfo } from 'node:os';

import { hasCode } from './has-code.ts';

/**
 * Runs `work` while no other process of this user on this machine runs work under the same key.
 *
 * The lock is a Linux abstract socket: the kernel gives it to one process and takes it back the moment that process
 * ends, however it ends, so a lock is never stale. A process that waits holds a connection to the owner and wakes when
 * it closes.
 *
 * @param key any text; usually the directory that the lock guards
 * @param onWait called once if another process has the lock
 */
export async function withLock<T>(
  key: string,
  work: () => Promise<T>,
  onWait: () => void = () => undefined,
): Promise<T> {
  const lock = await acquire(socketName(key), onWait);
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

interface Lock {
  release(): Promise<void>;
}

async function acquire(name: string, onWait: () => void): Promise<Lock> {
  const lock = await tryAcquire(name);
  if (lock !== undefined) return lock;
  onWait();
  for (;;) {
    await ownerGone(name);
    const next = await tryAcquire(name);
    if (next !== undefined) return next;
  }
}

async function tryAcquire(name: string): Promise<Lock | undefined> {
  const server = createServer();
  const waiting = new Set<{ destroy(): void }>();
  server.on('connection', (socket) => {
    waiting.add(socket);
    // A waiter that dies resets its connection, which does not matter here.
    socket.on('error', () => undefined).on('close', () => waiting.delete(socket));
  });
  if (!(await listens(server, name))) return undefined;
  return {
    async release() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of waiting) socket.destroy();
      await closed;
    },
  };
}

async function listens(server: Server, name: string): Promise<boolean> {
  try {
    const listening = once(server, 'listening');
    server.listen(name);
    await listening;
    return true;
  } catch (err) {
    if (hasCode(err, 'EADDRINUSE')) return false;
    throw err;
  }
}

/** Resolves when the lock may be free: its owner released it, or was gone before we could ask. */
async function ownerGone(name: string): Promise<void> {
  await new Promise<void>((resolve) => {
    connect(name)
      .on('error', () => undefined)
      .on('close', () => resolve())
      .resume();
  });
}

/** Hashes the key, because the kernel allows 107 bytes for a name; adds the user, because names are global. */
function socketName(key: string): string {
  const hash = createHash('sha256').update(`${userInfo().uid}:${key}`).digest('hex');
  return `\0seinode-operator-${hash.slice(0, 40)}`;
}
