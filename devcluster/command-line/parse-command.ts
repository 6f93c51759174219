import { parseArgs } from 'node:util';

import { messageOf } from '../message-of.ts';

export type Command =
  | {
      readonly kind: 'up';
      readonly name: string;
      /** Undefined where nobody asked for one. */
      readonly temporalStore: TemporalStore | undefined;
    }
  | { readonly kind: 'down'; readonly name: string }
  | { readonly kind: 'status' }
  | { readonly kind: 'kubectl'; readonly name: string; readonly args: readonly string[] }
  | { readonly kind: 'help' };

type TemporalStore = (typeof DEV_SERVER_STORES)[number] | 'postgres';

const TEMPORALS = ['dev-server', 'postgres'] as const;
const DEV_SERVER_STORES = ['memory', 'file', 'none'] as const;

export const USAGE = `Usage: npm run devcluster -- [--name NAME] COMMAND

  up               brings a devcluster up; it stays until it is taken down
    --temporal dev-server|postgres
                   postgres is temporal-server on the PostgreSQL of this machine, as in docker-compose.yml; the
                   default is the dev server
    --temporal-store memory|file|none
                   of the dev server: file keeps workflows when it restarts, at half the speed (default memory)
  down             takes it down
  status           lists devclusters, their addresses and processes
  kubectl ARGS     runs kubectl against it

  --name NAME      which devcluster (default dev); before the command for kubectl`;

/** The command line was not understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/**
 * @param argv arguments after the script's name
 * @throws {UsageError}
 */
export function parseCommand(argv: readonly string[]): Command {
  const at = positionOfCommand(argv);
  const word = argv[at];
  // Everything after `kubectl` is kubectl's, options too.
  const ours = word === 'kubectl' ? argv.slice(0, at) : argv.filter((_, index) => index !== at);
  const { name, help, ...temporal } = parseOptions(ours);
  if (help === true || word === 'help' || word === undefined) return { kind: 'help' };
  const [option] = Object.keys(temporal);
  if (option !== undefined && word !== 'up') {
    throw new UsageError(`--${option} belongs to up, not to ${word}`);
  }
  switch (word) {
    case 'up':
      return { kind: 'up', name, temporalStore: storeFrom(temporal) };
    case 'down':
      return { kind: 'down', name };
    case 'status':
      return { kind: 'status' };
    case 'kubectl':
      return { kind: 'kubectl', name, args: argv.slice(at + 1) };
    default:
      throw new UsageError(
        `There is no command ${JSON.stringify(word)}; there are up, down, status, kubectl`,
      );
  }
}

const OPTIONS = {
  name: { type: 'string', default: 'dev' },
  help: { type: 'boolean', short: 'h' },
  temporal: { type: 'string' },
  'temporal-store': { type: 'string' },
} as const;

function positionOfCommand(argv: readonly string[]): number {
  const { tokens } = parseArgs({
    args: [...argv],
    options: OPTIONS,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  return tokens.find((token) => token.kind === 'positional')?.index ?? argv.length;
}

function parseOptions(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (err) {
    throw new UsageError(messageOf(err));
  }
}

function storeFrom(options: {
  readonly temporal?: string | undefined;
  readonly 'temporal-store'?: string | undefined;
}): TemporalStore | undefined {
  const { temporal, 'temporal-store': store } = options;
  if (temporal === undefined && store === undefined) return undefined;
  if (oneOf(TEMPORALS, '--temporal', temporal ?? 'dev-server') === 'dev-server') {
    return oneOf(DEV_SERVER_STORES, '--temporal-store', store ?? 'memory');
  }
  if (store === undefined) return 'postgres';
  throw new UsageError('--temporal-store belongs to the dev server, not to --temporal postgres');
}

function oneOf<T extends string>(choices: readonly T[], option: string, text: string): T {
  const found = choices.find((each) => each === text);
  if (found !== undefined) return found;
  throw new UsageError(`${option} ${JSON.stringify(text)} is not one of ${choices.join(', ')}`);
}
