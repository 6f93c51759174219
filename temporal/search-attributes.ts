import type { Connection } from '@temporalio/client';

import { SEARCH_ATTRIBUTES } from '../domain/run/search-attribute.ts';
import { UserError } from '../settings/user-error.ts';
import { grpcMessageOf } from './grpc-status.ts';

/** The number of type Keyword in Temporal's API (temporal.api.enums.v1.IndexedValueType). */
const KEYWORD = 2;

/** The state of our search attributes in a namespace. */
export interface FoundSearchAttributes {
  readonly missing: readonly string[];
  /** Those registered with another type than Keyword, which refuses every start. */
  readonly ofOtherType: readonly string[];
}

export async function findSearchAttributes(
  connection: Connection,
  namespace: string,
): Promise<FoundSearchAttributes> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const found = customAttributes ?? {};
  const names = Object.values(SEARCH_ATTRIBUTES);
  return {
    missing: names.filter((name) => !(name in found)),
    ofOtherType: names.filter((name) => name in found && found[name] !== KEYWORD),
  };
}

/**
 * Registers search attributes; registering an existing one changes nothing.
 *
 * @throws {UserError} when the namespace has no room for them: a SQL database has a fixed number of columns for each type
 */
export async function registerSearchAttributes(
  connection: Connection,
  namespace: string,
  names: readonly string[],
): Promise<void> {
  try {
    await connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(names.map((name) => [name, KEYWORD])),
    });
  } catch (err) {
    // gRPC has one code for all bad requests, so only the server's words distinguish it.
    const [, room] = /cannot have more than (\d+) search attribute/.exec(grpcMessageOf(err)) ?? [];
    if (room === undefined) throw err;
    throw new UserError(
      `namespace ${namespace} has no room for the search attributes ${names.join(', ')}: Temporal's database holds ${room} of type Keyword for a namespace; remove some that nobody needs (temporal operator search-attribute list, then remove, each with --namespace ${namespace}), or use another namespace (TEMPORAL_NAMESPACE)`,
      { cause: err },
    );
  }
}
