import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Server, Socket } from 'node:net';

import { addressAt, indexOf } from './cidr.ts';
import type { Cidr } from './cidr.ts';

/**
 * The number of open addresses beyond the newest pod's. kwok hands addresses out in order and reuses free ones, so the
 * next pod's is near. Opening a listener takes 0.2 ms: less than a caller would lose by finding it closed.
 */
const MARGIN = 256;

export interface AddressListenersOptions {
  /** The addresses that pods may have. */
  readonly cidr: Cidr;
  readonly port: number;
  readonly onConnection: (socket: Socket) => void;
}

/**
 * Listens at one port of every address that a pod has or may get next, by one listener each: a single one for all
 * addresses would not be on loopback only, and would clash with that of another devcluster, which has others.
 */
export class AddressListeners {
  readonly #options: AddressListenersOptions;
  readonly #servers: Server[] = [];
  readonly #sockets = new Map<string, Set<Socket>>();

  constructor(options: AddressListenersOptions) {
    this.#options = options;
  }

  /**
   * Resolves when it listens at the addresses up to this one, and some beyond. An address that no pod can have changes
   * nothing.
   *
   * @throws {Error} when it cannot listen at one of them
   */
  async cover(address: string): Promise<void> {
    const { cidr } = this.#options;
    const index = indexOf(cidr, address);
    if (index === undefined) return;
    // The first and the last address of the block are the network's and the broadcast address.
    const last = Math.min(index + MARGIN, cidr.size - 2);
    const opening: Promise<void>[] = [];
    while (this.#servers.length < last) opening.push(this.#open(this.#servers.length + 1));
    await Promise.all(opening);
  }

  /** Cuts all connections to an address: the pod that had it is gone. */
  cut(address: string): void {
    for (const socket of this.#sockets.get(address) ?? []) socket.destroy();
  }

  close(): void {
    for (const server of this.#servers) server.close();
    for (const address of this.#sockets.keys()) this.cut(address);
  }

  async #open(index: number): Promise<void> {
    const { cidr, port, onConnection } = this.#options;
    const address = addressAt(cidr, index);
    const sockets = new Set<Socket>();
    this.#sockets.set(address, sockets);
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      onConnection(socket);
    });
    this.#servers.push(server);
    server.listen(port, address);
    try {
      await once(server, 'listening');
    } catch (err) {
      throw new Error(
        `Cannot listen at ${address}:${port}. Is another devcluster using these addresses, ` +
          'or another program this port on all addresses?',
        { cause: err },
      );
    }
  }
}
