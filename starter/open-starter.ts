import { Client, Connection } from '@temporalio/client';

import type { KubernetesConnection } from '../kubernetes/client.ts';
import type { Logger } from '../kubernetes/logger.ts';
import { connectWithin } from '../runtime/connect-within.ts';
import { resolveClusterName } from '../runtime/open-cluster.ts';
import type { OperatorSettings } from '../runtime/settings.ts';
import { readTemporalSettings } from '../runtime/temporal-settings.ts';
import type { NodeStarter } from './node-starter.ts';
import { createNodeStarter } from './node-starter.ts';
import { createSearchAttributes } from './search-attributes.ts';

export interface OpenStarter {
  readonly starter: NodeStarter;
  /** The name of the Kubernetes cluster in workflow ids. */
  readonly cluster: string;
  /** Where Temporal is, for people. */
  readonly temporal: { readonly address: string; readonly namespace: string };
  readonly close: () => Promise<void>;
}

/**
 * Connects to the Temporal of the environment, so that runs can be started and told of changes.
 *
 * @throws {UserError} when Temporal does not answer in time, or the cluster has no name
 */
export async function openStarter(
  settings: OperatorSettings,
  kubernetes: KubernetesConnection,
  logger: Logger,
): Promise<OpenStarter> {
  const { connection: options, namespace } = readTemporalSettings();
  const { address } = options;
  const connection = await connectWithin(
    settings.connectTimeoutSeconds,
    `Temporal at ${address}`,
    'check TEMPORAL_ADDRESS and that the server is up',
    () => Connection.connect(options),
  );
  const cluster = await resolveClusterName(settings, kubernetes);
  const searchAttributes = createSearchAttributes(connection, namespace, logger);
  await searchAttributes.register();
  const client = new Client({ connection, namespace });
  const { taskQueue } = settings;
  return {
    starter: createNodeStarter({ client, cluster, taskQueue, searchAttributes }),
    cluster,
    temporal: { address, namespace },
    close: () => connection.close(),
  };
}
