import { eventually } from '../eventually.ts';

/**
 * Waits until the API server heeds a new policy, which takes it a moment.
 *
 * @param what the condition as a clause, for people
 * @param attempt what is to be refused, as a dry run
 * @param message what the refusal says, in part
 */
export function untilRefused(
  what: string,
  attempt: () => Promise<unknown>,
  message: string,
): Promise<void> {
  return eventually(what, () =>
    attempt().then(
      () => false,
      (err: unknown) => String(err).includes(message),
    ),
  );
}
