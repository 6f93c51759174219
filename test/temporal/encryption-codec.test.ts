import type { Payload } from '@temporalio/common';
import { defaultPayloadConverter } from '@temporalio/common';
import { describe, expect, it } from 'vitest';

import { createEncryptionCodec } from '../../temporal/encryption-codec.ts';
import { parsePayloadKeys } from '../../temporal/payload-keys.ts';
import { payloadConverter } from '../../workflows/payload-converter.ts';

const K1 = `k1 ${'11'.repeat(32)}`;
const K2 = `k2 ${'22'.repeat(32)}`;
const codecOf = (...lines: string[]) =>
  createEncryptionCodec(parsePayloadKeys(lines.join('\n'), '/keys'));

const payloadOf = (value: unknown): Payload => defaultPayloadConverter.toPayload(value) as Payload;
const valueOf = (payload: Payload): unknown => defaultPayloadConverter.fromPayload(payload);

async function encrypt(value: unknown, codec = codecOf(K1)): Promise<Payload> {
  const [payload] = await codec.encode([payloadOf(value)]);
  return payload ?? {};
}

async function decrypt(payload: Payload, codec = codecOf(K1)): Promise<unknown> {
  const [plain] = await codec.decode([payload]);
  return valueOf(plain ?? {});
}

describe('createEncryptionCodec', () => {
  it('gives back what was encrypted, whatever it is', async () => {
    for (const value of [{ node: 'n0', list: [1, null] }, '', undefined, Uint8Array.of(0, 255)]) {
      expect(await decrypt(await encrypt(value))).toEqual(value);
    }
  });

  it('leaves nothing of the payload and its kind to be seen, but the id of the key', async () => {
    const { metadata, data } = await encrypt('node-of-pacific');
    const text = Buffer.from(data ?? []).toString('latin1');
    expect(text).not.toContain('node-of-pacific');
    expect(text).not.toContain('json/plain');
    const seen = Object.entries(metadata ?? {}).map(([k, v]) => [k, Buffer.from(v).toString()]);
    expect(Object.fromEntries(seen)).toEqual({
      encoding: 'binary/encrypted',
      'encryption-key-id': 'k1',
    });
  });

  it('encrypts the same value differently each time', async () => {
    expect((await encrypt('n0')).data).not.toEqual((await encrypt('n0')).data);
  });

  it('reads after a rotation what was written before it, and writes with the new key', async () => {
    const rotated = codecOf(K2, K1);
    expect(await decrypt(await encrypt('n0'), rotated)).toBe('n0');
    await expect(decrypt(await encrypt('n0', rotated))).rejects.toThrow('key "k2"');
  });

  it('names the key that it lacks, and where to add it', async () => {
    await expect(decrypt(await encrypt('n0'), codecOf(K2))).rejects.toThrow(
      'a payload is encrypted with key "k1", which /keys lacks; add that key to the file',
    );
  });

  it('names the key that is another one of the same id', async () => {
    await expect(decrypt(await encrypt('n0'), codecOf(`k1 ${'33'.repeat(32)}`))).rejects.toThrow(
      'cannot be decrypted with key "k1" of /keys',
    );
  });

  it('refuses a payload that was changed, in any byte or cut short', async () => {
    const { metadata, data } = await encrypt('n0');
    const bytes = Buffer.from(data ?? []);
    for (let index = 0; index < bytes.length; index += 1) {
      const changed = Buffer.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ 1;
      const payload: Payload = { ...(metadata && { metadata }), data: changed };
      await expect(decrypt(payload)).rejects.toThrow('cannot be decrypted');
    }
    for (const cut of [bytes.subarray(0, -1), bytes.subarray(0, 5), Buffer.alloc(0)]) {
      const payload: Payload = { ...(metadata && { metadata }), data: cut };
      await expect(decrypt(payload)).rejects.toThrow('cannot be decrypted');
    }
  });

  it('refuses a payload that names another key than its own, even one of the same bytes', async () => {
    const sameBytes = `k3 ${'11'.repeat(32)}`;
    const { metadata, data } = await encrypt('n0');
    const renamed = { ...metadata, 'encryption-key-id': Buffer.from('k3') };
    const payload: Payload = { metadata: renamed, ...(data && { data }) };
    await expect(decrypt(payload, codecOf(K1, sameBytes))).rejects.toThrow('with key "k3"');
  });

  it('reads what is not encrypted as it is', async () => {
    expect(await decrypt(payloadOf('plain'))).toBe('plain');
  });
});

