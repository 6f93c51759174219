import { Command } from 'commander';

import { readNode } from '../cluster/read-nodes.ts';
import type { ExitCode } from '../shell/exit-code.ts';
import { nodeArgument } from '../shell/node-argument.ts';
import type { Session } from '../shell/session.ts';
import { openTimeoutOption } from '../shell/timeout-option.ts';
import type { Runner } from './runner.ts';
import { waitForOutcome } from './wait-for-outcome.ts';

interface WatchOptions {
  readonly timeout?: number;
}

export function watchCommand(run: Runner): Command {
  return new Command('watch')
    .description('follow a node until its outcome, live on a terminal')
    .argument('<name>', 'SeiNode', nodeArgument)
    .addOption(openTimeoutOption('how long to follow it', 'no limit'))
    .action(run<[string], WatchOptions>(watch));
}

async function watch(
  session: Session,
  [name]: [string],
  { timeout }: WatchOptions,
): Promise<ExitCode> {
  const { kubernetes, namespace, interrupted } = session;
  const node = await readNode(kubernetes, { namespace, name }, interrupted);
  return waitForOutcome(session, node, { timeoutSeconds: timeout });
}
