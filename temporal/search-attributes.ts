import type { Connection } from '@temporalio/client';

import { SEARCH_ATTRIBUTES } from '../domain/run/search-attribute.ts';

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

/** Registers search attributes; registering an existing one changes nothing. */
export async function registerSearchAttributes(
  connection: Connection,
  namespace: string,
  names: readonly string[],
): Promise<void> {
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(names.map((name) => [name, KEYWORD])),
  });
}
