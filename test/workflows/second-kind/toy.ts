import { proxyActivities } from '@temporalio/workflow';

import type { PlanRef } from '../../../activities/contract/plan.ts';
import type { WorkFailure } from '../../../domain/failure/work-failure.ts';
import type { NodeRef } from '../../../domain/node/node-ref.ts';
import type { NodeRunInput, Observed } from '../../../domain/run/node-run.ts';
import { drive } from '../../../workflows/drive.ts';
import type { Due, Kind } from '../../../workflows/kind.ts';
import { Run } from '../../../workflows/run.ts';

/** Due work in the words of toys. */
export type ToyDue = Exclude<Due, { kind: 'work' }> | { readonly kind: 'toyMake' };

type DriverActivities = Kind<ToyDue>['steps'] & Kind<ToyDue>['decisions'];

export interface ToyActivities extends DriverActivities {
  makeToy(plan: PlanRef): Promise<ToyDue>;
  failToy(input: PlanRef & { readonly failure: WorkFailure }): Promise<void>;
}

/** Makes a toy: the whole of a second kind of object with runs. */
export async function toyMake(input: NodeRunInput): Promise<void> {
  const activities = proxyActivities<ToyActivities>({ startToCloseTimeout: '10 seconds' });
  const run = new Run<ToyDue>(
    {
      first: 'toyMake',
      steps: activities,
      decisions: activities,
      readInput,
      readObserved,
      isWork: (due) => due === 'toyMake',
      dueOf,
    },
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

function readInput(input: unknown) {
  return { kind: 'fits', value: input as NodeRunInput } as const;
}

function readObserved(message: unknown, { name }: NodeRef) {
  const value = message as Observed<string>;
  if (value.node.name === name) return { kind: 'fits', value } as const;
  return { kind: 'misfit', why: `it is about ${value.node.name}` } as const;
}

function dueOf(due: ToyDue): Due {
  if (due.kind !== 'toyMake') return due;
  const again = () => 'toyMake is due again: somebody takes the toys';
  return { kind: 'work', type: 'toyMake', servesUnderHold: false, deletes: false, again };
}
