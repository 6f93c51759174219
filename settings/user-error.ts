/** An error that its message explains to the person who has to mend it; no stack trace is shown. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/** Runs what reads a person's settings: whatever it throws is for that person. */
export function asUserError<T>(read: () => T): T {
  try {
    return read();
  } catch (err) {
    throw new UserError((err as Error).message, { cause: err });
  }
}
