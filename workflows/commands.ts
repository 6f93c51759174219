import type { Command, SteeringResult } from '../domain/plan/steering.ts';
import type { AnyRun } from './run.ts';

/** Carries out what is queued, and answers what came of it. */
export function carryOutCommands(run: AnyRun, planId: string): Promise<void> {
  return run.steering.carryOut((command) => carryOut(run, planId, command));
}

/** Carries out what somebody waits for, before another run goes on; that one finds the rest in its input. */
export function answerCommands(run: AnyRun, planId: string): Promise<void> {
  return run.steering.answerAll((command) => carryOut(run, planId, command));
}

/** What comes of a command, only the node as it is now can tell; that the next attempt begins, any of them does. */
async function carryOut(run: AnyRun, planId: string, command: Command): Promise<SteeringResult> {
  run.parked = undefined;
  run.show({ step: command.kind });
  const result = await run.kind.steps.steer({ node: run.node, planId, command, by: 'somebody' });
  run.pacing.steered();
  run.lateness.restart();
  return result.kind === 'gone' ? { kind: 'refused', message: 'the node is gone' } : result;
}
