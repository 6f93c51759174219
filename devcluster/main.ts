import { describeDevcluster, describeInstance } from './command-line/describe.ts';
import { kubectlInTerminal } from './command-line/kubectl-in-terminal.ts';
import { parseCommand, USAGE, UsageError } from './command-line/parse-command.ts';
import type { Command } from './command-line/parse-command.ts';
import { bringUp } from './instance/bring-up.ts';
import { findDevcluster, reportOn, reportOnAll } from './instance/find-instance.ts';
import { eraseInstance } from './instance/instance-processes.ts';
import type { InstanceState } from './instance/instance-state.ts';
import { messageOf } from './message-of.ts';
import { progressOn } from './progress.ts';

try {
  process.exitCode = await run(parseCommand(process.argv.slice(2)));
} catch (err) {
  process.stderr.write(`${messageOf(err)}\n${err instanceof UsageError ? `\n${USAGE}\n` : ''}`);
  process.exitCode = err instanceof UsageError ? 2 : 1;
}

/** @returns the exit code */
async function run(command: Command): Promise<number> {
  switch (command.kind) {
    case 'up':
      return await up(command);
    case 'down':
      return down(command.name);
    case 'status':
      return status();
    case 'kubectl':
      return await kubectlInTerminal(command.name, command.args);
    case 'help':
      return say(USAGE);
  }
}

async function up({ name, temporalStore }: Extract<Command, { kind: 'up' }>): Promise<number> {
  const progress = progressOn(process.stderr);
  const report = reportOn(name);
  if (report?.state.phase === 'running' && report.state.lifetime === 'kept') {
    const existing = report.missing.length === 0 ? await findDevcluster(name) : undefined;
    if (existing !== undefined) {
      refuseAnotherTemporal(report.state, temporalStore);
      return say(describeDevcluster(existing));
    }
    progress.note(`Devcluster ${name} lacks ${report.missing.join(', ')}; it starts again, empty`);
    eraseInstance(name);
  }
  return say(
    describeDevcluster(
      await bringUp({
        name,
        lifetime: 'kept',
        ...(temporalStore !== undefined && { temporalStore }),
        progress,
      }),
    ),
  );
}

/** @throws where somebody asks for another Temporal than the one that runs */
function refuseAnotherTemporal(
  { name, temporalStore }: InstanceState,
  asked: InstanceState['temporalStore'] | undefined,
): void {
  if (asked === undefined || asked === temporalStore) return;
  throw new Error(
    `Devcluster ${name} runs with Temporal's store ${temporalStore}, not ${asked}: take it down first, or give another --name`,
  );
}

function down(name: string): number {
  const report = reportOn(name);
  if (report === undefined) return say(`There is no devcluster ${name}.`);
  eraseInstance(name);
  return say(`Devcluster ${name} is down.`);
}

function status(): number {
  const reports = reportOnAll();
  return say(
    reports.length === 0 ? 'There is no devcluster.' : reports.map(describeInstance).join('\n'),
  );
}

function say(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}
