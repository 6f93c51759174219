import { allHandlersFinished, condition, makeContinueAsNewFunc } from '@temporalio/workflow';

import type { NodeRunInput } from '../domain/run/node-run.ts';
import { answerCommands, carryOutCommands } from './commands.ts';
import type { Due } from './kind.ts';
import type { Run } from './run.ts';

/** Closes the run if nothing is due any more; else continues it with the due work of the object or of its successor. */
export async function close<D>(run: Run<D>, kind: string, due: Due, planId: string): Promise<void> {
  const isGone = due.kind === 'gone';
  if (run.successor === undefined && (isGone || due.kind === 'nothing')) {
    // Everybody who waits for an answer gets one: there is nothing left to steer.
    run.steering.refuseAll(isGone ? 'the node is gone' : due.why);
    run.show({ step: 'done', waitingFor: undefined }, { outcome: isGone ? 'Gone' : 'Complete' });
    await condition(allHandlersFinished);
    return;
  }
  await continueAs(run, due.kind === 'work' ? due.type : kind, planId);
}

/** Hands over to a run of that workflow type. */
export async function continueAs<D>(run: Run<D>, kind: string, planId: string): Promise<void> {
  // A command is for the node of that name: the successor's run carries out those that nobody waits for.
  if (run.successor === undefined) await carryOutCommands(run, planId);
  await answerCommands(run, planId);
  await condition(allHandlersFinished);
  const input: NodeRunInput =
    run.successor === undefined
      ? { node: run.node, ...run.carriedState(planId) }
      : { node: run.successor, commands: run.steering.left };
  // Nothing is lost by that type: its run first asks what is due.
  const workflowType = run.successor === undefined ? kind : run.kind.first;
  await makeContinueAsNewFunc<(input: NodeRunInput) => Promise<void>>({ workflowType })(input);
}
