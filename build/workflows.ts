import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import { DefaultLogger } from '@temporalio/worker';

import type { BundleManifest } from '../worker/prebuilt-bundle.ts';
import { BUNDLE_MANIFEST } from '../worker/prebuilt-bundle.ts';
import { sdkVersion } from '../worker/sdk-version.ts';
import { bundleVariant, bundleWorkflows } from '../worker/workflow-bundle.ts';

const FAILURE_CONVERTER = path.join(
  path.dirname(import.meta.dirname),
  'temporal',
  'failure-converter.ts',
);

/** Every combination that the settings of a worker may ask for. */
const VARIANTS = [false, true].flatMap((traced) =>
  [undefined, FAILURE_CONVERTER].map((failureConverterPath) => ({ traced, failureConverterPath })),
);

/** Builds the workflow bundles, and the manifest that says which SDK version they are for. */
export async function buildWorkflows(directory: string): Promise<void> {
  const logger = new DefaultLogger('WARN');
  const bundles: Record<string, string> = {};
  for (const options of VARIANTS) {
    const variant = bundleVariant(options);
    const { code } = await bundleWorkflows({ ...options, logger });
    bundles[variant] = `workflow-bundle-${variant}.js`;
    await writeFile(path.join(directory, bundles[variant]), code);
  }
  const manifest: BundleManifest = { sdkVersion: sdkVersion(), bundles };
  await writeFile(path.join(directory, BUNDLE_MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`);
}
