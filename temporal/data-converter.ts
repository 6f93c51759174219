import { fileURLToPath } from 'node:url';

import type { DataConverter } from '@temporalio/common';
import { z } from 'zod';

import type { Logger } from '../domain/logger.ts';
import type { Environment } from '../settings/environment.ts';
import { parseEnvironment } from '../settings/environment.ts';
import { fileFault } from '../settings/file-fault.ts';
import { UserError } from '../settings/user-error.ts';
import { createEncryptionCodec } from './encryption-codec.ts';
import { followPayloadKeyFile } from './payload-key-file.ts';
import type { PayloadKeys } from './payload-keys.ts';

/** The source of docs/configuration.md. */
export const encryptionVariables = z.object({
  SEINODE_PAYLOAD_KEY_FILE: z
    .string()
    .optional()
    .describe(
      'File with the keys, one `ID KEY` a line, that encrypt what Temporal stores; the same for workers, watchers and command lines. By default nothing is encrypted.',
    ),
  SEINODE_PAYLOAD_REQUIRE: z
    .enum(['true', 'false'])
    .default('false')
    .describe(
      'Refuses payloads that are not encrypted with one of the keys for the very workflow that they are found in: messages, inputs and answers from anybody without a key. Set it once every run that began without encryption has ended.',
    ),
});

/**
 * Creates the data converter that every worker and client of Temporal must have to understand each other: it encrypts
 * payloads and failures with the keys in SEINODE_PAYLOAD_KEY_FILE, and reads that file again while they are in use.
 * Undefined without that variable. Workers need the failure converter in their workflow bundle, too.
 *
 * @param logger receives the fault of a file that has changed for the worse
 * @throws {UserError} when the file cannot be read, or has no valid keys, or keys are required and there are none
 */
export function dataConverterFrom(env: Environment, logger?: Logger): DataConverter | undefined {
  const isRequired = parseEnvironment(encryptionVariables, env).SEINODE_PAYLOAD_REQUIRE === 'true';
  const keys = readPayloadKeys(env, logger);
  if (keys === undefined) {
    if (!isRequired) return undefined;
    throw new UserError(
      'SEINODE_PAYLOAD_REQUIRE=true refuses what no key has encrypted: name the keys in SEINODE_PAYLOAD_KEY_FILE',
    );
  }
  return {
    failureConverterPath: fileURLToPath(new URL('failure-converter.ts', import.meta.url)),
    payloadCodecs: [createEncryptionCodec(keys, { isRequired })],
  };
}

function readPayloadKeys(env: Environment, logger?: Logger): PayloadKeys | undefined {
  const { SEINODE_PAYLOAD_KEY_FILE: file } = parseEnvironment(encryptionVariables, env);
  if (file === undefined) return undefined;
  try {
    return followPayloadKeyFile(file, (err) => {
      const fault = fileFault(err) ?? (err as Error).message;
      logger?.error('the keys for payloads have changed, and the old ones stay in use', { fault });
    });
  } catch (err) {
    const said = fileFault(err) ?? (err as Error).message;
    throw new UserError(`SEINODE_PAYLOAD_KEY_FILE: ${said}`);
  }
}
