import { assertNever } from '../../domain/assert-never.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import { nodeHealth } from '../../domain/status/node-health.ts';
import { untilOutcome } from '../cluster/until-outcome.ts';
import { nodeLine } from '../node/node-line.ts';
import { CliError } from '../shell/cli-error.ts';
import { ExitCode } from '../shell/exit-code.ts';
import { hiddenView, nodeView } from '../shell/live-view.ts';
import type { Session } from '../shell/session.ts';
import { isStructured, structured } from '../shell/structured.ts';

/**
 * Shows the node on its way to its outcome, and ends with that.
 *
 * @throws {CliError} for another outcome than the one waited for, or none in time
 */
export async function waitForOutcome(
  session: Session,
  node: SeiNode,
  wait: { readonly image?: string; readonly timeoutSeconds: number | undefined },
): Promise<ExitCode> {
  const { kubernetes, terminal, output, interrupted, words } = session;
  const { namespace, name } = node.metadata;
  const view = isStructured(output) ? hiddenView : nodeView(session);
  try {
    const end = await untilOutcome(kubernetes, {
      ...wait,
      node: node.metadata,
      atLeastGeneration: node.metadata.generation,
      onVersion: (version) => view.show(version),
      onInterruption: (message) => view.interrupted(message),
      signal: interrupted,
    });
    view.close();
    switch (end.kind) {
      case 'done':
        terminal.print(
          isStructured(output) ? structured({ namespace, name, ...end }, output) : [end.message],
        );
        return ExitCode.done;
      case 'failed':
        throw new CliError(
          ExitCode.failed,
          `${end.message}; ${words.program} status ${name} -n ${namespace} says what to do`,
        );
      case 'timed-out':
        throw new CliError(
          ExitCode.timedOut,
          `SeiNode ${name} is not done within ${wait.timeoutSeconds} s (${describe(end.last)}); the work goes on, and ${words.program} status ${name} -n ${namespace} says what to do`,
        );
      default:
        return assertNever(end);
    }
  } finally {
    view.close();
  }
}

function describe(node: SeiNode | undefined): string {
  if (node === undefined) return 'not seen';
  const [blocker] = nodeHealth(node).blockers;
  return blocker === undefined ? nodeLine(node) : `${blocker.reason}: ${blocker.message}`;
}
