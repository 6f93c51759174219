import { Command, InvalidArgumentError } from 'commander';

import { UserError } from '../../settings/user-error.ts';
import { CliError } from '../shell/cli-error.ts';
import { ExitCode } from '../shell/exit-code.ts';
import type { BareSession } from '../shell/session.ts';
import { isStructured, structured } from '../shell/structured.ts';
import type { BareRunner } from './runner.ts';

interface SetUpOptions {
  readonly retention?: number;
}

export function setUpCommand(run: BareRunner): Command {
  return new Command('set-up')
    .description(
      "create the Temporal namespace and the operator's search attributes, if they are missing",
    )
    .option(
      '--retention <days>',
      'how many days Temporal keeps closed runs (default: 7 in a new namespace)',
      days,
    )
    .action(run<[], SetUpOptions>(setUp));
}

async function setUp(
  session: BareSession,
  _args: [],
  { retention }: SetUpOptions,
): Promise<ExitCode> {
  const { terminal, output, settings } = session;
  // The client library takes half a second to load, which other commands are spared.
  const [{ openTemporalConnection }, { setUp: setUpTemporal }] = await Promise.all([
    import('../temporal/open-temporal.ts'),
    import('../../temporal/set-up.ts'),
  ]);
  // A server that is installed beside the operator may not be up yet.
  const temporal = await openTemporalConnection(session, settings.connectTimeoutSeconds);
  const { connection, namespace, address } = temporal;
  const done: string[] = [];
  try {
    await setUpTemporal(connection, {
      namespace,
      retentionDays: retention,
      report: (each) => {
        if (isStructured(output)) done.push(each);
        else terminal.print([`${address}: ${each}`]);
      },
    });
  } catch (err) {
    if (!(err instanceof UserError)) throw err;
    throw new CliError(ExitCode.failed, err.message, { cause: err });
  } finally {
    await temporal.close();
  }
  if (isStructured(output)) terminal.print(structured({ address, namespace, done }, output));
  return ExitCode.done;
}

/** @throws {InvalidArgumentError} for anything but `7` or `7d`; commander makes it a usage error */
function days(text: string): number {
  const value = Number(/^(\d{1,4})d?$/.exec(text)?.[1] ?? 0);
  if (value === 0) throw new InvalidArgumentError('expected a number of days, such as 7');
  return value;
}
