import { Context } from '@temporalio/activity';

import { assertNever } from '../domain/assert-never.ts';
import { retriedNode } from '../domain/failed-node.ts';
import { heldNode, resumedNode } from '../domain/hold.ts';
import { rollbackDecision, rolledBackNode } from '../domain/rollback.ts';
import type { SeiNode, SeiNodeStatus } from '../domain/sei-node.ts';
import type { Command, SteeringResult } from '../domain/steering.ts';
import { decideNodeStatus } from '../kubernetes/node-status.ts';
import type { NodeActivities } from './contract.ts';
import type { ActivityDeps } from './deps.ts';
import { recordEvent } from './record-event.ts';

/**
 * Records what a person or a tool asks for. Holds and rollbacks are state of the node and not of a
 * run, so they outlive this run, this worker and Temporal.
 *
 * Safe to retry: each command finds what it asks for done already the second time.
 */
export function createSteer(deps: ActivityDeps): NodeActivities['steer'] {
  return async ({ node, command }) => {
    const now = deps.now().toISOString();
    // Of an attempt before this one only the answer may have been lost.
    const isRepeated = Context.current().info.attempt > 1;
    const result = await decideNodeStatus(deps, node, (current) => {
      const decided = outcomeOf(current, command, now, isRepeated);
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
    return outcome.result;
  };
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
      return {
        event: 'Held',
        result: done(`SeiNode ${name} is held until resume`),
        status: isHeld ? undefined : heldNode(node, command, now),
      };
    case 'resume':
      return {
        event: 'Resumed',
        result:
          isHeld || isRepeated
            ? done(`SeiNode ${name} is not held any more`)
            : refused(`SeiNode ${name} is not held: there is nothing to resume`),
        status: isHeld ? resumedNode(node, command, now) : undefined,
      };
    case 'retry':
      return {
        event: 'Retried',
        result: done(`SeiNode ${name} is tried now`),
        status: retriedNode(node, now),
      };
    case 'rollback':
      return rollbackOutcome(node, command, now);
    default:
      return assertNever(command.kind);
  }
}

function rollbackOutcome(node: SeiNode, command: Command, now: string): Outcome {
  const event = 'RolledBack';
  const decision = rollbackDecision(node);
  switch (decision.kind) {
    case 'refuse':
      return { event, result: refused(decision.why), status: undefined };
    case 'rolled-back-already':
    case 'roll-back': {
      const { rejectedImage, image } = decision.rollback;
      return {
        event,
        result: done(
          `SeiNode ${node.metadata.name} is rolled back from ${rejectedImage} to ${image}`,
        ),
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
