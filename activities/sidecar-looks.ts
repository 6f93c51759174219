import { Context } from '@temporalio/activity';

import { FairShare } from './fair-share.ts';
import { resting } from './heartbeating.ts';

/** Each is a call or two to a sidecar that keeps its node waiting, most often with a live read of the pod. */
const LOOKS_A_SECOND = 50;

/** So late at most is the end of a wait noticed where thousands wait. */
const LONGEST_PAUSE_MS = 30_000;

/** The looks of this process at sidecars that keep nodes waiting. */
export const SIDECAR_LOOKS = new FairShare(LOOKS_A_SECOND);

/** Waits as long as it says, or longer where thousands of the namespace do so. */
export async function sharedPause(namespace: string, atLeastMs: number): Promise<void> {
  const end = SIDECAR_LOOKS.begin(namespace);
  try {
    const ms = SIDECAR_LOOKS.intervalMs(namespace, atLeastMs, LONGEST_PAUSE_MS, Math.random());
    await pause(ms);
  } finally {
    end();
  }
}

export function pause(ms: number): Promise<void> {
  return resting(Context.current().sleep(ms));
}
