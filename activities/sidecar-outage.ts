import { assertNever } from '../domain/assert-never.ts';
import type { Stall } from '../domain/stall.ts';
import type { SidecarError } from '../sidecar/sidecar-error.ts';
import type { StallChange } from './contract/plan.ts';

/**
 * A sidecar that starts, and one that restarts, answers within seconds. Two submissions that hang until
 * their time-out are 20 s as well, so that people hear of either within half a minute.
 */
const BORNE_MS = 20_000;

/** What the calls to one sidecar come to: one that fails may be over at the next attempt. */
export interface SidecarOutage {
  /** @param beganMs when the call began that failed. */
  failed(err: SidecarError, beganMs: number): StallChange | undefined;
  answered(): StallChange | undefined;
}

/**
 * @param known the stall that the caller knows of: it hears of another one, or that this one is over.
 */
export function sidecarOutage(known: Stall | undefined, now: () => Date): SidecarOutage {
  let sinceMs: number | undefined;
  return {
    failed: (err, beganMs) => {
      sinceMs ??= beganMs;
      if (now().getTime() - sinceMs < BORNE_MS) return undefined;
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
