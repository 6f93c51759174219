import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { AddressListeners } from './address-listeners.ts';
import { createAdminServer } from './admin-server.ts';
import { FaultBoard } from './fault-board.ts';
import { Fleet } from './fleet.ts';
import { follow } from './follow.ts';
import { claimFollower, podFollower } from './followers.ts';
import { Journal } from './journal.ts';
import { KubeApi } from './kube-api.ts';
import { podAt } from './live-pods.ts';
import type { SidecarOptions } from './options.ts';
import { NODE_LABEL } from './pod.ts';
import { createSidecarServer } from './sidecar-server.ts';
import { StatusWriter } from './status-writer.ts';
import { Volumes } from './volume.ts';

export interface Simulator {
  /** Where `SidecarAdmin` reaches it. */
  readonly adminUrl: string;
  close(): Promise<void>;
}

/**
 * Starts the simulated sidecars of all pods of SeiNodes. Resolves when they answer.
 *
 * @param onTrouble told of what failed and is tried again
 * @throws {Error} when the pods' addresses cannot be listened at
 */
export async function startSimulator(
  { kubeconfig, cidr, port }: SidecarOptions,
  onTrouble: (error: unknown) => void,
): Promise<Simulator> {
  const api = new KubeApi(kubeconfig);
  const faults = new FaultBoard();
  const journal = new Journal();
  const volumes = new Volumes();
  const fleet = new Fleet({
    volumes,
    runOf: (node, { type }) => faults.hitTask(node, type),
    onChange: (podUid) => writer.probe(podUid),
  });
  const writer = new StatusWriter(fleet, api, onTrouble);
  const server = createSidecarServer({
    fleet,
    faults,
    journal,
    podAt: (address) => podAt(fleet, api, address),
  });
  const listeners = new AddressListeners(cidr, port, (socket) => server.emit('connection', socket));
  await listeners.cover();
  const stop = new AbortController();
  const following = { signal: stop.signal, onTrouble };
  const pods = podFollower(fleet, listeners, onTrouble);
  await Promise.all([
    follow(api, '/api/v1/persistentvolumeclaims?', claimFollower(volumes), following),
    follow(api, `/api/v1/pods?labelSelector=${NODE_LABEL}`, pods, following),
  ]);
  const admin = createAdminServer({ fleet, faults, journal });
  return {
    adminUrl: await listenOnLoopback(admin),
    async close() {
      stop.abort();
      listeners.close();
      admin.close();
      admin.closeAllConnections();
      await api.close();
    },
  };
}

async function listenOnLoopback(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
