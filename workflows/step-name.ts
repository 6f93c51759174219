import type { ActivityFailure } from '@temporalio/workflow';

/** The failures of activities that this workflow has seen: Temporal names no more than the type of the activity. */
const names = new WeakMap<object, string>();

/** The same promise; what it rejects with is known by the name of the step from there on. */
export function failingAs<T>(name: string, ended: Promise<T>): Promise<T> {
  // Beside the chain: a link in it would put off what follows, and so change the order of commands.
  ended.catch((err: unknown) => {
    if (err instanceof Error) names.set(err, name);
  });
  return ended;
}

/** The step that ended with this failure. */
export function stepOfFailure(failure: ActivityFailure): string {
  return names.get(failure) ?? failure.activityType;
}
