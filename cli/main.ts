#!/usr/bin/env node
import { programName, runCli } from './run-cli.ts';
import { terminalOn } from './edge/terminal.ts';

const interrupt = new AbortController();
process.once('SIGINT', () => interrupt.abort());

// A pipe that is closed early, as by `head`, is no failure.
process.stdout.on('error', () => process.exit());

const exitCode = await runCli(process.argv.slice(2), {
  terminal: terminalOn(process.stdout, process.stderr, process.env),
  env: process.env,
  program: programName(process.env['SEINODE_PROGRAM'] ?? process.argv[1]),
  interrupted: interrupt.signal,
});
// Connections that an interrupted command has left open must not keep the process alive.
process.exit(exitCode);
