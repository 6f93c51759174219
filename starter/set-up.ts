import { parseArgs } from 'node:util';

import { runMain } from '../process/run-main.ts';
import { readSettings } from '../settings/settings.ts';
import { readTemporalSettings } from '../settings/temporal-settings.ts';
import { UserError } from '../settings/user-error.ts';
import { connectClient } from '../temporal/connect-client.ts';
import { setUp } from '../temporal/set-up.ts';

const USAGE = `Creates the Temporal namespace of TEMPORAL_NAMESPACE and registers the operator's search
attributes in it. It can be run at any time, and changes nothing that is there already.

usage: npm run set-up -- [--retention DAYS]

  --retention DAYS   for how many days Temporal keeps closed runs (7 in a new namespace)
`;

async function main(): Promise<void> {
  const { help, retentionDays } = optionsOf(process.argv.slice(2));
  if (help) {
    process.stdout.write(USAGE);
    return;
  }
  const { connectTimeoutSeconds } = readSettings(process.env);
  const { connection: to, namespace } = readTemporalSettings();
  const connection = await connectClient(to, connectTimeoutSeconds);
  await setUp(connection, {
    namespace,
    retentionDays,
    report: (done) => process.stdout.write(`${to.address}: ${done}\n`),
  });
  await connection.close();
}

interface Options {
  readonly help: boolean;
  readonly retentionDays: number | undefined;
}

function optionsOf(args: readonly string[]): Options {
  const { help, retention } = parsed(args);
  if (retention === undefined) return { help, retentionDays: undefined };
  const days = /^(\d{1,4})d?$/.exec(retention)?.[1];
  if (days === undefined || Number(days) === 0) {
    throw new UserError(`--retention ${retention}: expected a number of days, such as 7`);
  }
  return { help, retentionDays: Number(days) };
}

function parsed(args: readonly string[]): { help: boolean; retention: string | undefined } {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        help: { type: 'boolean', short: 'h', default: false },
        retention: { type: 'string' },
      },
    });
    return { help: values.help, retention: values.retention };
  } catch (err) {
    throw new UserError(`${(err as Error).message.split('. ')[0]}; --help shows what there is`, {
      cause: err,
    });
  }
}

await runMain('seinode set-up', main);
