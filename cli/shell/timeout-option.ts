import { InvalidArgumentError, Option } from 'commander';

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600 };

/**
 * Parses a time such as `90s`, `10m`, `1h` or `90`, in seconds.
 *
 * @throws {InvalidArgumentError} for anything else; commander makes it a usage error
 */
function seconds(text: string): number {
  const [, number, unit = 's'] = /^(\d+)([smh])?$/.exec(text) ?? [];
  const value = Number(number) * (UNITS[unit] ?? 1);
  if (number === undefined || value <= 0) {
    throw new InvalidArgumentError('expected a time such as 90s, 10m or 1h');
  }
  return value;
}

/**
 * Makes an option `--timeout`, parsed as seconds.
 *
 * @param byDefault in the words of the command line, such as `10m`
 */
export function timeoutOption(what: string, byDefault: string): Option {
  return new Option('--timeout <time>', what)
    .argParser(seconds)
    .default(seconds(byDefault), byDefault);
}

/**
 * Makes the same option for a command that has a default of its own.
 *
 * @param byDefault in words, such as `no limit`
 */
export function openTimeoutOption(what: string, byDefault: string): Option {
  return new Option('--timeout <time>', `${what} (default: ${byDefault})`).argParser(seconds);
}
