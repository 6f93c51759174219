import { describe, expect, it } from 'vitest';

import { parseCommand, UsageError } from '../../../devcluster/command-line/parse-command.ts';

describe('parseCommand', () => {
  it('takes the instance dev, and any Temporal, if nothing else is said', () => {
    expect(parseCommand(['up'])).toEqual({
      kind: 'up',
      name: 'dev',
      temporalStore: undefined,
    });
    expect(parseCommand(['down'])).toEqual({ kind: 'down', name: 'dev' });
  });

  it('takes options before and after the command', () => {
    const expected = { kind: 'up', name: 'mine', temporalStore: 'file' };
    expect(parseCommand(['--name', 'mine', 'up', '--temporal-store=file'])).toEqual(expected);
    expect(parseCommand(['up', '--temporal-store', 'file', '--name=mine'])).toEqual(expected);
  });

  it('takes a Temporal on PostgreSQL', () => {
    const expected = { kind: 'up', name: 'dev', temporalStore: 'postgres' };
    expect(parseCommand(['up', '--temporal', 'postgres'])).toEqual(expected);
    const devServer = ['up', '--temporal', 'dev-server', '--temporal-store', 'file'];
    expect(parseCommand(devServer)).toEqual({ ...expected, temporalStore: 'file' });
  });

  it('leaves everything after kubectl to kubectl', () => {
    expect(parseCommand(['--name', 'mine', 'kubectl', 'get', 'pods', '--name=x', '-h'])).toEqual({
      kind: 'kubectl',
      name: 'mine',
      args: ['get', 'pods', '--name=x', '-h'],
    });
  });

  it.each([[], ['help'], ['--help'], ['up', '-h']])('shows help for %j', (...argv) => {
    expect(parseCommand(argv)).toEqual({ kind: 'help' });
  });

  it.each([
    [['start'], 'There is no command "start"'],
    [['up', 'twice'], "Unexpected argument 'twice'"],
    [['--verbose', 'up'], "Unknown option '--verbose'"],
    [
      ['up', '--temporal-store', 'disk'],
      '--temporal-store "disk" is not one of memory, file, none',
    ],
    [['down', '--temporal-store', 'file'], '--temporal-store belongs to up, not to down'],
    [['down', '--temporal', 'postgres'], '--temporal belongs to up, not to down'],
    [['up', '--temporal', 'mysql'], '--temporal "mysql" is not one of dev-server, postgres'],
    [
      ['up', '--temporal', 'postgres', '--temporal-store', 'memory'],
      '--temporal-store belongs to the dev server, not to --temporal postgres',
    ],
    [['--name'], "'--name <value>' argument missing"],
  ])('refuses %j', (argv, message) => {
    expect(() => parseCommand(argv)).toThrow(UsageError);
    expect(() => parseCommand(argv)).toThrow(message);
  });
});
