import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { Logger } from '../../domain/logger.ts';
import { connect } from '../../kubernetes/api/client.ts';
import type { KubernetesConnection } from '../../kubernetes/api/client.ts';
import { startReflector } from '../../kubernetes/watch/reflector.ts';
import { AddressListeners } from './address-listeners.ts';
import { createAdminServer } from './admin-server.ts';
import { addressAt } from './cidr.ts';
import { FaultBoard } from './fault-board.ts';
import { Fleet } from './fleet.ts';
import { claimFollower, podFollower } from './followers.ts';
import { Journal } from './journal.ts';
import { podAt } from './live-pods.ts';
import type { SidecarOptions } from './options.ts';
import { podRemover } from './pod-remover.ts';
import { NODE_LABEL } from './pod.ts';
import type { KubeObject, Pod } from './pod.ts';
import { podRemoval } from './remove-pod.ts';
import { createSidecarServer } from './sidecar-server.ts';
import { StatusWriter } from './status-writer.ts';
import { Volumes } from './volume.ts';
import { podStatusWriter } from './write-pod-status.ts';

/** Leaves these requests out of every count of the operator's. */
const USER_AGENT = 'seinode-devcluster-sidecar';

/**
 * Starts the simulated sidecars of the pods of all SeiNodes. Resolves when they answer; they do so until the process
 * ends.
 *
 * @returns the address at which a `SidecarAdmin` reaches them
 * @throws {Error} when the addresses of the pods cannot be listened at
 */
export async function startSimulator(options: SidecarOptions, logger: Logger): Promise<string> {
  const { kubeconfig, cidr, port } = options;
  const connection = connect({ kubeconfigPath: kubeconfig, userAgent: USER_AGENT });
  const faults = new FaultBoard();
  const journal = new Journal();
  const volumes = new Volumes();
  const fleet = new Fleet({
    volumes,
    runOf: (node, { type }) => faults.hitTask(node, type),
    onChange: (podUid) => writer.probe(podUid),
  });
  const writer = new StatusWriter(fleet, podStatusWriter(connection, logger));
  const server = createSidecarServer({
    fleet,
    faults,
    journal,
    podAt: (address) => podAt(fleet, connection, address),
  });
  const listeners = new AddressListeners({
    cidr,
    port,
    onConnection: (socket) => server.emit('connection', socket),
  });
  await listeners.cover(addressAt(cidr, 0));
  const follow = podFollower(fleet, listeners, (error) =>
    logger.error('Cannot answer for a pod', { error }),
  );
  const remove = podRemover(podRemoval(connection, logger));
  await followCluster(connection, logger, {
    claims: claimFollower(volumes),
    pods: (change) => {
      follow(change);
      remove(change);
    },
  });
  return listenOnLoopback(createAdminServer({ fleet, faults, journal }));
}

interface Followers {
  readonly claims: ReturnType<typeof claimFollower>;
  readonly pods: ReturnType<typeof podFollower>;
}

/** Resolves when the followers have everything that exists. */
async function followCluster(
  connection: KubernetesConnection,
  logger: Logger,
  followers: Followers,
): Promise<void> {
  const { signal } = new AbortController();
  const claims = startReflector({
    connection,
    path: '/api/v1/persistentvolumeclaims',
    transform: (object) => object as KubeObject,
    onChange: followers.claims,
    logger,
    signal,
  });
  const pods = startReflector({
    connection,
    path: '/api/v1/pods',
    labelSelector: NODE_LABEL,
    transform: (object) => object as Pod,
    onChange: followers.pods,
    logger,
    signal,
  });
  await Promise.all([claims.whenSynced(), pods.whenSynced()]);
}

async function listenOnLoopback(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
