import { Command } from 'commander';

import { assertNever } from '../../domain/assert-never.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import type { CommandKind } from '../../domain/plan/steering.ts';
import { parseWorkflowId } from '../../domain/run/workflow-id.ts';
import { NODE_RUNS } from '../../temporal/runs/node-runs.ts';
import { actorOf } from '../cluster/actor.ts';
import { readNode } from '../cluster/read-nodes.ts';
import { CliError } from '../shell/cli-error.ts';
import { ExitCode } from '../shell/exit-code.ts';
import { nodeArgument } from '../shell/node-argument.ts';
import type { Session } from '../shell/session.ts';
import { isStructured, structured } from '../shell/structured.ts';
import { timeoutOption } from '../shell/timeout-option.ts';
import type { Runner } from './runner.ts';

/** A worker answers within a second; one that is being deployed is back in less than this. */
export const ANSWER_SECONDS = 20;

const DESCRIPTIONS: Readonly<Record<CommandKind, string>> = {
  pause: 'hold a node: leave its objects as they are until resume; its pod keeps serving',
  resume: 'lift the hold of a node',
  retry:
    'try again now what has failed, is parked, or was rolled back; say so if there is nothing to try',
  rollback: 'go back to the previous image until spec.image changes',
};

interface SteerOptions {
  readonly reason?: string;
  readonly asActor?: string;
  readonly timeout: number;
}

export function steerCommands(run: Runner): readonly Command[] {
  return (Object.keys(DESCRIPTIONS) as CommandKind[]).map((kind) =>
    new Command(kind)
      .description(DESCRIPTIONS[kind])
      .argument('<name>', 'SeiNode', nodeArgument)
      .option('--reason <text>', 'reason to record')
      .option('--as-actor <name>', 'person to record (default: the user of the context)')
      .addOption(timeoutOption('how long to wait for an answer', `${ANSWER_SECONDS}s`))
      .action(
        run<[string], SteerOptions>((session, [name], options) =>
          steer(kind, session, name, options),
        ),
      ),
  );
}

async function steer(
  command: CommandKind,
  session: Session,
  name: string,
  options: SteerOptions,
): Promise<ExitCode> {
  const { kubernetes, namespace, terminal, output, interrupted } = session;
  const node = await readNode(kubernetes, { namespace, name }, interrupted);
  const answer = await askRun(session, node, command, options);
  terminal.print(
    isStructured(output)
      ? structured({ namespace, name, command, ...answer }, output)
      : [answer.message],
  );
  return ExitCode.done;
}

/** The result of a command that was carried out, as a script reads it. */
interface CarriedOut {
  readonly actor: string;
  readonly workflowId: string;
  readonly kind: 'done';
  readonly message: string;
}

/**
 * Sends a command to the run of a node, and waits for its answer.
 *
 * @throws {CliError} when the run refuses it, or does not answer in time
 */
export async function askRun(
  session: Session,
  node: SeiNode,
  command: CommandKind,
  { reason, asActor, timeout }: SteerOptions,
): Promise<CarriedOut> {
  const { kubernetes, settings } = session;
  // The client library takes half a second to load, which other commands are spared.
  const [{ openTemporal }, { askTemporal }, { runsOf }, { workflowIdOf }, { taskQueueFor }] =
    await Promise.all([
      import('../temporal/open-temporal.ts'),
      import('../temporal/ask-temporal.ts'),
      import('../temporal/runs-of.ts'),
      import('../temporal/workflow-id.ts'),
      import('../temporal/task-queue.ts'),
    ]);
  const [temporal, workflowId, actor] = await Promise.all([
    openTemporal(session),
    workflowIdOf(session, node),
    asActor ?? actorOf(kubernetes),
  ]);
  try {
    // The id has the name of the cluster if the node has had a run; not everybody may derive that name.
    const { cluster = '' } = parseWorkflowId(workflowId) ?? {};
    const taskQueue = await taskQueueFor(temporal, settings, {
      cluster,
      namespace: node.metadata.namespace,
    });
    const input = { actor, ...(reason !== undefined && { reason }) };
    const request = { command, input, timeoutSeconds: timeout };
    const runs = await runsOf(NODE_RUNS, temporal, { cluster, taskQueue });
    const answer = await askTemporal(temporal, () => runs.steer(node, request));
    switch (answer.kind) {
      case 'done':
        return { actor, workflowId, ...answer };
      case 'refused':
        throw new CliError(ExitCode.failed, `${command} is refused: ${answer.message}`);
      case 'left':
        throw new CliError(
          ExitCode.timedOut,
          `no worker of task queue ${taskQueue} answered within ${timeout} s; one that starts gets the ${command} as a signal to ${workflowId}: check the workers with ${session.words.program} doctor`,
        );
      default:
        return assertNever(answer);
    }
  } finally {
    await temporal.close();
  }
}
