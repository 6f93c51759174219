import { Context } from '@temporalio/activity';

import { FairShare } from './fair-share.ts';
import { resting } from './heartbeating.ts';

/** A look is a call or two to a sidecar that keeps its node waiting, mostly with a live read of the pod. */
const LOOKS_A_SECOND = 50;

/** The longest delay before a step notices the end of its wait, even among thousands that wait. */
const LONGEST_PAUSE_MS = 30_000;

/** Bounds how often one process looks at sidecars that keep nodes waiting. */
export function createSidecarLookShare(): FairShare {
  return new FairShare(LOOKS_A_SECOND);
}

/** Waits for the given time, or longer where thousands of the namespace wait. */
export async function sharedPause(
  looks: FairShare,
  namespace: string,
  atLeastMs: number,
): Promise<void> {
  const end = looks.begin(namespace);
  try {
    const ms = looks.intervalMs(namespace, atLeastMs, LONGEST_PAUSE_MS, Math.random());
    await pause(ms);
  } finally {
    end();
  }
}

export function pause(ms: number): Promise<void> {
  return resting(Context.current().sleep(ms));
}
