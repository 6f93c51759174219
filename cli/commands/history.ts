import { Command } from 'commander';

import type { HistoryEntry } from '../../domain/node/sei-node-status.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import { readNode } from '../cluster/read-nodes.ts';
import type { PastUpdate } from '../screens/history-screen.ts';
import { historyScreen } from '../screens/history-screen.ts';
import { ExitCode } from '../shell/exit-code.ts';
import { nodeArgument } from '../shell/node-argument.ts';
import type { Session } from '../shell/session.ts';
import { isStructured, structured } from '../shell/structured.ts';
import { nodeRuns, runAt } from '../temporal/node-runs.ts';
import { askOptional } from '../temporal/optional-temporal.ts';
import { webUiOf, workflowUrl } from '../temporal/web-ui.ts';
import type { Runner } from './runner.ts';

export function historyCommand(run: Runner): Command {
  return new Command('history')
    .description(
      'last ten updates, holds and rollbacks of a node, with links to the runs that Temporal retains',
    )
    .argument('<name>', 'SeiNode', nodeArgument)
    .action(run<[string]>(history));
}

async function history(session: Session, [name]: [string]): Promise<ExitCode> {
  const { kubernetes, namespace, terminal, output, interrupted } = session;
  const node = await readNode(kubernetes, { namespace, name }, interrupted);
  const entries = node.status?.history ?? [];
  const urlOf = entries.length === 0 ? undefined : await urlsOf(session, node);
  const updates = entries.map((entry): PastUpdate => ({ ...entry, url: urlOf?.(entry) }));
  if (isStructured(output)) {
    terminal.print(structured({ namespace, name, items: updates }, output));
  } else if (updates.length === 0) {
    terminal.note(`SeiNode ${name} has not been updated yet`);
  } else {
    const wide = output === 'wide';
    terminal.print(historyScreen(updates, { wide, now: session.now() }, terminal.palette));
  }
  return ExitCode.done;
}

/** Returns the address of each entry's run in the Web UI; undefined when Temporal does not answer. */
async function urlsOf(
  session: Session,
  node: SeiNode,
): Promise<((entry: HistoryEntry) => string | undefined) | undefined> {
  const workflowId = node.status?.plan?.workflowId;
  if (workflowId === undefined) return undefined;
  return askOptional(session, 'links', async (temporal) => {
    const { address, namespace } = temporal;
    const webUi = webUiOf(session.env['SEINODE_TEMPORAL_UI'], address);
    if (webUi === undefined) return () => undefined;
    const runs = await nodeRuns(temporal, workflowId);
    return ({ endedAt }) => {
      // An update may begin in one run and go on in the next; people look for its end.
      const run = runAt(runs, Date.parse(endedAt));
      return run && workflowUrl(webUi, namespace, workflowId, run.runId);
    };
  });
}
