import { ActivityFailure, CancellationScope, isCancellation } from '@temporalio/workflow';

export type Interruptible<T> =
  | { readonly kind: 'ended'; readonly result: T }
  | { readonly kind: 'interrupted' };

/**
 * Runs `work` until it ends, or until `watch` resolves, having called `interrupt`. Then the work is
 * cancelled, also where an activity sits in a retry back-off, and its end is awaited: it writes nothing
 * after this has returned. Work that ends well all the same has ended.
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
    // An attempt that fails after it was asked to end gets no retry, so it fails the step for good.
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
