import type { SeiNode } from '../../domain/node/sei-node.ts';
import { followNode } from '../cluster/follow-node.ts';
import { followNodeEvents } from '../cluster/node-events.ts';
import type { LogEntry } from '../node/log-entry.ts';
import { entryOfEvent, inOrder, runNarrator } from '../node/log-entry.ts';
import { logLine } from '../screens/log-screen.ts';
import { oneLine } from '../screens/one-line.ts';
import { CliError } from '../shell/cli-error.ts';
import { ExitCode } from '../shell/exit-code.ts';
import type { Session } from '../shell/session.ts';
import { isStructured, structured } from '../shell/structured.ts';
import type { OpenTemporal } from '../temporal/open-temporal.ts';

/** Long enough for both sources to deliver past entries, so that these come in the order of time. */
const SETTLE_MS = 300;

/**
 * Prints what happens to the node as it happens, until Ctrl-C or until the node is gone. Begins with what is kept of
 * it; of past runs it shows only the latest.
 */
export async function followLogs(session: Session, node: SeiNode): Promise<ExitCode> {
  const { kubernetes, terminal, interrupted } = session;
  const over = new AbortController();
  const signal = AbortSignal.any([interrupted, over.signal]);
  const print = printer(session);
  const temporal = await temporalOrNote(session);
  const runs = temporal && (await runFollower(session, node, temporal, print.add, signal));
  const onInterruption = (message: string): void => {
    terminal.note(`connection interrupted, trying again: ${oneLine(message)}`);
  };
  try {
    followNodeEvents(
      kubernetes,
      node.metadata,
      (event) => print.add(entryOfEvent(event)),
      onInterruption,
      signal,
    );
    await new Promise<void>((gone, reject) => {
      const onVersion = (version: SeiNode | undefined): void => {
        if (version?.metadata.uid !== node.metadata.uid) gone();
        // The plan shows that a new run has begun: no timer has to ask for it.
        runs?.look().catch(reject);
      };
      followNode(kubernetes, node.metadata, { onVersion, onInterruption }, signal);
    });
    print.flush();
    throw new CliError(ExitCode.failed, `SeiNode ${node.metadata.name} is gone`);
  } finally {
    over.abort();
    await temporal?.close();
  }
}

/** Holds back what comes in one burst, and prints it in the order of time. */
function printer({ terminal, output }: Session) {
  let waiting: LogEntry[] = [];
  let timer: NodeJS.Timeout | undefined;
  const flush = (): void => {
    timer = undefined;
    const entries = inOrder(waiting);
    waiting = [];
    terminal.print(
      entries.flatMap((entry) =>
        isStructured(output) ? structured(entry, output) : [logLine(entry, terminal.palette)],
      ),
    );
  };
  return {
    add: (entry: LogEntry): void => {
      waiting.push(entry);
      timer ??= setTimeout(flush, SETTLE_MS);
    },
    flush,
  };
}

async function temporalOrNote(session: Session): Promise<OpenTemporal | undefined> {
  const { openTemporal } = await import('../temporal/open-temporal.ts');
  try {
    return await openTemporal(session);
  } catch (err) {
    session.terminal.note(`without the steps of its runs: ${oneLine((err as Error).message)}`);
    return undefined;
  }
}

/** Follows the node's latest run, and the next one once a look has found it. */
async function runFollower(
  session: Session,
  node: SeiNode,
  temporal: OpenTemporal,
  add: (entry: LogEntry) => void,
  signal: AbortSignal,
) {
  const [{ askTemporal }, { followRun }, { latestRunId }, { workflowIdOf }] = await Promise.all([
    import('../temporal/ask-temporal.ts'),
    import('../temporal/follow-run.ts'),
    import('../temporal/latest-run.ts'),
    import('../temporal/workflow-id.ts'),
  ]);
  const workflowId = await workflowIdOf(session, node);
  const followed = new Set<string>();

  const look = async (): Promise<void> => {
    const runId = await latestRunId(temporal, workflowId);
    if (runId === undefined || followed.has(runId) || signal.aborted) return;
    followed.add(runId);
    const narrate = runNarrator(runId);
    for await (const event of followRun(temporal, workflowId, runId)) {
      if (signal.aborted) return;
      add(narrate(event));
    }
    // A run that continued as new already has its successor.
    await look();
  };
  return { look: () => askTemporal(temporal, look) };
}
