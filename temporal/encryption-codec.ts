import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

import type { Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';

import type { PayloadKey, PayloadKeys } from './payload-keys.ts';

/** As Temporal's own examples name it, so that their tools know what they see. */
const ENCODING = 'binary/encrypted';
const KEY_ID = 'encryption-key-id';

const CIPHER = 'aes-256-gcm';
/** What GCM wants; random ones are safe for the first 2^32 payloads of a key. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const { Payload: PayloadMessage } = proto.temporal.api.common.v1;

/**
 * Encrypts whole payloads, their metadata included, each with a nonce of its own. The data of an
 * encrypted one is nonce, ciphertext and tag; the key's id stands in its metadata and is authenticated.
 *
 * Payloads that are not encrypted are read as they are: those of runs that began before, and of people
 * who send a signal with a tool that has no key.
 */
export function encryptionCodec(keys: PayloadKeys): PayloadCodec {
  return {
    encode: async (payloads) => payloads.map((payload) => encrypted(payload, keys.current)),
    decode: async (payloads) => payloads.map((payload) => decrypted(payload, keys)),
  };
}

function encrypted(payload: Payload, { id, bytes }: PayloadKey): Payload {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, bytes, nonce).setAAD(bytesOf(id));
  const plain = PayloadMessage.encode(payload).finish();
  const data = Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return { metadata: { encoding: bytesOf(ENCODING), [KEY_ID]: bytesOf(id) }, data };
}

function decrypted(payload: Payload, { byId, source }: PayloadKeys): Payload {
  const { metadata, data } = payload;
  if (textOf(metadata?.['encoding']) !== ENCODING) return payload;
  const id = textOf(metadata?.[KEY_ID]);
  const key = byId.get(id);
  if (key === undefined) {
    throw new Error(
      `a payload is encrypted with key "${id}", which ${source} lacks; add that key to the file, below the first`,
    );
  }
  try {
    return PayloadMessage.decode(open(data ?? new Uint8Array(), key));
  } catch (err) {
    throw new Error(
      `a payload cannot be decrypted with key "${id}" of ${source}: whoever encrypted it has another key of that id, or it was changed`,
      { cause: err },
    );
  }
}

function open(data: Uint8Array, { id, bytes }: PayloadKey): Uint8Array {
  const decipher = createDecipheriv(CIPHER, bytes, data.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(bytesOf(id)).setAuthTag(data.subarray(-TAG_BYTES));
  const plain = decipher.update(data.subarray(NONCE_BYTES, -TAG_BYTES));
  return Buffer.concat([plain, decipher.final()]);
}

function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}

function textOf(bytes: Uint8Array | null | undefined): string {
  return Buffer.from(bytes ?? []).toString('utf8');
}
