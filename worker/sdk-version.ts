import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** Returns the version of the Temporal SDK that this process runs with. */
export function sdkVersion(): string {
  const { version } = require('@temporalio/worker/package.json') as { version: string };
  return version;
}
