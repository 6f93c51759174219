import { visible } from '../domain/text/visible.ts';
import { UserError } from '../settings/user-error.ts';

/** Runs a process's main function, and turns its error into one line and a non-zero exit code. */
export async function runMain(name: string, main: () => Promise<void>): Promise<void> {
  try {
    await main();
    process.exitCode ??= 0;
  } catch (err) {
    const text = err instanceof UserError ? err.message : describeUnexpected(err);
    process.stderr.write(`${name}: ${visible(text)}\n`);
    process.exitCode = 1;
  } finally {
    // Open connections must not keep a finished process alive.
    process.exit();
  }
}

function describeUnexpected(err: unknown): string {
  return err instanceof Error ? (err.stack ?? err.message) : String(err);
}
