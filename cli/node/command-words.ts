import type { NodeRef } from '../../domain/node/node-ref.ts';

/** Something that a person can do about a node now. */
export interface NextAction {
  /** The purpose, as a clause. */
  readonly why: string;
  /** The command to type as it is, except for words in capitals. */
  readonly command: string;
}

/** The way to type commands in this place. */
export interface CommandWords {
  /** `seinode` or `kubectl seinode`. */
  readonly program: string;
  /** Options that lead to the same cluster, such as `--context prod`; empty for the default. */
  readonly where: string;
}

export type Typist = ReturnType<typeof typist>;

/** Makes commands about one node. */
export function typist(
  { namespace, name }: Pick<NodeRef, 'namespace' | 'name'>,
  { program, where }: CommandWords,
) {
  const options = [`-n ${namespace}`, where].filter((part) => part !== '').join(' ');
  return {
    seinode: (verb: string, ...words: readonly string[]) =>
      [program, verb, name, ...words, options].join(' '),
    kubectl: (command: string) => `kubectl ${command} ${options}`,
  };
}

export function action(why: string, command: string): NextAction {
  return { why, command };
}
