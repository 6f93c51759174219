import { defineSearchAttributeKey, SearchAttributeType } from '@temporalio/common';
import type { LocalTestWorkflowEnvironmentOptions } from '@temporalio/testing';

import { DYNAMIC_CONFIG } from '../../devcluster/instance/temporal-server.ts';
import { SEARCH_ATTRIBUTES } from '../../domain/search-attribute.ts';

/** A Temporal dev server that runs as the devcluster's does, from the same binary. */
export function localTemporal(executable: string): LocalTestWorkflowEnvironmentOptions {
  return {
    server: {
      executable: { type: 'existing-path', path: executable },
      ip: '127.0.0.1',
      searchAttributes: Object.values(SEARCH_ATTRIBUTES).map((name) =>
        defineSearchAttributeKey(name, SearchAttributeType.KEYWORD),
      ),
      extraArgs: DYNAMIC_CONFIG.flatMap((value) => ['--dynamic-config-value', value]),
    },
  };
}
