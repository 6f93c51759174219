import type { Condition } from './condition.ts';
import type { SeiNodeStatus } from './sei-node.ts';
import { cleanText } from './text.ts';

/**
 * The longest text of a status, in UTF-16 units: far more than a person reads, and an eighth of what the
 * CRD takes for the message of a condition. A status that is refused for its length is never written.
 */
export const LONGEST_TEXT = 4_096;

/** What the CRD takes for the reason of a condition. */
const REASON = /^[A-Za-z](?:[A-Za-z0-9_,:]*[A-Za-z0-9_])?$/;
const LONGEST_REASON = 1_024;

/** In place of a text that the API server refused. */
const DROPPED = 'the API server refused the text that belongs here; see the run in Temporal';

/** A text as a status may carry it, whoever wrote it. */
export function statusText(text: string): string {
  return cleanText(text, LONGEST_TEXT);
}

/**
 * A reason as a condition may carry it. One from outside, such as the type that somebody gave a failure
 * in Temporal, may be anything; what does not fit says nothing that a reader could look up.
 */
export function conditionReason(reason: string): string {
  return reason.length <= LONGEST_REASON && REASON.test(reason) ? reason : 'Unexpected';
}

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
    // Where a condition is True as it should be, its text is the operator's own.
    ...((condition.type !== 'Ready' || status !== 'True') && { message: DROPPED }),
  };
}
