import { eventually } from '../eventually.ts';

/**
 * Waits until the API server obeys a new policy, which takes it a moment.
 *
 * @param what the condition as a clause, for people
 * @param attempt the request that is to be refused, as a dry run
 * @param message a part of the refusal
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
