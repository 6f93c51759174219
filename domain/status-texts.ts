import type { Condition } from './condition.ts';
import type { SeiNodeStatus } from './sei-node.ts';

/** In place of a text that the API server refused. */
const DROPPED = 'the API server refused the text that belongs here; see the run in Temporal';

/** What the Kubernetes API admits as the reason of a condition. */
const CONDITION_REASON = /^[A-Za-z]([A-Za-z0-9_,:]{0,1022}[A-Za-z0-9_])?$/;

/** The status without what may come from outside and be refused: all texts, and reasons that are none. */
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
          lastFailure: { ...plan.lastFailure, message: DROPPED },
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
    reason: CONDITION_REASON.test(reason) ? reason : 'Unexpected',
    // Where a condition is True as it should be, its text is the operator's own.
    ...((condition.type !== 'Ready' || status !== 'True') && { message: DROPPED }),
  };
}
