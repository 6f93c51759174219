import { workflowInfo } from '@temporalio/workflow';

import type { DecisionActivities } from '../activities/contract/activities.ts';
import type { NodeMissing, TargetNow } from '../activities/contract/plan.ts';
import type { NodeRunInput } from '../domain/run/node-run.ts';
import { readObserved } from '../domain/run/read-observed.ts';
import { readRunInput } from '../domain/run/read-run-input.ts';
import type { DueWork } from '../domain/work/due-work.ts';
import { isWork, isWorkKind, servesUnderHold } from '../domain/work/due-work.ts';
import { dueAgain } from '../domain/work/not-converging.ts';
import type { Due } from './kind.ts';
import { Run } from './run.ts';
import type { Steps } from './steps.ts';
import { decisions, stepsOn } from './steps.ts';

/** One open run of a SeiNode. */
export class NodeRun extends Run<DueWork, TargetNow> {
  readonly steps: Steps;
  readonly decisions: DecisionActivities;

  /**
   * @param input as it was sent, by anybody
   * @throws ApplicationFailure, which ends the run, if the input does not belong to this workflow id
   */
  constructor(input: NodeRunInput) {
    const activities = stepsOn(workflowInfo().taskQueue);
    const decides = decisions(activities);
    super(
      {
        first: 'nodeInit',
        steps: activities,
        decisions: decides,
        readInput: readRunInput,
        readObserved,
        isWork: isWorkKind,
        dueOf,
      },
      input,
    );
    this.steps = activities;
    this.decisions = decides;
  }
}

function dueOf(due: NodeMissing | DueWork): Due {
  if (due.kind === 'gone' || !isWork(due)) return due;
  return {
    kind: 'work',
    type: due.kind,
    servesUnderHold: servesUnderHold(due),
    deletes: due.kind === 'nodeDelete',
    again: () => dueAgain(due),
  };
}
