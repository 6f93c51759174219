import { assertNever } from '../../domain/assert-never.ts';
import type { StallOutcome } from '../../domain/node/stall.ts';
import type { StallChange } from '../contract/plan.ts';

/** Returns what the caller of a waiting step has to hear; undefined while there is no news. */
export function stallChange(turn: StallOutcome): StallChange | undefined {
  switch (turn.kind) {
    case 'same':
      return undefined;
    case 'unblocked':
      return turn;
    case 'blocked':
      return { kind: 'blocked', trouble: turn.stall };
    default:
      return assertNever(turn);
  }
}
