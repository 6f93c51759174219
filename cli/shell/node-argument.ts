import { InvalidArgumentError } from 'commander';

/** What kubectl calls a SeiNode, before the slash of TYPE/NAME. */
const TYPE = /^(?:snode|seinodes?)(?:\.sei\.io)?$/;

/**
 * The name of a SeiNode, which may be written as kubectl prints it: `snode/n0`, `seinode.sei.io/n0`.
 *
 * @throws {InvalidArgumentError} for another type, or a path
 */
export function nodeArgument(value: string): string {
  const parts = value.split('/');
  const [type = '', name = ''] = parts;
  if (parts.length === 1) return value;
  if (parts.length === 2 && name !== '' && TYPE.test(type)) return name;
  throw new InvalidArgumentError(
    'must be the name of a SeiNode, such as n0 or snode/n0; its namespace is named with -n',
  );
}
