import type { Logger } from '../domain/logger.ts';
import type { Answers } from '../metrics/answers.ts';
import type { CredentialMetrics } from '../metrics/credential-metrics.ts';
import type { TemporalAddress, TemporalSettings } from '../settings/temporal-settings.ts';
import { validitiesOf } from './credentials.ts';
import { followCredentials } from './follow-credentials.ts';
import { grpcMessageOf } from './grpc-status.ts';
import { ticks } from './ticks.ts';

/** The part that the connections of both libraries share. */
interface Connection {
  setApiKey(apiKey: string): void | Promise<void>;
  withDeadline<T>(deadline: number, call: () => Promise<T>): Promise<T>;
  readonly workflowService: {
    describeNamespace(request: { namespace: string }): Promise<unknown>;
  };
  close(): Promise<void>;
}

export interface KeptConnection<C extends Connection> {
  readonly connection: C;
  readonly settings: TemporalSettings;
  /** @throws when the files of the settings cannot be read */
  readonly read: () => TemporalAddress;
  readonly open: (to: TemporalAddress) => Promise<C>;
  /** Called with the connection that everybody uses from now on. */
  readonly onReplaced: (connection: C) => void;
  readonly metrics: CredentialMetrics;
  readonly answers: Answers;
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

/** Far shorter than the silence after which `answers` fails. */
const ASK_EVERY_MS = 30_000;
/** The time of a call on a busy server; one that hangs must not delay the next for long. */
const ASK_WITHIN_MS = 10_000;

/**
 * Keeps a process connected to Temporal until the signal aborts: with the credentials that its files currently hold,
 * and with a check that Temporal still answers it.
 */
export function keepConnection<C extends Connection>(options: KeptConnection<C>): void {
  const { settings, read, open, onReplaced, metrics, answers, signal, logger } = options;
  let { connection } = options;
  metrics.holds(validitiesOf(settings.connection));
  const following = followCredentials({
    begun: settings.connection,
    read,
    take: async (to, change) => {
      switch (change) {
        case 'api-key':
          await connection.setApiKey(to.apiKey ?? '');
          break;
        case 'connection': {
          const before = connection;
          connection = await open(to);
          onReplaced(connection);
          await before.close();
          break;
        }
      }
      metrics.holds(validitiesOf(to));
    },
    signal,
    logger,
  });
  const asking = ask(() => connection, settings.namespace, answers, signal);
  for (const loop of [following, asking]) {
    loop.catch((err: unknown) => {
      logger.error('Temporal is not looked after any more', { err });
    });
  }
}

async function ask(
  connection: () => Connection,
  namespace: string,
  answers: Answers,
  signal: AbortSignal,
): Promise<void> {
  for await (const _ of ticks(ASK_EVERY_MS, signal)) {
    try {
      const { workflowService } = connection();
      await connection().withDeadline(Date.now() + ASK_WITHIN_MS, () =>
        workflowService.describeNamespace({ namespace }),
      );
      answers.answered();
    } catch (err) {
      answers.refused(grpcMessageOf(err));
    }
  }
}
