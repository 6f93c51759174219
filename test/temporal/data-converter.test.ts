import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { UserError } from '../../settings/user-error.ts';
import { dataConverterFrom } from '../../temporal/data-converter.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'seinode-data-converter-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function converterOf(text: string) {
  const file = path.join(directory, 'keys');
  await writeFile(file, text);
  return { file, read: () => dataConverterFrom({ SEINODE_PAYLOAD_KEY_FILE: file }) };
}

describe('dataConverterFrom', () => {
  it('changes nothing without a key file', () => {
    expect(dataConverterFrom({})).toBeUndefined();
    expect(dataConverterFrom({ SEINODE_PAYLOAD_KEY_FILE: '' })).toBeUndefined();
  });

  it('encrypts payloads, and failures as payloads', async () => {
    const { read } = await converterOf(`k1 ${'00'.repeat(32)}`);
    const converter = read();
    expect(converter?.payloadCodecs).toHaveLength(1);
    expect(converter?.failureConverterPath).toMatch(/failure-converter\.ts$/);
  });

  it('names the variable and the file that cannot be used', async () => {
    const missing = () => dataConverterFrom({ SEINODE_PAYLOAD_KEY_FILE: '/nowhere/keys' });
    expect(missing).toThrow(UserError);
    expect(missing).toThrow('SEINODE_PAYLOAD_KEY_FILE: /nowhere/keys cannot be read (ENOENT)');

    const { file, read } = await converterOf('k1 short');
    expect(read).toThrow(UserError);
    expect(read).toThrow(`SEINODE_PAYLOAD_KEY_FILE: ${file}, line 1: the key is not 32`);
  });

  it('requires no encryption without a key', () => {
    const required = () => dataConverterFrom({ SEINODE_PAYLOAD_REQUIRE: 'true' });
    expect(required).toThrow(UserError);
    expect(required).toThrow('name the keys in SEINODE_PAYLOAD_KEY_FILE');
  });
});
