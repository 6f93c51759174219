import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import { TestWorkflowEnvironment } from '@temporalio/testing';

import { DYNAMIC_CONFIG } from '../../../devcluster/temporal/dev-server.ts';
import { SEARCH_ATTRIBUTES } from '../../../domain/run/search-attribute.ts';

/** The SDK gives up on a server that does not answer within 5 s, which a busy machine may need. */
const ATTEMPTS = 5;

/**
 * Starts a Temporal dev server that runs as the devcluster's does, from the same binary.
 *
 * @param dynamicConfig beside the devcluster's: `KEY=VALUE`
 */
export async function startLocalTemporal(
  executable: string,
  dynamicConfig: readonly string[] = [],
): Promise<TestWorkflowEnvironment> {
  const options = {
    server: {
      executable: { type: 'existing-path', path: executable },
      ip: '127.0.0.1',
      searchAttributes: Object.values(SEARCH_ATTRIBUTES).map((name) =>
        defineSearchAttributeKey(name, SearchAttributeType.KEYWORD),
      ),
      extraArgs: [...DYNAMIC_CONFIG, ...dynamicConfig].flatMap((value) => [
        '--dynamic-config-value',
        value,
      ]),
    },
  } as const;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await TestWorkflowEnvironment.createLocal(options);
    } catch (err) {
      if (attempt === ATTEMPTS) throw err;
    }
  }
}
