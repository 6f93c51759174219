import type { Command, SteeringResult } from '../domain/plan/steering.ts';
import type { AnyRun } from './run.ts';

/** Carries out the queued commands, and answers each with its result. */
export function carryOutCommands(run: AnyRun, planId: string): Promise<void> {
  return run.steering.carryOut((command) => carryOut(run, planId, command));
}

/** Carries out the commands that somebody waits for, before another run goes on with the rest. */
export function answerCommands(run: AnyRun, planId: string): Promise<void> {
  return run.steering.answerAll((command) => carryOut(run, planId, command));
}

/** Only a live read of the node decides the result of a command. Any command ends the wait for the next attempt. */
async function carryOut(run: AnyRun, planId: string, command: Command): Promise<SteeringResult> {
  run.parked = undefined;
  run.show({ step: command.kind });
  const result = await run.kind.steps.steer({ node: run.node, planId, command, by: 'somebody' });
  run.pacing.steered();
  run.lateness.restart();
  return result.kind === 'gone' ? { kind: 'refused', message: 'the node is gone' } : result;
}
