import type { Connection } from '@temporalio/client';
import {
  defineSearchAttributeKey,
  SearchAttributeType,
  TypedSearchAttributes,
} from '@temporalio/common';

import { SEARCH_ATTRIBUTES } from '../domain/search-attribute.ts';
import type { SeiNode } from '../domain/sei-node.ts';
import type { Logger } from '../kubernetes/logger.ts';

/** The custom search attributes of the Temporal namespace, as far as it has them. */
export interface SearchAttributes {
  /**
   * Registers those that are missing. Where that is not permitted the system runs without them: an
   * attribute that the namespace lacks would refuse every start.
   */
  register(): Promise<void>;
  /** The attributes that a node's run starts with; undefined when the namespace lacks them. */
  of(node: SeiNode): TypedSearchAttributes | undefined;
}

/** The number of type Keyword in Temporal's API (temporal.api.enums.v1.IndexedValueType). */
const INDEXED_VALUE_TYPE_KEYWORD = 2;

export function createSearchAttributes(
  connection: Connection,
  namespace: string,
  logger: Logger,
): SearchAttributes {
  const names = Object.values(SEARCH_ATTRIBUTES);
  let available = false;
  let warned = false;

  async function missing(): Promise<readonly string[]> {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({
      namespace,
    });
    return names.filter((name) => !(name in (customAttributes ?? {})));
  }

  return {
    async register() {
      try {
        const wanted = await missing();
        if (wanted.length > 0) {
          await connection.operatorService.addSearchAttributes({
            namespace,
            searchAttributes: Object.fromEntries(
              wanted.map((name) => [name, INDEXED_VALUE_TYPE_KEYWORD]),
            ),
          });
        }
        available = true;
      } catch (err) {
        available = false;
        if (warned) return;
        warned = true;
        logger.warn('running without search attributes', {
          namespace,
          error: (err as Error).message,
          remedy: `register ${names.join(', ')} as Keyword in the Temporal namespace`,
        });
      }
    },
    of(node) {
      return available ? attributesOf(node) : undefined;
    },
  };
}

function attributesOf(node: SeiNode): TypedSearchAttributes {
  const values = {
    node: node.metadata.name,
    namespace: node.metadata.namespace,
    chain: node.spec.chainId,
    image: node.spec.image,
    step: 'begin',
    outcome: 'Running',
  } as const satisfies Record<keyof typeof SEARCH_ATTRIBUTES, string>;
  return new TypedSearchAttributes(
    (Object.keys(values) as (keyof typeof values)[]).map((attribute) => ({
      key: defineSearchAttributeKey(SEARCH_ATTRIBUTES[attribute], SearchAttributeType.KEYWORD),
      value: values[attribute],
    })),
  );
}

/** The number of INVALID_ARGUMENT among gRPC's status codes. */
const GRPC_INVALID_ARGUMENT = 3;

/** Whether a start was refused because the namespace lacks a search attribute. */
export function isSearchAttributeRefusal(err: unknown): boolean {
  for (let cause = err; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && cause.code === GRPC_INVALID_ARGUMENT) return true;
  }
  return false;
}