const RUN = { type: 'workflow', namespace: 'sei', workflowId: 'seinode/eu1/nodes/n0' } as const;
const ANOTHER = { ...RUN, workflowId: 'seinode/eu1/nodes/n1' } as const;
const STEP = { ...RUN, type: 'activity', activityId: '7', isLocal: false } as const;

async function encryptFor(context: typeof RUN | typeof STEP, codec = codecOf(K1)) {
  const [payload = {}] = await codec.encode([payloadOf('n0')], context);
  return payload;
}

async function decryptIn(
  context: typeof RUN | typeof ANOTHER | typeof STEP | undefined,
  payload: Payload,
  codec = codecOf(K1),
): Promise<unknown> {
  const [plain = {}] = await codec.decode([payload], context);
  return valueOf(plain);
}

describe('a payload that is encrypted for a workflow', () => {
  it('is read in that workflow and its activities, and by tools that know the key alone', async () => {
    for (const payload of [await encryptFor(RUN), await encryptFor(STEP)]) {
      for (const context of [RUN, STEP, undefined]) {
        expect(await decryptIn(context, payload)).toBe('n0');
      }
    }
  });

  it.each([
    ['workflow', ANOTHER],
    ['namespace', { ...RUN, namespace: 'another' } as unknown as typeof RUN],
  ])('is refused in another %s', async (_, context) => {
    await expect(decryptIn(context, await encryptFor(RUN))).rejects.toThrow(
      'a payload of workflow seinode/eu1/nodes/n0 in namespace sei was found in',
    );
  });

  it('is refused once it says that it is another’s, or nobody’s', async () => {
    const { metadata, data } = await encryptFor(RUN);
    const given = data ? { data } : {};
    const renamed = { ...metadata, 'encryption-workflow-id': Buffer.from(ANOTHER.workflowId) };
    await expect(decryptIn(ANOTHER, { metadata: renamed, ...given })).rejects.toThrow(
      'cannot be decrypted',
    );
    const { 'encryption-workflow-id': _, ...unbound } = metadata ?? {};
    await expect(decryptIn(RUN, { metadata: unbound, ...given })).rejects.toThrow(
      'cannot be decrypted',
    );
  });
});

/** Of a version before, to which somebody has added what they like. */
async function halfPlaced(): Promise<Payload> {
  const { metadata, data } = await encrypt('n0');
  return {
    metadata: { ...metadata, 'encryption-workflow-id': Buffer.from('w') },
    data: data ?? null,
  };
}

describe('a codec that requires encryption', () => {
  const strict = createEncryptionCodec(parsePayloadKeys(K1, '/keys'), { isRequired: true });

  it('reads what is encrypted for the workflow', async () => {
    expect(await decryptIn(RUN, await encryptFor(RUN), strict)).toBe('n0');
    expect(await decryptIn(STEP, await encryptFor(RUN), strict)).toBe('n0');
  });

  it.each([
    ['plain', async () => payloadOf('n0'), 'it is not encrypted'],
    ['of a version before', () => encrypt('n0'), 'it is encrypted for no workflow'],
    ['said to be of half a place', halfPlaced, 'it is encrypted for no workflow'],
  ])('does no activity with an input that is %s', async (_, payload, why) => {
    await expect(decryptIn(STEP, await payload(), strict)).rejects.toThrow(why);
  });

  it.each([
    ['plain', async () => payloadOf('n0')],
    ['of a version before', () => encrypt('n0')],
  ])('makes of a message that is %s one that fits nothing, and throws nothing', async (_, made) => {
    const [payload = {}] = await strict.decode([await made()], RUN);
    const context = { type: 'workflow', namespace: 'sei', workflowId: 'w' } as const;
    expect(typeof payloadConverter.fromPayload(payload, context)).toBe('symbol');
  });

  it('reads what tools find that do not know whose it is', async () => {
    expect(await decryptIn(undefined, await encryptFor(RUN), strict)).toBe('n0');
  });
});
