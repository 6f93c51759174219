import { assertNever } from '../domain/assert-never.ts';
import type { StallOutcome } from '../domain/stall.ts';
import type { StallChange } from './contract/plan.ts';

/** What the caller of a step that waits has to hear, or undefined while nothing has changed for it. */
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
