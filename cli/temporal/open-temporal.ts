import type { Connection } from '@temporalio/client';
import { Client } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';

import { readTemporalSettings } from '../../settings/temporal-settings.ts';
import { connectClient } from '../../temporal/connect-client.ts';
import { dataConverterFrom } from '../../temporal/data-converter.ts';
import { CliError } from '../shell/cli-error.ts';
import { ExitCode } from '../shell/exit-code.ts';
import type { Session } from '../shell/session.ts';

interface TemporalConnection {
  readonly connection: Connection;
  readonly address: string;
  readonly namespace: string;
  close(): Promise<void>;
}

export interface OpenTemporal extends TemporalConnection {
  readonly client: Client;
  readonly dataConverter: DataConverter | undefined;
}

/** Several times the duration of a handshake over the longest lines. */
const CONNECT_SECONDS = 4;

/**
 * Connects to the Temporal that the operator's processes use.
 *
 * @throws {CliError} when it does not answer, or does not let us in
 * @throws {UserError} for settings that cannot be used
 */
export async function openTemporal(
  session: Pick<Session, 'env'>,
  connectSeconds = CONNECT_SECONDS,
): Promise<OpenTemporal> {
  const dataConverter = dataConverterFrom(session.env);
  const opened = await openTemporalConnection(session, connectSeconds);
  const { connection, namespace } = opened;
  const client = new Client({ connection, namespace, ...(dataConverter && { dataConverter }) });
  return { ...opened, client, dataConverter };
}

/** Does the same for a command that reads no payload, and so needs no key that payloads are encrypted with. */
export async function openTemporalConnection(
  { env }: Pick<Session, 'env'>,
  connectSeconds: number,
): Promise<TemporalConnection> {
  // Options of the command line replace the variables that every Temporal tool reads.
  for (const [name, value] of Object.entries(env)) {
    if (name.startsWith('TEMPORAL_')) process.env[name] = value;
  }
  const { connection: to, namespace } = readTemporalSettings();
  const connection = await connected(() => connectClient(to, connectSeconds));
  return { connection, address: to.address, namespace, close: () => connection.close() };
}

async function connected<T>(connect: () => Promise<T>): Promise<T> {
  try {
    return await connect();
  } catch (err) {
    throw new CliError(ExitCode.unreachable, (err as Error).message, { cause: err });
  }
}
