import { UserError } from '../settings/user-error.ts';

/**
 * For a process that is told all by its environment.
 *
 * @throws {UserError} for any argument
 */
export function takeNoArguments([unknown]: readonly string[]): void {
  if (unknown === undefined) return;
  throw new UserError(
    `unknown argument "${unknown}": settings come from the environment, see docs/configuration.md`,
  );
}
