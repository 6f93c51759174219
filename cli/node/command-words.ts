import type { NodeRef } from '../../domain/node/node-ref.ts';

/** What a person can do about a node now. */
export interface NextAction {
  /** What it is for, as a clause. */
  readonly why: string;
  /** To be typed as it is, but for words in capitals. */
  readonly command: string;
}

/** How commands have to be typed in this place. */
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
