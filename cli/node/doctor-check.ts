/** The finding of one check of the surroundings. */
export interface DoctorCheck {
  readonly name: string;
  /** `warn`: it works, but lacks something that a person may want. */
  readonly verdict: 'ok' | 'warn' | 'fail';
  /** The finding, as a clause. */
  readonly found: string;
  /** A thing to do about it; always there unless the verdict is `ok`. */
  readonly remedy?: string;
}

export function ok(name: string, found: string): DoctorCheck {
  return { name, verdict: 'ok', found };
}

export function warn(name: string, found: string, remedy: string): DoctorCheck {
  return { name, verdict: 'warn', found, remedy };
}

export function fail(name: string, found: string, remedy: string): DoctorCheck {
  return { name, verdict: 'fail', found, remedy };
}

/** Returns whether anything stops the operator, or this program, from working. */
export function hasFailure(checks: readonly DoctorCheck[]): boolean {
  return checks.some(({ verdict }) => verdict === 'fail');
}
