import { isNotFound } from '../../kubernetes/api/errors.ts';

/** Takes something away. Success if it is gone already: somebody else, or an earlier attempt, was faster. */
export async function unlessGone(takeAway: () => Promise<unknown>): Promise<void> {
  try {
    await takeAway();
  } catch (err) {
    if (!isNotFound(err)) throw err;
  }
}
