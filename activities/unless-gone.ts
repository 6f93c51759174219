import { isNotFound } from '../kubernetes/api/errors.ts';

/** Takes something away. Somebody else, or an earlier attempt, may have been faster: then it is done. */
export async function unlessGone(takeAway: () => Promise<unknown>): Promise<void> {
  try {
    await takeAway();
  } catch (err) {
    if (!isNotFound(err)) throw err;
  }
}
