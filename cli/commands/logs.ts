import { Command, InvalidArgumentError } from 'commander';

import type { SeiNode } from '../../domain/node/sei-node.ts';
import { nodeEvents } from '../cluster/node-events.ts';
import { readNode } from '../cluster/read-nodes.ts';
import type { LogEntry } from '../node/log-entry.ts';
import { entryOfEvent, inOrder, runNarrator } from '../node/log-entry.ts';
import { logLine } from '../screens/log-screen.ts';
import { ExitCode } from '../shell/exit-code.ts';
import { nodeArgument } from '../shell/node-argument.ts';
import type { Session } from '../shell/session.ts';
import { isStructured, structured } from '../shell/structured.ts';
import { nodeRuns } from '../temporal/node-runs.ts';
import { askOptional } from '../temporal/optional-temporal.ts';
import { followLogs } from './follow-logs.ts';
import type { Runner } from './runner.ts';

/** The update that a person asks about, and the run right before it. */
const DEFAULT_RUNS = 2;

interface LogsOptions {
  readonly follow?: boolean;
  readonly runs: number;
}

export function logsCommand(run: Runner): Command {
  return new Command('logs')
    .description('Events of a node and steps of its runs, in order of time')
    .argument('<name>', 'SeiNode', nodeArgument)
    .option('-f, --follow', 'follow what happens from now on')
    .option('--runs <count>', 'how many of the latest runs to show', count, DEFAULT_RUNS)
    .action(run<[string], LogsOptions>(logs));
}

async function logs(
  session: Session,
  [name]: [string],
  { follow, runs }: LogsOptions,
): Promise<ExitCode> {
  const { kubernetes, namespace, terminal, output, interrupted } = session;
  const node = await readNode(kubernetes, { namespace, name }, interrupted);
  if (follow === true) return followLogs(session, node);
  const [events, told] = await Promise.all([
    nodeEvents(kubernetes, node.metadata, interrupted),
    runEntries(session, node, runs),
  ]);
  const entries = inOrder([...events.map(entryOfEvent), ...(told ?? [])]);
  if (isStructured(output)) {
    terminal.print(structured({ namespace, name, items: entries }, output));
  } else if (entries.length === 0) {
    terminal.note(
      `nothing is left of SeiNode ${name}: Kubernetes keeps Events for an hour by default`,
    );
  } else {
    terminal.print(entries.map((entry) => logLine(entry, terminal.palette)));
  }
  return ExitCode.done;
}

/** Lists what the latest runs did; undefined when Temporal does not answer. */
async function runEntries(
  session: Session,
  node: SeiNode,
  most: number,
): Promise<readonly LogEntry[] | undefined> {
  return askOptional(session, 'the steps of its runs', async (temporal) => {
    const [{ readRun }, { workflowIdOf }] = await Promise.all([
      import('../temporal/read-run.ts'),
      import('../temporal/workflow-id.ts'),
    ]);
    const workflowId = await workflowIdOf(session, node);
    const runs = (await nodeRuns(temporal, workflowId)).slice(0, most);
    const entries = await Promise.all(
      runs.map(async ({ runId }) =>
        (await readRun(temporal, workflowId, runId)).map(runNarrator(runId)),
      ),
    );
    return entries.flat();
  });
}

function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new InvalidArgumentError('expected 1 or more');
  return value;
}
