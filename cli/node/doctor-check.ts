/** What a check of the surroundings found. */
export interface DoctorCheck {
  readonly name: string;
  /** `warn`: it works, but something is missing that a person may want. */
  readonly verdict: 'ok' | 'warn' | 'fail';
  /** What was found, as a clause. */
  readonly found: string;
  /** What to do about it; always there unless all is well. */
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

/** Whether anything keeps the operator, or this program, from working. */
export function hasFailure(checks: readonly DoctorCheck[]): boolean {
  return checks.some(({ verdict }) => verdict === 'fail');
}
