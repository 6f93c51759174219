import { workflowInfo } from '@temporalio/workflow';

import type { PlanRef } from '../../../activities/contract/plan.ts';
import type { WorkFailure } from '../../../domain/failure/work-failure.ts';
import type { NodeRunInput } from '../../../domain/run/node-run.ts';
import { drive } from '../../../workflows/drive.ts';
import type { Due, Kind } from '../../../workflows/kind.ts';
import { Run } from '../../../workflows/run.ts';
import { stepsOn } from '../../../workflows/steps.ts';
import { TOY_NAMES } from './toy-names.ts';

/** Due work in the words of toys. */
export type ToyDue = Exclude<Due, { kind: 'work' }> | { readonly kind: 'toyMake' };

type Steps = Kind<ToyDue>['steps'];
type Decisions = Kind<ToyDue>['decisions'];

/** One worker has the activities of all kinds, so each has a name of its own. */
export interface ToyActivities {
  makeToy(plan: PlanRef): Promise<ToyDue>;
  failToy(input: PlanRef & { readonly failure: WorkFailure }): Promise<void>;
  readonly recordToyStall: Steps['recordStall'];
  readonly steerToy: Steps['steer'];
  readonly decideToy: Decisions['decideDueWork'];
  readonly readToy: Decisions['readTarget'];
}

/** Makes a toy: the whole of a second kind of object with runs. */
export async function toyMake(input: NodeRunInput): Promise<void> {
  const activities = stepsOn<ToyActivities>(workflowInfo().taskQueue, TOY_NAMES.activities);
  const steps = { recordStall: activities.recordToyStall, steer: activities.steerToy };
  const decisions = { decideDueWork: activities.decideToy, readTarget: activities.readToy };
  const run = new Run<ToyDue>(
    { names: TOY_NAMES, first: 'toyMake', steps, decisions, dueOf },
    input,
  );
  const { node } = run;
  await drive(run, {
    kind: 'toyMake',
    attempt: async (planId) => {
      run.show({ step: 'make', waitingFor: undefined });
      return { kind: 'settled', due: await activities.makeToy({ node, planId }) };
    },
    recordFailure: (planId, failure) => activities.failToy({ node, planId, failure }),
  });
}

function dueOf(due: ToyDue): Due {
  if (due.kind !== 'toyMake') return due;
  const again = () => 'toyMake is due again: somebody takes the toys';
  return { kind: 'work', type: 'toyMake', servesUnderHold: false, deletes: false, again };
}
