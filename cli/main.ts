#!/usr/bin/env node
import { programName, runCli } from './run-cli.ts';
import { ExitCode } from './shell/exit-code.ts';
import { terminalOn } from './shell/terminal.ts';

const ENDED_BY = {
  SIGINT: ExitCode.interrupted,
  SIGHUP: ExitCode.hungUp,
  SIGTERM: ExitCode.terminated,
} as const;

const interrupt = new AbortController();
let endedBy: ExitCode = ExitCode.interrupted;
for (const signal of Object.keys(ENDED_BY) as (keyof typeof ENDED_BY)[]) {
  process.once(signal, () => {
    endedBy = ENDED_BY[signal];
    interrupt.abort();
  });
}

// A reader that closes the pipe early, such as `head`, is no failure.
process.stdout.on('error', () => process.exit());

const terminal = terminalOn(process.stdout, process.stderr, process.env);
// Runs at every end of the process, also by an error of its own.
process.once('exit', () => terminal.showCursor());

const exitCode = await runCli(process.argv.slice(2), {
  terminal,
  env: process.env,
  program: programName(process.env['SEINODE_PROGRAM'] ?? process.argv[1]),
  interrupted: interrupt.signal,
});
// Connections that an interrupted command has left open must not keep the process alive.
process.exit(exitCode === ExitCode.interrupted ? endedBy : exitCode);
