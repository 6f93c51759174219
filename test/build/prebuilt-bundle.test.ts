import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { test as base, describe, expect } from 'vitest';

import { UserError } from '../../settings/user-error.ts';
import { BUNDLE_MANIFEST, prebuiltBundle } from '../../worker/prebuilt-bundle.ts';
import { sdkVersion } from '../../worker/sdk-version.ts';

const CODE = '// a bundle';

const it = base.extend('bundles', async ({ task: _task }, { onCleanup }) => {
  const directory = await mkdtemp(path.join(tmpdir(), 'seinode-bundle-'));
  onCleanup(() => rm(directory, { recursive: true }));
  await writeFile(path.join(directory, 'plain.js'), CODE);
  const file = path.join(directory, BUNDLE_MANIFEST);
  return {
    env: { SEINODE_WORKFLOW_BUNDLE: file },
    write: (manifest: object) => writeFile(file, JSON.stringify(manifest)),
  };
});

describe('the prebuilt workflow bundle', () => {
  it('is used if it is of the running SDK version', async ({ bundles }) => {
    await bundles.write({ sdkVersion: sdkVersion(), bundles: { plain: 'plain.js' } });
    expect(await prebuiltBundle(bundles.env, 'plain')).toEqual({ code: CODE });
  });

  it('is refused if it is of another', async ({ bundles }) => {
    await bundles.write({ sdkVersion: '1.23.4', bundles: { plain: 'plain.js' } });
    const refusal = prebuiltBundle(bundles.env, 'plain');
    await expect(refusal).rejects.toBeInstanceOf(UserError);
    await expect(refusal).rejects.toThrow(
      `was built with Temporal SDK 1.23.4, and this worker runs ${sdkVersion()}; build it again`,
    );
  });

  it('is refused if it lacks the variant that the settings ask for', async ({ bundles }) => {
    await bundles.write({ sdkVersion: sdkVersion(), bundles: { plain: 'plain.js' } });
    await expect(prebuiltBundle(bundles.env, 'traced')).rejects.toThrow('no variant "traced"');
  });

  it('is refused if its manifest is something else', async ({ bundles }) => {
    await bundles.write({ version: 1 });
    await expect(prebuiltBundle(bundles.env, 'plain')).rejects.toThrow('is not what the build');
  });

  it('is refused if it is named and missing', async ({ bundles }) => {
    await expect(prebuiltBundle(bundles.env, 'plain')).rejects.toThrow(
      'fix SEINODE_WORKFLOW_BUNDLE',
    );
  });

  it('is absent if nobody has built one', async () => {
    expect(await prebuiltBundle({}, 'plain')).toBeUndefined();
  });
});
