import type { z } from 'zod';

import { imageVariables } from '../settings/image-policy.ts';
import { leaseVariables } from '../settings/lease-settings.ts';
import { platformVariables } from '../settings/settings-environment.ts';
import { platformFile } from '../settings/settings-file.ts';
import { operatorVariables } from '../settings/settings.ts';
import { temporalVariables } from '../settings/temporal-credentials.ts';
import { encryptionVariables } from '../temporal/data-converter.ts';
import { versionVariables } from '../temporal/worker-versioning.ts';
import { bundleVariables } from '../worker/prebuilt-bundle.ts';

/** Settings that belong together, with an introduction to all of them. */
export interface ConfigurationSection {
  readonly title: string;
  readonly introduction: string;
  readonly schema: z.ZodType;
  /** The word for one setting, at the head of the table. */
  readonly noun: 'variable' | 'key';
}

export const CONFIGURATION_SECTIONS: readonly ConfigurationSection[] = [
  {
    title: 'Worker and watcher',
    introduction: 'Both read these, as do `seinode set-up` and `seinode start-update`.',
    schema: operatorVariables,
    noun: 'variable',
  },
  {
    title: 'Images that may run',
    introduction:
      'Worker and watcher must agree on them. [How a refusal shows](temporal.md#which-images-may-run).',
    schema: imageVariables,
    noun: 'variable',
  },
  {
    title: 'Election of watchers',
    introduction:
      'Read by watchers. [How long a change of leaders takes](temporal.md#two-watchers).',
    schema: leaseVariables,
    noun: 'variable',
  },
  {
    title: 'Versions of workers',
    introduction: 'Read by workers. [When to use them](temporal.md#versions-of-workers).',
    schema: versionVariables,
    noun: 'variable',
  },
  {
    title: 'Credentials for Temporal',
    introduction:
      "Read by workers, watchers and command lines, beside Temporal's own variables. [How credentials change](temporal.md#tls-client-certificates-api-keys).",
    schema: temporalVariables,
    noun: 'variable',
  },
  {
    title: 'Encryption of payloads',
    introduction:
      'Read by workers, watchers and command lines. [What it hides](temporal.md#encryption-of-payloads).',
    schema: encryptionVariables,
    noun: 'variable',
  },
  {
    title: 'The workflow bundle',
    introduction: 'Read by workers. The image of the operator has its bundle beside the worker.',
    schema: bundleVariables,
    noun: 'variable',
  },
  {
    title: 'The platform, by environment',
    introduction:
      'These decide for all nodes, under the names of the original operator. Worker, watcher and `seinode diff` read them. Its other `SEI_*` variables have no effect.',
    schema: platformVariables,
    noun: 'variable',
  },
  {
    title: 'The platform, by file',
    introduction:
      "`SEI_CONTROLLER_CONFIG` names a YAML file with the platform's settings; then the processes read no other `SEI_*` variable. They refuse an unknown key. A role without sizes gets 32 CPU and 256Gi; a validator 16 and 128Gi; an archive 64 and 512Gi.",
    schema: platformFile,
    noun: 'key',
  },
];
