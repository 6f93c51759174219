import type { Registry } from 'prom-client';

import type { Logger } from '../domain/logger.ts';
import { readSdkMetrics } from './sdk-metrics.ts';

/**
 * Renders our metrics and, where the SDK keeps its own, those after them. The names never collide: those of the SDK
 * begin with `temporal_`.
 */
export function expositionOf(
  registry: Registry,
  sdkPort: number | undefined,
  logger: Logger,
): () => Promise<string> {
  return async () => {
    const own = await registry.metrics();
    if (sdkPort === undefined) return own;
    try {
      return `${own}\n${await readSdkMetrics(sdkPort)}`;
    } catch (err) {
      // Our metrics alone are better than none.
      logger.warn('metrics of the SDK not read', { err });
      return own;
    }
  };
}
