import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';

import { afterEach, describe, expect, it } from 'vitest';

import { AddressListeners } from '../../../devcluster/sidecar/address-listeners.ts';
import { parseCidr } from '../../../devcluster/sidecar/cidr.ts';

let open: AddressListeners[] = [];

afterEach(() => {
  for (const listeners of open) listeners.close();
  open = [];
});

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.96.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

function listenersAt(cidr: string, port: number): AddressListeners {
  const listeners = new AddressListeners({
    cidr: parseCidr(cidr),
    port,
    onConnection: (socket) => socket.end(socket.localAddress ?? ''),
  });
  open.push(listeners);
  return listeners;
}

/** Returns the answer at an address: the address itself, if its own listener answers. */
async function answerAt(address: string, port: number): Promise<string> {
  const socket = connect(port, address).setEncoding('utf8');
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  return answer;
}

describe('AddressListeners', () => {
  it('listens at the address and at those that pods may get next', async () => {
    const port = await freePort();
    await listenersAt('127.96.0.0/16', port).cover('127.96.1.0');
    expect(await answerAt('127.96.1.0', port)).toBe('127.96.1.0');
    expect(await answerAt('127.96.1.250', port)).toBe('127.96.1.250');
    await expect(answerAt('127.96.9.1', port)).rejects.toThrow('ECONNREFUSED');
  });

  it('listens beyond when a pod is further than that', async () => {
    const port = await freePort();
    const listeners = listenersAt('127.96.0.0/16', port);
    await listeners.cover('127.96.0.1');
    await listeners.cover('127.96.3.9');
    expect(await answerAt('127.96.3.9', port)).toBe('127.96.3.9');
  });

  it('leaves the same port of other addresses to another devcluster', async () => {
    const port = await freePort();
    await listenersAt('127.96.0.0/24', port).cover('127.96.0.1');
    await listenersAt('127.95.0.0/24', port).cover('127.95.0.1');
    expect(await answerAt('127.95.0.1', port)).toBe('127.95.0.1');
  });

  it('ignores an address that is not of its block', async () => {
    const port = await freePort();
    await listenersAt('127.96.0.0/24', port).cover('10.0.0.1');
    await expect(answerAt('127.96.0.1', port)).rejects.toThrow('ECONNREFUSED');
  });

  it('says which address it cannot listen at, and why that may be', async () => {
    const port = await freePort();
    await listenersAt('127.96.0.0/29', port).cover('127.96.0.1');
    const clash = listenersAt('127.96.0.0/29', port).cover('127.96.0.1');
    await expect(clash).rejects.toThrow(
      `Cannot listen at 127.96.0.1:${port}. Is another devcluster using these addresses`,
    );
  });
});
