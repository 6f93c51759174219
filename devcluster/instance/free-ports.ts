import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * The lowest port, below Linux' range for outgoing connections (32768 and up): nobody gets one of these by accident
 * between our look and the server's start.
 */
const LOWEST = 20_000;
const HIGHEST = 32_000;

/**
 * Chooses ports that nothing on this machine listens on.
 *
 * @param taken ports of instances that may not listen yet
 */
export async function freePorts(count: number, taken: ReadonlySet<number>): Promise<number[]> {
  const free: number[] = [];
  const start = Math.floor(Math.random() * (HIGHEST - LOWEST));
  for (let step = 0; step < HIGHEST - LOWEST && free.length < count; step += 1) {
    const port = LOWEST + ((start + step) % (HIGHEST - LOWEST));
    if (!taken.has(port) && (await canListen('127.0.0.1', port))) free.push(port);
  }
  if (free.length < count) {
    throw new Error(
      `${count} ports are needed; only ${free.length} of ${LOWEST} to ${HIGHEST} are free`,
    );
  }
  return free;
}

/** Returns whether a server could listen there now. */
export async function canListen(host: string, port: number): Promise<boolean> {
  const server = createServer();
  try {
    const listening = once(server, 'listening');
    server.listen({ host, port, exclusive: true });
    await listening;
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
