import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import type { DataConverter } from '@temporalio/common';
import { z } from 'zod';

import type { Environment } from '../runtime/environment.ts';
import { parseEnvironment } from '../runtime/environment.ts';
import { fileFault } from '../runtime/file-fault.ts';
import { UserError } from '../runtime/user-error.ts';
import { encryptionCodec } from './encryption-codec.ts';
import type { PayloadKeys } from './payload-keys.ts';
import { parsePayloadKeys } from './payload-keys.ts';

/** Described for docs/configuration.md, which is made of this. */
export const encryptionVariables = z.object({
  SEINODE_PAYLOAD_KEY_FILE: z
    .string()
    .optional()
    .describe(
      'File with the keys, one `ID KEY` a line, that encrypt what Temporal stores; the same for workers, watchers and command lines. By default nothing is encrypted.',
    ),
});

/**
 * What every worker and client of Temporal must be given, so that they understand each other:
 * encryption of payloads and failures by the keys in SEINODE_PAYLOAD_KEY_FILE. Undefined without that
 * variable. Workers need the failure converter in their workflow bundle too.
 *
 * @throws {UserError} when the file cannot be read, or has no good keys
 */
export function dataConverterFrom(env: Environment): DataConverter | undefined {
  const keys = readPayloadKeys(env);
  if (keys === undefined) return undefined;
  return {
    failureConverterPath: fileURLToPath(new URL('failure-converter.ts', import.meta.url)),
    payloadCodecs: [encryptionCodec(keys)],
  };
}

function readPayloadKeys(env: Environment): PayloadKeys | undefined {
  const { SEINODE_PAYLOAD_KEY_FILE: file } = parseEnvironment(encryptionVariables, env);
  if (file === undefined) return undefined;
  try {
    return parsePayloadKeys(readFileSync(file, 'utf8'), file);
  } catch (err) {
    const said = fileFault(err) ?? (err as Error).message;
    throw new UserError(`SEINODE_PAYLOAD_KEY_FILE: ${said}`);
  }
}
