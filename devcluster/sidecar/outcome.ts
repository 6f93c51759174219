import { setTimeout as sleep } from 'node:timers/promises';

import type { RequestFault } from './fault.ts';
import type { SidecarResponse } from './respond.ts';
import { isOpenToAll } from './sidecar-call.ts';
import type { SidecarCall } from './sidecar-call.ts';

/** The reaction to a request: an answer, or something that broken servers do. */
export type Outcome = SidecarResponse | 'hang' | 'reset';

/**
 * Decides what becomes of a request that faults hit.
 *
 * @param authorization the header of that name
 * @param perform has the effect of the call; called once or not at all
 */
export async function outcomeOf(
  call: SidecarCall,
  faults: readonly RequestFault[],
  authorization: string | undefined,
  perform: () => Outcome,
): Promise<Outcome> {
  for (const fault of faults) {
    switch (fault.kind) {
      case 'slow':
        await sleep(fault.latencyMs);
        break;
      case 'hang':
        return 'hang';
      case 'refuse':
        return 'reset';
      case 'error':
        return { status: fault.status, body: { error: 'this fault was asked for' } };
      case 'unauthorized':
        if (isOpenToAll(call.kind) || isAccepted(fault.acceptedToken, authorization)) break;
        return { status: 401, body: { error: 'Unauthorized' } };
      case 'drop-after-effect':
        perform();
        return 'reset';
      case 'store-fails':
        // Performing the call takes care of this fault.
        break;
    }
  }
  return perform();
}

function isAccepted(token: string | undefined, authorization: string | undefined): boolean {
  return token !== undefined && authorization === `Bearer ${token}`;
}
