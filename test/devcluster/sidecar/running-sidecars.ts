import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { AddressListeners } from '../../../devcluster/sidecar/address-listeners.ts';
import { SidecarAdmin } from '../../../devcluster/sidecar/admin-client.ts';
import { createAdminServer } from '../../../devcluster/sidecar/admin-server.ts';
import { addressAt, parseCidr } from '../../../devcluster/sidecar/cidr.ts';
import { FaultBoard } from '../../../devcluster/sidecar/fault-board.ts';
import { Fleet } from '../../../devcluster/sidecar/fleet.ts';
import { Journal } from '../../../devcluster/sidecar/journal.ts';
import { createSidecarServer } from '../../../devcluster/sidecar/sidecar-server.ts';
import { Volumes } from '../../../devcluster/sidecar/volume.ts';

/** Runs the simulator without a cluster: the test decides what pods there are. */
export interface RunningSidecars {
  readonly fleet: Fleet;
  readonly volumes: Volumes;
  readonly admin: SidecarAdmin;
  readonly listeners: AddressListeners;
  /** The port of every pod's sidecar. */
  readonly port: number;
  /** Sends a request to the pod at an address, the first one's by default. */
  call(method: string, path: string, options?: CallOptions): Promise<Response>;
  submit(task: object): Promise<Response>;
  /** Returns the status of healthz. */
  healthz(address?: string): Promise<number>;
  close(): void;
}

interface CallOptions {
  readonly address?: string;
  readonly body?: string;
  readonly token?: string;
  readonly signal?: AbortSignal;
}

export async function runSidecars(): Promise<RunningSidecars> {
  const [faults, journal, volumes] = [new FaultBoard(), new Journal(), new Volumes()];
  const fleet = new Fleet({
    volumes,
    runOf: (node, { type }) => faults.hitTask(node, type),
    onChange: () => undefined,
  });
  const server = createSidecarServer({
    fleet,
    faults,
    journal,
    podAt: (address) => Promise.resolve(fleet.at(address)),
  });
  const cidr = parseCidr('127.97.0.0/29');
  const port = await freePort();
  const listeners = new AddressListeners({
    cidr,
    port,
    onConnection: (socket) => server.emit('connection', socket),
  });
  await listeners.cover(addressAt(cidr, 0));
  const adminServer = createAdminServer({ fleet, faults, journal });
  adminServer.listen(0, '127.0.0.1');
  await once(adminServer, 'listening');

  const call: RunningSidecars['call'] = (method, path, options = {}) => {
    const { address = '127.97.0.1', body, token, signal } = options;
    return fetch(`http://${address}:${port}${path}`, {
      method,
      ...(body === undefined ? {} : { body }),
      ...(token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } }),
      ...(signal === undefined ? {} : { signal }),
    });
  };
  return {
    fleet,
    volumes,
    listeners,
    port,
    admin: new SidecarAdmin(`http://127.0.0.1:${portOf(adminServer)}`),
    call,
    submit: (task) => call('POST', '/v0/tasks', { body: JSON.stringify(task) }),
    healthz: async (address) =>
      (await call('GET', '/v0/healthz', address === undefined ? {} : { address })).status,
    close() {
      listeners.close();
      adminServer.close();
      adminServer.closeAllConnections();
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.97.0.1');
  await once(probe, 'listening');
  const port = portOf(probe);
  probe.close();
  await once(probe, 'close');
  return port;
}

function portOf(server: ReturnType<typeof createServer>): number {
  return (server.address() as AddressInfo).port;
}
