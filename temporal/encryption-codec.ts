import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

import type { Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';

import type { PayloadKey, PayloadKeys } from './payload-keys.ts';

/** The name that the examples of Temporal use, so that their tools recognise it. */
const ENCODING = 'binary/encrypted';
const KEY_ID = 'encryption-key-id';

const CIPHER = 'aes-256-gcm';
/** The size that GCM wants; random nonces are safe for the first 2^32 payloads of a key. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const { Payload: PayloadMessage } = proto.temporal.api.common.v1;

/** Stored beside the id of the key, since payloads are bound to their place. */
const NAMESPACE = 'encryption-namespace';
const WORKFLOW_ID = 'encryption-workflow-id';

/**
 * The encoding of a refused message, which no converter reads: a thrown error would fail its workflow task for ever.
 */
const REFUSED = 'refused/not-encrypted-with-our-key';

export interface EncryptionOptions {
  /**
   * True to refuse payloads that are not encrypted with one of the keys for the workflow where they are found. Default:
   * false.
   */
  readonly isRequired?: boolean;
}

type Context = Parameters<PayloadCodec['encode']>[1];

/**
 * The place where a payload belongs. The SDK names no run: a message is sent to a workflow id, whichever run has that.
 */
interface Place {
  readonly namespace: string;
  readonly workflowId: string;
}

/**
 * Creates a codec that encrypts whole payloads, including their metadata, each with its own nonce. The data of an
 * encrypted payload is nonce, ciphertext and tag; the id of the key, the Temporal namespace and the workflow id are in
 * its metadata and are authenticated, so that it cannot be moved to another workflow.
 *
 * Unencrypted payloads are read as they are, and so are those of versions that bound them to no place: those of runs
 * that began before, and of people who send a signal with a tool that has no key. Where encryption is required, neither
 * is read: such a message fits nothing, and such an activity is not performed.
 */
export function createEncryptionCodec(
  keys: PayloadKeys,
  { isRequired = false }: EncryptionOptions = {},
): PayloadCodec {
  return {
    encode: async (payloads, context) =>
      payloads.map((payload) => encrypted(payload, keys.current, placeOf(context))),
    decode: async (payloads, context) =>
      payloads.map((payload) => {
        const why = isRequired ? refusalOf(payload, context) : undefined;
        if (why === undefined) return decrypted(payload, keys, placeOf(context));
        if (context?.type === 'workflow') return { metadata: { encoding: bytesOf(REFUSED) } };
        throw new Error(
          `a payload is refused, because ${why}, and SEINODE_PAYLOAD_REQUIRE is true`,
        );
      }),
  };
}

function placeOf(context: Context): Place | undefined {
  const { namespace, workflowId } = context ?? {};
  return namespace === undefined || workflowId === undefined
    ? undefined
    : { namespace, workflowId };
}

function refusalOf(payload: Payload, context: Context): string | undefined {
  if (textOf(payload.metadata?.['encoding']) !== ENCODING) return 'it is not encrypted';
  return meantPlace(payload) !== undefined || placeOf(context) === undefined
    ? undefined
    : 'it is encrypted for no workflow, by a version before';
}

function encrypted(payload: Payload, { id, bytes }: PayloadKey, place: Place | undefined): Payload {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, bytes, nonce).setAAD(authenticated(id, place));
  const plain = PayloadMessage.encode(payload).finish();
  const data = Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
  return {
    metadata: {
      encoding: bytesOf(ENCODING),
      [KEY_ID]: bytesOf(id),
      ...(place && {
        [NAMESPACE]: bytesOf(place.namespace),
        [WORKFLOW_ID]: bytesOf(place.workflowId),
      }),
    },
    data,
  };
}

function decrypted(
  payload: Payload,
  { byId, source }: PayloadKeys,
  found: Place | undefined,
): Payload {
  const { metadata, data } = payload;
  if (textOf(metadata?.['encoding']) !== ENCODING) return payload;
  const id = textOf(metadata?.[KEY_ID]);
  const key = byId.get(id);
  if (key === undefined) {
    throw new Error(
      `a payload is encrypted with key "${id}", which ${source} lacks; add that key to the file, below the first`,
    );
  }
  const meant = meantPlace(payload);
  if (meant !== undefined && found !== undefined && !isSamePlace(meant, found)) {
    throw new Error(
      `a payload of workflow ${meant.workflowId} in namespace ${meant.namespace} was found in ${found.workflowId} of ${found.namespace}: somebody has moved it there`,
    );
  }
  try {
    return PayloadMessage.decode(open(data ?? new Uint8Array(), key, meant));
  } catch (err) {
    throw new Error(
      `a payload cannot be decrypted with key "${id}" of ${source}: whoever encrypted it has another key of that id, or it was changed`,
      { cause: err },
    );
  }
}

/** Returns the place for which the payload was encrypted; undefined for one that is bound to none. */
function meantPlace({ metadata }: Payload): Place | undefined {
  const [namespace, workflowId] = [metadata?.[NAMESPACE], metadata?.[WORKFLOW_ID]];
  if (!namespace || !workflowId) return undefined;
  return { namespace: textOf(namespace), workflowId: textOf(workflowId) };
}

function isSamePlace(one: Place, other: Place): boolean {
  return one.namespace === other.namespace && one.workflowId === other.workflowId;
}

function open(data: Uint8Array, { id, bytes }: PayloadKey, place: Place | undefined): Uint8Array {
  const decipher = createDecipheriv(CIPHER, bytes, data.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(authenticated(id, place)).setAuthTag(data.subarray(-TAG_BYTES));
  const plain = decipher.update(data.subarray(NONCE_BYTES, -TAG_BYTES));
  return Buffer.concat([plain, decipher.final()]);
}

/** Returns the authenticated data. The id of a key has no bracket in it, so the two kinds never collide. */
function authenticated(id: string, place: Place | undefined): Uint8Array {
  return bytesOf(
    place === undefined ? id : JSON.stringify([id, place.namespace, place.workflowId]),
  );
}

function bytesOf(text: string): Uint8Array {
  return Buffer.from(text, 'utf8');
}

function textOf(bytes: Uint8Array | null | undefined): string {
  return Buffer.from(bytes ?? []).toString('utf8');
}
