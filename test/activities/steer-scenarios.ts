import type { CommandKind } from '../../domain/plan/steering.ts';
import type { ActivityBed } from './activity-bed.ts';
import { PLAN, runningBed, updatingBed } from './activity-bed.ts';
import type { Scenario } from './scenario.ts';
import { situation } from './scenario.ts';

/** A command as kim sends it. */
export function command(kind: CommandKind) {
  return { ...PLAN, command: { kind, reason: 'because', actor: 'kim' }, by: 'somebody' } as const;
}

async function heldBed(): Promise<ActivityBed> {
  const bed = await runningBed();
  await bed.run('steer', command('pause'));
  bed.advanceClock(60);
  bed.cluster.requests.clear();
  return bed;
}

/** Every command where it has something to do. */
export const steerScenarios: readonly Scenario[] = (
  [
    ['pause', runningBed],
    ['resume', heldBed],
    ['retry', runningBed],
    ['rollback', updatingBed],
  ] as const
).map(([kind, open]) => ({
  name: `steer: ${kind}`,
  prepare: async () => situation(await open(), 'steer', command(kind)),
}));
