import { CancellationScope } from '@temporalio/workflow';

/**
 * Runs independent steps at the same time. If one fails, cancels the others and waits for their end, so that no step of
 * a failed attempt still writes during the next.
 */
export async function sideBySide<T extends readonly (() => Promise<unknown>)[]>(
  ...steps: T
): Promise<{ -readonly [K in keyof T]: Awaited<ReturnType<T[K]>> }> {
  return CancellationScope.cancellable(async () => {
    const running = steps.map((step) => step());
    try {
      return (await Promise.all(running)) as {
        -readonly [K in keyof T]: Awaited<ReturnType<T[K]>>;
      };
    } catch (err) {
      CancellationScope.current().cancel();
      await Promise.allSettled(running);
      throw err;
    }
  });
}
