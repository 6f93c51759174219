import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';

import { addressAt, type Cidr, indexOf } from './cidr.ts';

// kwok hands addresses out in their order and takes up those that are free again, so the next pod's
// is never far. Opening a listener takes 0.2 ms: less than a caller would lose by finding it closed.
const MARGIN = 256;

/**
 * Listens at one port of every address that a pod has or may get next. One listener for each: a
 * single one for all addresses would not be on loopback only, and would clash with that of another
 * devcluster, which has other addresses.
 */
export class AddressListeners {
  readonly #cidr: Cidr;
  readonly #port: number;
  readonly #onConnection: (socket: Socket) => void;
  readonly #servers: Server[] = [];
  readonly #sockets = new Map<string, Set<Socket>>();

  constructor(cidr: Cidr, port: number, onConnection: (socket: Socket) => void) {
    this.#cidr = cidr;
    this.#port = port;
    this.#onConnection = onConnection;
  }

  /**
   * Resolves when the addresses up to this one, and some beyond, are listened at.
   *
   * @throws {Error} when one of them cannot be
   */
  async cover(address = addressAt(this.#cidr, 0)): Promise<void> {
    const index = indexOf(this.#cidr, address);
    if (index === undefined) return;
    // The first and the last address of the block are those of the network and of its broadcast.
    const last = Math.min(index + MARGIN, this.#cidr.size - 2);
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
    const address = addressAt(this.#cidr, index);
    const sockets = new Set<Socket>();
    this.#sockets.set(address, sockets);
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      this.#onConnection(socket);
    });
    this.#servers.push(server);
    server.listen(this.#port, address);
    try {
      await once(server, 'listening');
    } catch (cause) {
      throw new Error(
        `Cannot listen at ${address}:${this.#port}. Is another devcluster using these addresses, ` +
          'or another program this port on all addresses?',
        { cause },
      );
    }
  }
}
