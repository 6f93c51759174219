import { Command } from 'commander';

import { diffCommand } from './commands/diff.ts';
import { doctorCommand } from './commands/doctor.ts';
import { historyCommand } from './commands/history.ts';
import { listCommand } from './commands/list.ts';
import { logsCommand } from './commands/logs.ts';
import type { BareRunner, Runner } from './commands/runner.ts';
import { setImageCommand } from './commands/set-image.ts';
import { setUpCommand } from './commands/set-up.ts';
import { startUpdateCommand } from './commands/start-update.ts';
import { statusCommand } from './commands/status.ts';
import { steerCommands } from './commands/steer.ts';
import { watchCommand } from './commands/watch.ts';
import { addGlobalOptions } from './shell/global-options.ts';
import { readVersion } from './version.ts';

const EXIT_CODES = `
Exit codes:
  0    done
  1    failed, refused, or no such object
  2    bad command line, environment or kubeconfig
  3    not done in time; it may still happen
  4    Kubernetes does not answer, or Temporal if the command needs it
  130  ended by Ctrl-C; 129 by SIGHUP, 143 by SIGTERM`;

/**
 * @param name as people type it: `seinode` or `kubectl seinode`
 * @param runBare for commands that need no cluster
 */
export function createProgram(name: string, run: Runner, runBare: BareRunner): Command {
  const program = new Command(name)
    .description('Show, follow and steer SeiNodes and their rolls.')
    .helpCommand(false)
    .version(readVersion(), '--version', 'show the version')
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', EXIT_CODES);
  addGlobalOptions(program);
  const commands = [
    listCommand(run),
    statusCommand(run),
    watchCommand(run),
    historyCommand(run),
    logsCommand(run),
    setImageCommand(run),
    ...steerCommands(run),
    startUpdateCommand(run),
    diffCommand(run),
    doctorCommand(run),
    setUpCommand(runBare),
  ];
  for (const command of commands) {
    program.addCommand(command.copyInheritedSettings(program));
  }
  return program;
}
