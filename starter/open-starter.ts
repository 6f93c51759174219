import { Client } from '@temporalio/client';

import type { KubernetesConnection } from '../kubernetes/client.ts';
import type { Logger } from '../kubernetes/logger.ts';
import { resolveInstallation } from '../runtime/resolve-installation.ts';
import type { OperatorSettings } from '../runtime/settings.ts';
import type { Tracing } from '../runtime/tracing/tracing.ts';
import { readTemporalSettings } from '../runtime/temporal-settings.ts';
import { connectClient } from '../temporal/connect-client.ts';
import { dataConverterFrom } from '../temporal/data-converter.ts';
import type { NodeStarter } from './node-starter.ts';
import { createNodeStarter } from './node-starter.ts';
import { createSearchAttributes } from './search-attributes.ts';
import { tracedClient } from './traced-client.ts';

export interface OpenStarter {
  readonly starter: NodeStarter;
  /** The name of the Kubernetes cluster in workflow ids. */
  readonly cluster: string;
  readonly taskQueue: string;
  /** Where Temporal is, for people. */
  readonly temporal: { readonly address: string; readonly namespace: string };
  readonly close: () => Promise<void>;
}

/**
 * Connects to the Temporal of the environment, so that runs can be started and told of changes.
 *
 * @throws {UserError} when Temporal cannot be reached, a setting is bad, or the cluster has no name
 */
export async function openStarter(
  settings: OperatorSettings,
  kubernetes: KubernetesConnection,
  logger: Logger,
  tracing?: Tracing,
): Promise<OpenStarter> {
  const { connection: to, namespace } = readTemporalSettings();
  const dataConverter = dataConverterFrom(process.env);
  const connection = await connectClient(to, settings.connectTimeoutSeconds);
  const { cluster, taskQueue } = await resolveInstallation(settings, kubernetes);
  const searchAttributes = createSearchAttributes(connection, namespace, logger);
  await searchAttributes.register();
  const interceptors = await tracedClient(tracing);
  const client = new Client({
    connection,
    namespace,
    ...(interceptors && { interceptors }),
    ...(dataConverter && { dataConverter }),
  });
  return {
    starter: createNodeStarter({ client, cluster, taskQueue, searchAttributes }),
    cluster,
    taskQueue,
    temporal: { address: to.address, namespace },
    close: () => connection.close(),
  };
}
