import { InvalidArgumentError } from 'commander';

/** The names of the type in kubectl, before the slash of TYPE/NAME. */
const TYPE = /^(?:snode|seinodes?)(?:\.sei\.io)?$/;

/**
 * Parses the name of a SeiNode, which may be written as kubectl prints it: `snode/n0`, `seinode.sei.io/n0`.
 *
 * @throws {InvalidArgumentError} for another type, or a path
 */
export function nodeArgument(value: string): string {
  const parts = value.split('/');
  const [type = '', name = ''] = parts;
  if (parts.length === 1) return value;
  if (parts.length === 2 && name !== '' && TYPE.test(type)) return name;
  throw new InvalidArgumentError(
    'must be the name of a SeiNode, such as n0 or snode/n0; give its namespace with -n',
  );
}

/** A SeiNode as it was typed: without a namespace it is in that of -n, or of the context. */
export type TypedNode = { readonly namespace?: string; readonly name: string };

/**
 * Parses the name of a SeiNode, which may have its namespace before it, as in `default/n0`.
 *
 * @throws {InvalidArgumentError} for a longer path, or an empty part of one
 */
export function nodePathArgument(value: string): TypedNode {
  const [namespace = '', name = '', ...rest] = value.split('/');
  if (!value.includes('/') || TYPE.test(namespace)) return { name: nodeArgument(value) };
  if (namespace !== '' && name !== '' && rest.length === 0) return { namespace, name };
  throw new InvalidArgumentError(
    'must be NAMESPACE/NAME, such as default/pacific-rpc-0, or a name alone',
  );
}
