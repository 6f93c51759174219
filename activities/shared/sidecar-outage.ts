import { assertNever } from '../../domain/assert-never.ts';
import type { ShownStall, Stall, StallChange } from '../../domain/node/stall.ts';
import type { SidecarError } from '../../sidecar/sidecar-error.ts';

/**
 * A sidecar that starts or restarts answers within seconds. Two submissions that hang until their time-out take 20 s as
 * well, so people hear of either within half a minute.
 */
const TOLERATED_MS = 20_000;

/** Judges the calls to one sidecar: a failed call may succeed at the next attempt. */
export interface SidecarOutage {
  /** @param beganMs the time when the failed call began */
  failed(err: SidecarError, beganMs: number): StallChange | undefined;
  answered(): StallChange | undefined;
}

/** @param known the stall that the caller knows: it hears of another one, or of its end */
export function createSidecarOutage(known: ShownStall | undefined, now: () => Date): SidecarOutage {
  let sinceMs: number | undefined;
  return {
    failed: (err, beganMs) => {
      sinceMs ??= beganMs;
      if (now().getTime() - sinceMs < TOLERATED_MS) return undefined;
      const trouble = troubleOf(err);
      return trouble.reason === known?.reason ? undefined : { kind: 'blocked', trouble };
    },
    answered: () => {
      sinceMs = undefined;
      return known === undefined ? undefined : { kind: 'unblocked' };
    },
  };
}

function troubleOf({ failure, message }: SidecarError): Stall {
  switch (failure.kind) {
    case 'http':
      return failure.status === 401 || failure.status === 403
        ? { reason: 'SidecarUnauthorized', message }
        : { reason: 'SidecarFailing', message };
    case 'no-token':
      return { reason: 'SidecarUnauthorized', message };
    case 'refused':
    case 'unreachable':
    case 'timeout':
      return { reason: 'SidecarUnreachable', message };
    default:
      return assertNever(failure);
  }
}
