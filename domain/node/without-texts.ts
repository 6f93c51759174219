import type { Condition } from './condition.ts';
import type { SeiNodeStatus } from './sei-node-status.ts';
import { conditionReason } from './status-text.ts';

/** Replaces a text that the API server refused. */
const DROPPED = 'the API server refused the text that belongs here; see the run in Temporal';

/** Returns the status without anything that the API server might refuse: texts from outside, malformed reasons. */
export function withoutTexts(status: SeiNodeStatus): SeiNodeStatus {
  const { conditions, plan, history } = status;
  return {
    ...status,
    ...(conditions !== undefined && { conditions: conditions.map(withoutText) }),
    ...(plan !== undefined && {
      plan: {
        ...plan,
        tasks: plan.tasks.map((task) =>
          task.error === undefined ? task : { ...task, error: DROPPED },
        ),
        ...(plan.lastFailure !== undefined && {
          lastFailure: {
            ...plan.lastFailure,
            reason: conditionReason(plan.lastFailure.reason),
            message: DROPPED,
          },
        }),
      },
    }),
    ...(history !== undefined && {
      history: history.map(({ reason: _dropped, ...entry }) => entry),
    }),
  };
}

function withoutText(condition: Condition): Condition {
  const { reason, status } = condition;
  return {
    ...condition,
    reason: conditionReason(reason),
    // The text of a condition that is True as it should be is the operator's own.
    ...((condition.type !== 'Ready' || status !== 'True') && { message: DROPPED }),
  };
}
