import type { Connection } from '@temporalio/client';
import { Client } from '@temporalio/client';

import type { Logger } from '../../domain/logger.ts';
import type { KubernetesConnection } from '../../kubernetes/api/client.ts';
import { resolveInstallation } from '../../process/resolve-installation.ts';
import type { Tracing } from '../../process/tracing/tracing.ts';
import type { OperatorSettings } from '../../settings/settings.ts';
import type { TemporalSettings } from '../../settings/temporal-settings.ts';
import { readTemporalSettings } from '../../settings/temporal-settings.ts';
import { connectClient } from '../connect-client.ts';
import { dataConverterFrom } from '../data-converter.ts';
import type { RunClient } from './run-client.ts';
import { createRunClient } from './run-client.ts';
import type { RunKind, RunObject } from './run-kind.ts';
import { createSearchAttributes } from './search-attributes.ts';
import { tracedClient } from './traced-client.ts';

export interface OpenStarter {
  readonly runsOf: <O extends RunObject>(kind: RunKind<O>) => RunClient<O>;
  /** The name of the Kubernetes cluster in workflow ids. */
  readonly cluster: string;
  readonly taskQueue: string;
  readonly temporal: TemporalSettings;
  readonly connection: Connection;
  /** Starts and signals runs through this connection from now on. */
  readonly goOver: (connection: Connection) => void;
  /** Closes the connection that is in use. */
  readonly close: () => Promise<void>;
}

/**
 * Connects to the Temporal of the environment, so that runs can be started and signalled.
 *
 * @throws {UserError} if Temporal cannot be reached, a setting is bad, or the cluster has no name
 */
export async function openStarter(
  settings: OperatorSettings,
  kubernetes: KubernetesConnection,
  logger: Logger,
  tracing?: Tracing,
): Promise<OpenStarter> {
  const temporal = readTemporalSettings();
  const { namespace } = temporal;
  const dataConverter = dataConverterFrom(process.env, logger);
  const connection = await connectClient(temporal.connection, settings.connectTimeoutSeconds);
  const { cluster, taskQueue } = await resolveInstallation(settings, kubernetes);
  const interceptors = await tracedClient(tracing);
  const clientOf = (through: Connection): Client =>
    new Client({
      connection: through,
      namespace,
      ...(interceptors && { interceptors }),
      ...(dataConverter && { dataConverter }),
    });
  const link = { connection, client: clientOf(connection) };
  const searchAttributes = createSearchAttributes(link, namespace, logger);
  await searchAttributes.register();
  return {
    runsOf: (kind) => createRunClient(kind, { link, cluster, taskQueue, searchAttributes }),
    cluster,
    taskQueue,
    temporal,
    connection,
    goOver: (next) => {
      link.connection = next;
      link.client = clientOf(next);
    },
    close: () => link.connection.close(),
  };
}
