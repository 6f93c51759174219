import { ActivityFailure, CancellationScope, isCancellation } from '@temporalio/workflow';

export type Interruptible<T> =
  | { readonly kind: 'ended'; readonly result: T }
  | { readonly kind: 'interrupted' };

/**
 * Runs `work` until it ends, or until `watch` resolves after it called `interrupt`. Then cancels the work, even while
 * an activity waits for its next retry, and waits for its end: the work writes nothing after this returns. Work that
 * succeeds all the same counts as ended.
 */
export async function interruptible<T>(
  watch: (interrupt: () => void) => Promise<void>,
  work: () => Promise<T>,
): Promise<Interruptible<T>> {
  const working = new CancellationScope();
  const watching = new CancellationScope();
  let isInterrupted = false;
  const watcher = watching.run(() =>
    watch(() => {
      isInterrupted = true;
      working.cancel();
    }),
  );
  // Its failure is reported below; without this it would be an unhandled rejection until then.
  watcher.catch(() => undefined);
  try {
    return { kind: 'ended', result: await working.run(work) };
  } catch (err) {
    // An attempt that fails after its cancellation gets no retry, so it fails the step for good.
    if (isInterrupted && (isCancellation(err) || err instanceof ActivityFailure)) {
      return { kind: 'interrupted' };
    }
    throw err;
  } finally {
    watching.cancel();
    await watcher.catch((err: unknown) => {
      if (!isCancellation(err)) throw err;
    });
  }
}
