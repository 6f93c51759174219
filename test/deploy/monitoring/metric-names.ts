import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

import type { Registry } from 'prom-client';

import { createProcessRegistry } from '../../../metrics/process-registry.ts';
import { createWatcherMetrics } from '../../../metrics/watcher-metrics.ts';
import { createWorkerMetrics } from '../../../metrics/worker-metrics.ts';

/** The metrics of worker and watcher: what somebody who queries them may name. */
export async function ownMetrics(): Promise<ReadonlyMap<string, string>> {
  const worker = createProcessRegistry('worker', true);
  createWorkerMetrics(worker);
  const watcher = createProcessRegistry('watcher', true);
  createWatcherMetrics(watcher);
  return new Map([...(await seriesNames(worker)), ...(await seriesNames(watcher))]);
}

/** Each name of a series, with that of its metric. */
async function seriesNames(registry: Registry): Promise<readonly (readonly [string, string])[]> {
  const metrics = await registry.getMetricsAsJSON();
  return metrics.flatMap(({ name, type }) =>
    // Node's own metrics say `histogram`, prom-client's types claim a number.
    String(type) === 'histogram'
      ? ['_bucket', '_sum', '_count'].map((suffix) => [name + suffix, name] as const)
      : [[name, name] as const],
  );
}

/** The names of metrics in a query, functions and labels left out. */
export function namesIn(expr: string): readonly string[] {
  return [...expr.matchAll(/\b(?:seinode|temporal|process|nodejs)_\w+/g)].map(([name]) => name);
}

/**
 * Whether the SDK has a metric: its native part holds the names without prefix, suffix and unit. Many
 * of them appear only once there is something to tell.
 */
export function hasSdkMetric(name: string): boolean {
  const base = name
    .replace(/^temporal_/, '')
    .replace(/_(?:bucket|sum|count)$/, '')
    .replace(/_(?:total|seconds)$/, '');
  return sdkBinary().includes(base);
}

let binary: Buffer | undefined;

function sdkBinary(): Buffer {
  if (binary === undefined) {
    // A dependency of the SDK's, which is found from there.
    const sdk = createRequire(createRequire(import.meta.url).resolve('@temporalio/worker'));
    const bridge = path.dirname(sdk.resolve('@temporalio/core-bridge/package.json'));
    const build = process.arch === 'arm64' ? 'aarch64' : 'x86_64';
    binary = readFileSync(
      path.join(bridge, 'releases', `${build}-unknown-linux-gnu`, 'index.node'),
    );
  }
  return binary;
}
