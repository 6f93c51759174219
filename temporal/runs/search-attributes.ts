import type { Connection } from '@temporalio/client';
import {
  defineSearchAttributeKey,
  SearchAttributeType,
  TypedSearchAttributes,
} from '@temporalio/common';

import type { Logger } from '../../domain/logger.ts';
import type { SearchAttribute } from '../../domain/run/search-attribute.ts';
import { SEARCH_ATTRIBUTES, searchAttributeValue } from '../../domain/run/search-attribute.ts';
import { GrpcStatus, grpcMessageOf, grpcStatusOf } from '../grpc-status.ts';
import { findSearchAttributes, registerSearchAttributes } from '../search-attributes.ts';

type AttributeValues = Readonly<Partial<Record<SearchAttribute, string>>>;

/** The custom search attributes that the Temporal namespace has. */
export interface SearchAttributes {
  /**
   * Registers the missing ones. If that is not permitted, the system runs without any: a single attribute that the
   * namespace lacks would refuse every start.
   */
  register(): Promise<void>;
  /** Returns the values with which a run starts; undefined if the namespace lacks the attributes. */
  of(values: AttributeValues): TypedSearchAttributes | undefined;
}

/** @param link its connection may be another one later */
export function createSearchAttributes(
  link: { readonly connection: Connection },
  namespace: string,
  logger: Logger,
): SearchAttributes {
  const names = Object.values(SEARCH_ATTRIBUTES);
  let available = false;
  let warned = false;

  return {
    async register() {
      const { connection } = link;
      try {
        const { missing, ofOtherType } = await findSearchAttributes(connection, namespace);
        // A run that was started with some sets all of them later, and a value of another type fails its workflow task
        // for ever. So even one of another type means that runs go without any of them.
        if (ofOtherType.length > 0) {
          throw new Error(`${ofOtherType.join(', ')} is registered with another type than Keyword`);
        }
        if (missing.length > 0) await registerSearchAttributes(connection, namespace, missing);
        available = true;
      } catch (err) {
        available = false;
        if (warned) return;
        warned = true;
        logger.warn('running without search attributes', {
          temporalNamespace: namespace,
          error: (err as Error).message,
          remedy: `register ${names.join(', ')} as Keyword in the Temporal namespace`,
        });
      }
    },
    of(values) {
      return available ? typed(values) : undefined;
    },
  };
}

function typed(values: AttributeValues): TypedSearchAttributes {
  return new TypedSearchAttributes(
    Object.entries(values).map(([attribute, value]) => ({
      key: defineSearchAttributeKey(
        SEARCH_ATTRIBUTES[attribute as SearchAttribute],
        SearchAttributeType.KEYWORD,
      ),
      value: searchAttributeValue(value),
    })),
  );
}

/**
 * Returns whether a start was refused for its search attributes: the namespace lacks one, or has it with another type.
 * gRPC has one code for all bad requests, so only the server's words distinguish it.
 */
export function isSearchAttributeRefusal(err: unknown): boolean {
  return (
    grpcStatusOf(err) === GrpcStatus.invalidArgument &&
    /search ?attribute/i.test(grpcMessageOf(err))
  );
}
