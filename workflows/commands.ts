import { assertNever } from '../domain/assert-never.ts';
import type { Command, SteeringResult } from '../domain/steering.ts';
import type { NodeRun } from './node-run.ts';

/** Carries out what is queued, and answers what came of it. */
export function carryOutCommands(run: NodeRun, planId: string): Promise<void> {
  return run.steering.carryOut((command) => carryOut(run, planId, command));
}

/** Carries out what somebody waits for, before another run goes on; that one finds the rest in its input. */
export function answerCommands(run: NodeRun, planId: string): Promise<void> {
  return run.steering.answerAll((command) => carryOut(run, planId, command));
}

async function carryOut(run: NodeRun, planId: string, command: Command): Promise<SteeringResult> {
  run.parked = undefined;
  return command.kind === 'retry' ? retry(run, planId, command) : steer(run, planId, command);
}

/**
 * That the next attempt begins is what a retry does; what will come of it, only the node as it is now can
 * tell. Only a failed node has to be told of it as well.
 */
async function retry(run: NodeRun, planId: string, command: Command): Promise<SteeringResult> {
  const { node } = run;
  const due = await run.decisions.decideDueWork({ node, told: 'nodeSync' });
  switch (due.kind) {
    case 'gone':
      return { kind: 'refused', message: 'the node is gone' };
    case 'held': {
      const { actor, reason } = due.hold;
      const message = `the node is held by ${actor} (${reason}): nothing is tried until resume`;
      return { kind: 'refused', message };
    }
    case 'nothing':
      // Should the next attempt find otherwise, the retry still counts.
      run.retry = command;
      return { kind: 'done', message: `there is nothing to try: ${due.why}` };
    case 'failed':
      return steer(run, planId, command);
    case 'nodeInit':
    case 'nodeUpdate':
    case 'nodeSync':
    case 'nodeDelete':
      run.retry = command;
      return { kind: 'done', message: 'tried now' };
    default:
      return assertNever(due);
  }
}

async function steer(run: NodeRun, planId: string, command: Command): Promise<SteeringResult> {
  run.show({ step: command.kind });
  const result = await run.steps.steer({ node: run.node, planId, command });
  return result.kind === 'gone' ? { kind: 'refused', message: 'the node is gone' } : result;
}
