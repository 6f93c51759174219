import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Logger as TemporalLogger } from '@temporalio/worker';
import { bundleWorkflowCode } from '@temporalio/worker';

import { prebuiltBundle } from './prebuilt-bundle.ts';
import { sdkVersion } from './sdk-version.ts';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const sources = ['workflows', 'domain'];
const require = createRequire(import.meta.url);
const TRACING_MODULE = '@temporalio/interceptors-opentelemetry/lib/workflow-interceptors';

export interface WorkflowBundleOptions {
  readonly logger?: TemporalLogger;
  /** Adds OpenTelemetry's interceptors, which send spans to the sink `exporter`. Default: without. */
  readonly traced?: boolean;
  /** The encoding of workflow failures; plain text without it. */
  readonly failureConverterPath?: string | undefined;
}

type WorkflowBundle = Promise<{ readonly code: string }>;

/**
 * Returns the workflow bundle of this worker: the prebuilt one if there is one, otherwise one built from the sources.
 *
 * @throws {UserError} if the prebuilt one cannot be used
 */
export async function workflowBundle(options: WorkflowBundleOptions = {}): WorkflowBundle {
  return (await prebuiltBundle(process.env, bundleVariant(options))) ?? cachedBundle(options);
}

/** Names one of the bundles that differ by their options. */
export function bundleVariant({ traced, failureConverterPath }: WorkflowBundleOptions): string {
  const parts = [traced === true && 'traced', failureConverterPath !== undefined && 'encoded'];
  return parts.filter((part) => part !== false).join('-') || 'plain';
}

/** Builds the bundle from the sources, which takes seconds. */
export function bundleWorkflows(options: WorkflowBundleOptions): WorkflowBundle {
  const { logger, traced = false, failureConverterPath } = options;
  return bundleWorkflowCode({
    workflowsPath: path.join(root, 'workflows', 'index.ts'),
    payloadConverterPath: path.join(root, 'workflows', 'payload-converter.ts'),
    ...(traced && { workflowInterceptorModules: [require.resolve(TRACING_MODULE)] }),
    ...(failureConverterPath !== undefined && { failureConverterPath }),
    ...(logger !== undefined && { logger }),
  });
}

/**
 * Builds the bundle once for each state of the sources, because a test run starts many workers. A bundle must come from
 * the very SDK version of the worker, so the version is part of its key.
 */
async function cachedBundle(options: WorkflowBundleOptions): WorkflowBundle {
  const cacheFolder = path.join(root, 'node_modules', '.cache', 'workflow-bundle');
  const cached = path.join(cacheFolder, `${await bundleKey()}-${bundleVariant(options)}.js`);
  const found = await readFile(cached, 'utf8').catch(() => undefined);
  if (found !== undefined) return { code: found };
  const { code } = await bundleWorkflows(options);
  await mkdir(cacheFolder, { recursive: true });
  // Renamed into place, so that a worker which starts meanwhile never reads half a bundle.
  const unfinished = `${cached}.${randomUUID()}`;
  await writeFile(unfinished, code);
  await rename(unfinished, cached);
  return { code };
}

async function bundleKey(): Promise<string> {
  const hash = createHash('sha256').update(sdkVersion());
  for (const folder of sources) {
    const files = (await readdir(path.join(root, folder))).filter((file) => file.endsWith('.ts'));
    for (const file of files.toSorted()) {
      hash.update(file).update(await readFile(path.join(root, folder, file)));
    }
  }
  return hash.digest('hex').slice(0, 16);
}
