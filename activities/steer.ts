import { Context } from '@temporalio/activity';

import { assertNever } from '../domain/assert-never.ts';
import { retriedNode } from '../domain/node/failed-node.ts';
import type { Rollback, SeiNodeStatus } from '../domain/node/sei-node-status.ts';
import type { SeiNode } from '../domain/node/sei-node.ts';
import { heldNode, resumedNode } from '../domain/plan/hold.ts';
import {
  autoRollbackDecision,
  rollbackDecision,
  rolledBackNode,
  unrejectedNode,
} from '../domain/plan/rollback.ts';
import type { Command, SteeringResult } from '../domain/plan/steering.ts';
import { commandOf } from '../domain/plan/steering.ts';
import { decideNodeStatus } from '../kubernetes/node-status.ts';
import type { NodeActivities } from './contract/activities.ts';
import type { ActivityDeps } from './deps.ts';
import { getDueWork } from './shared/get-due-work.ts';
import { recordEvent } from './shared/record-event.ts';

/**
 * Records the command of a person or a tool. Holds and rollbacks are state of the node and not of a run, so they
 * outlive this run, this worker and Temporal.
 *
 * Safe to retry: the second time, each command finds its effect recorded.
 */
export function createSteer(deps: ActivityDeps): NodeActivities['steer'] {
  return async ({ node, planId, command: given, by }) => {
    const command = commandOf(given.kind, given);
    const now = deps.now().toISOString();
    // Of an earlier attempt, only the answer may have been lost.
    const isRepeated = Context.current().info.attempt > 1;
    const result = await decideNodeStatus(deps, node, (current) => {
      const decided =
        by === 'deadline'
          ? lateOutcome(current, planId, command, now)
          : outcomeOf(current, command, now, isRepeated);
      return { answer: decided, status: decided.status };
    });
    if (result.kind === 'gone') return result;
    const outcome = result.answer;
    if (result.kind === 'written') {
      await recordEvent(deps, node, {
        type: 'Normal',
        reason: outcome.event,
        message: `${outcome.result.message} (${command.actor}: ${command.reason})`,
        occurrence: `${command.kind} ${now}`,
      });
    }
    const isUnchangedRetry = command.kind === 'retry' && result.kind === 'unchanged';
    return isUnchangedRetry && outcome.result.kind === 'done'
      ? retried(deps, result.node, outcome.result)
      : outcome.result;
  };
}

/** Answers a retry that had nothing to record: where no work is due, the answer says so. */
async function retried(
  deps: ActivityDeps,
  node: SeiNode,
  tried: SteeringResult,
): Promise<SteeringResult> {
  const due = await getDueWork(deps, node);
  return due.kind === 'nothing' ? done(`nothing to retry: ${due.why}`) : tried;
}

interface Outcome {
  readonly result: SteeringResult;
  readonly event: string;
  readonly status: SeiNodeStatus | undefined;
}

function outcomeOf(node: SeiNode, command: Command, now: string, isRepeated: boolean): Outcome {
  const { name } = node.metadata;
  const isHeld = node.status?.hold !== undefined;
  switch (command.kind) {
    case 'pause':
      return pauseOutcome(node, command, now);
    case 'resume':
      return {
        event: 'Resumed',
        result: done(
          isHeld || isRepeated
            ? `SeiNode ${name} is not held any more`
            : `nothing to resume: SeiNode ${name} is not held`,
        ),
        status: isHeld ? resumedNode(node, command, now) : undefined,
      };
    case 'retry':
      return retryOutcome(node, command, now);
    case 'rollback':
      return rollbackOutcome(node, command, now);
    default:
      return assertNever(command.kind);
  }
}

function pauseOutcome(node: SeiNode, command: Command, now: string): Outcome {
  const event = 'Held';
  const { name, deletionTimestamp } = node.metadata;
  const { hold } = node.status ?? {};
  if (deletionTimestamp !== undefined) {
    const why = `nothing to hold: SeiNode ${name} is being deleted, and no hold keeps it`;
    return { event, result: refused(why), status: undefined };
  }
  if (hold === undefined) {
    const result = done(`SeiNode ${name} is held until resume`);
    return { event, result, status: heldNode(node, command, now) };
  }
  // Either the answer of an earlier attempt was lost, or somebody else was first.
  const isSame = hold.actor === command.actor && hold.reason === command.reason;
  const others = isSame ? '' : `, as before by ${hold.actor} (${hold.reason}) since ${hold.since}`;
  return {
    event,
    result: done(`SeiNode ${name} is held until resume${others}`),
    status: undefined,
  };
}

function retryOutcome(node: SeiNode, command: Command, now: string): Outcome {
  const event = 'Retried';
  const { name } = node.metadata;
  const { hold, rollback } = node.status ?? {};
  if (hold !== undefined) {
    const why = `nothing to retry: SeiNode ${name} is held by ${hold.actor} (${hold.reason}); send resume first`;
    return { event, result: refused(why), status: undefined };
  }
  const unrejected = unrejectedNode(node, command, now);
  if (unrejected !== undefined) {
    return {
      event,
      result: done(
        `SeiNode ${name} tries ${node.spec.image} again: the rollback to ${rollback?.image} is over`,
      ),
      status: unrejected,
    };
  }
  return {
    event,
    result: done(`SeiNode ${name} is tried now`),
    status: retriedNode(node, now),
  };
}

/** Decides the run's own rollback of a late plan, from the node as it is now. */
function lateOutcome(node: SeiNode, planId: string, command: Command, now: string): Outcome {
  const event = 'RolledBack';
  const { rollback, plan } = node.status ?? {};
  // An earlier attempt did this, and its answer was lost.
  if (
    plan?.id === planId &&
    rollback !== undefined &&
    rollback.rejectedImage === plan.targetImage
  ) {
    return { event, result: done(rolledBack(node, rollback)), status: undefined };
  }
  const decision = autoRollbackDecision(node, planId);
  return decision.kind === 'refuse'
    ? { event, result: refused(decision.why), status: undefined }
    : {
        event,
        result: done(rolledBack(node, decision.rollback)),
        status: rolledBackNode(node, decision.rollback, command, now),
      };
}

function rolledBack({ metadata, status }: SeiNode, { rejectedImage, image }: Rollback): string {
  const when = status?.hold === undefined ? '' : ', once somebody sends resume';
  return `SeiNode ${metadata.name} is rolled back from ${rejectedImage} to ${image}${when}`;
}

function rollbackOutcome(node: SeiNode, command: Command, now: string): Outcome {
  const event = 'RolledBack';
  const decision = rollbackDecision(node);
  switch (decision.kind) {
    case 'refuse':
      return { event, result: refused(decision.why), status: undefined };
    case 'rolled-back-already':
    case 'roll-back': {
      return {
        event,
        result: done(rolledBack(node, decision.rollback)),
        status:
          decision.kind === 'roll-back'
            ? rolledBackNode(node, decision.rollback, command, now)
            : undefined,
      };
    }
    default:
      return assertNever(decision);
  }
}

function done(message: string): SteeringResult {
  return { kind: 'done', message };
}

function refused(message: string): SteeringResult {
  return { kind: 'refused', message };
}
