import { oneLine } from '../screens/one-line.ts';
import type { Session } from '../shell/session.ts';
import type { OpenTemporal } from './open-temporal.ts';

/** The longest that a person waits for a mere addition to an answer. */
const CONNECT_SECONDS = 2;
const ANSWER_TIMEOUT_MS = 3_000;

/**
 * Asks Temporal for an addition to the answer of a command that needs Kubernetes only. Returns undefined, and writes a
 * note, when Temporal does not answer.
 *
 * @param without what the answer lacks then, for the note
 */
export async function askOptional<T>(
  session: Session,
  without: string,
  ask: (temporal: OpenTemporal) => Promise<T>,
): Promise<T | undefined> {
  try {
    // The client library takes half a second to load, which other commands are spared.
    const [{ openTemporal }, { askTemporal }] = await Promise.all([
      import('./open-temporal.ts'),
      import('./ask-temporal.ts'),
    ]);
    const temporal = await openTemporal(session, CONNECT_SECONDS);
    try {
      return await askTemporal(temporal, () =>
        temporal.connection.withDeadline(Date.now() + ANSWER_TIMEOUT_MS, () => ask(temporal)),
      );
    } finally {
      await temporal.close();
    }
  } catch (err) {
    const isError = err instanceof Error;
    session.terminal.note(`without ${without}: ${oneLine(isError ? err.message : String(err))}`);
    if (session.isDebug && isError) session.terminal.note(...(err.stack ?? '').split('\n'));
    return undefined;
  }
}
