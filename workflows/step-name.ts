import type { ActivityFailure } from '@temporalio/workflow';

/** The failures of activities that this workflow has seen: Temporal names no more than the type of the activity. */
const names = new WeakMap<object, string>();

/** Returns the same promise, and remembers the name of the step for the error that it rejects with. */
export function failingAs<T>(name: string, ended: Promise<T>): Promise<T> {
  // Beside the chain: a link in it would delay the commands that follow, and so change their order.
  ended.catch((err: unknown) => {
    if (err instanceof Error) names.set(err, name);
  });
  return ended;
}

/** Returns the step that ended with this failure. */
export function stepOfFailure(failure: ActivityFailure): string {
  return names.get(failure) ?? failure.activityType;
}
