import { UserError } from '../settings/user-error.ts';

/**
 * Refuses arguments, for a process that takes all its settings from its environment.
 *
 * @throws {UserError} for any argument
 */
export function takeNoArguments([unknown]: readonly string[]): void {
  if (unknown === undefined) return;
  throw new UserError(
    `unknown argument "${unknown}": settings come from the environment, see docs/configuration.md`,
  );
}
