import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { z } from 'zod';

import type { Environment } from '../settings/environment.ts';
import { parseEnvironment } from '../settings/environment.ts';
import { UserError } from '../settings/user-error.ts';
import { sdkVersion } from './sdk-version.ts';

/** The name of the file beside the code of the worker, where that is bundled too. */
export const BUNDLE_MANIFEST = 'workflow-bundle.json';

const manifest = z.object({
  /** The version of @temporalio/worker. */
  sdkVersion: z.string(),
  /** The file of each variant, beside the manifest. */
  bundles: z.record(z.string(), z.string()),
});

/** The manifest that the build writes of its bundles. */
export type BundleManifest = z.infer<typeof manifest>;

const REMEDY = 'build it again with the packages that the worker runs with: node build/main.ts';

/** The source of docs/configuration.md. */
export const bundleVariables = z.object({
  SEINODE_WORKFLOW_BUNDLE: z
    .string()
    .optional()
    .describe(
      'Manifest of the workflow bundle that the build made. By default the one beside the code of the worker; without any, the worker makes the bundle at its start.',
    ),
});

/**
 * Reads the bundle that the build has made, if there is one: by the manifest that SEINODE_WORKFLOW_BUNDLE names,
 * otherwise by the one beside this code.
 *
 * @param variant as the build named it
 * @throws {UserError} if the bundle is of another SDK version, which would break runs in ways that nobody could
 * explain; if it lacks the variant; or if its files cannot be read
 */
export async function prebuiltBundle(
  env: Environment,
  variant: string,
): Promise<{ readonly code: string } | undefined> {
  const { SEINODE_WORKFLOW_BUNDLE: named } = parseEnvironment(bundleVariables, env);
  const file = named ? path.resolve(named) : path.join(import.meta.dirname, BUNDLE_MANIFEST);
  if (!named && !existsSync(file)) return undefined;
  const { sdkVersion: builtWith, bundles } = await readManifest(file);
  const running = sdkVersion();
  if (builtWith !== running) {
    throw new UserError(
      `the workflow bundle ${file} was built with Temporal SDK ${builtWith}, and this worker runs ${running}; ${REMEDY}`,
    );
  }
  const bundle = bundles[variant];
  if (bundle === undefined) {
    throw new UserError(`the workflow bundle ${file} has no variant "${variant}"; ${REMEDY}`);
  }
  return { code: await readText(path.join(path.dirname(file), bundle)) };
}

async function readManifest(file: string): Promise<BundleManifest> {
  const text = await readText(file);
  try {
    return manifest.parse(JSON.parse(text));
  } catch (err) {
    throw new UserError(`the workflow bundle ${file} is not what the build writes; ${REMEDY}`, {
      cause: err,
    });
  }
}

async function readText(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (err) {
    throw new UserError(
      `the workflow bundle cannot be read: ${(err as Error).message}; fix SEINODE_WORKFLOW_BUNDLE, or ${REMEDY}`,
      { cause: err },
    );
  }
}
