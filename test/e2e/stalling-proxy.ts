import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/** A TCP proxy on this machine whose connections can be made to stand still. */
export interface StallingProxy {
  /** `HOST:PORT` */
  readonly address: string;
  /** Lets nothing arrive from now on, until `goOn`; loses nothing. */
  stall(): void;
  goOn(): void;
  close(): void;
}

/** @param target `HOST:PORT` */
export async function startStallingProxy(target: string): Promise<StallingProxy> {
  const { hostname, port: targetPort } = new URL(`tcp://${target}`);
  const clients = new Set<Socket>();
  let isStalled = false;
  const server = createServer((client) => {
    const upstream = connect(Number(targetPort), hostname);
    clients.add(client);
    client.on('data', (chunk) => upstream.write(chunk));
    upstream.on('data', (chunk) => client.write(chunk));
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      socket.on('error', () => other.destroy()).on('close', () => other.destroy());
    }
    client.on('close', () => clients.delete(client));
    if (isStalled) client.pause();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    address: `127.0.0.1:${port}`,
    stall: () => {
      isStalled = true;
      for (const client of clients) client.pause();
    },
    goOn: () => {
      isStalled = false;
      for (const client of clients) client.resume();
    },
    close: () => {
      for (const client of clients) client.destroy();
      server.close();
    },
  };
}
