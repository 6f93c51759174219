import { workflowInfo } from '@temporalio/workflow';

import type { DecisionActivities, NodeActivities } from '../activities/contract/activities.ts';
import type { NodeMissing, TargetNow } from '../activities/contract/plan.ts';
import { ACTIVITIES } from '../domain/run/activities.ts';
import { NODE_NAMES } from '../domain/run/kind-names.ts';
import type { NodeRunInput } from '../domain/run/node-run.ts';
import type { DueWork } from '../domain/work/due-work.ts';
import { isWork, servesUnderHold } from '../domain/work/due-work.ts';
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
    const activities = stepsOn<NodeActivities>(workflowInfo().taskQueue, ACTIVITIES);
    const decides = decisions(activities);
    super(
      {
        names: NODE_NAMES,
        first: 'nodeInit',
        steps: activities,
        decisions: decides,
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
