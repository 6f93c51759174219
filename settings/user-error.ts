/** An error whose message explains it to the person who has to fix it; no stack trace is shown. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/** Runs a reader of a person's settings: all its errors are for that person. */
export function asUserError<T>(read: () => T): T {
  try {
    return read();
  } catch (err) {
    throw new UserError((err as Error).message, { cause: err });
  }
}
