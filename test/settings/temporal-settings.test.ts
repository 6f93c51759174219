import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { readTemporalSettings } from '../../settings/temporal-settings.ts';
import { UserError } from '../../settings/user-error.ts';

beforeEach(() => {
  for (const name of Object.keys(process.env)) {
    if (name.startsWith('TEMPORAL_')) vi.stubEnv(name, undefined);
  }
  // Ignores the temporal.toml of the person who runs the tests.
  vi.stubEnv('XDG_CONFIG_HOME', '/nowhere');
  vi.stubEnv('HOME', '/nowhere');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('readTemporalSettings', () => {
  it("has the defaults of Temporal's own tools", () => {
    expect(readTemporalSettings()).toMatchObject({
      connection: { address: 'localhost:7233' },
      namespace: 'default',
    });
  });

  it('reads address, namespace and API key as every Temporal tool does', () => {
    vi.stubEnv('TEMPORAL_ADDRESS', 'temporal.example.com:7233');
    vi.stubEnv('TEMPORAL_NAMESPACE', 'nodes');
    vi.stubEnv('TEMPORAL_API_KEY', 'key');
    expect(readTemporalSettings()).toMatchObject({
      connection: { address: 'temporal.example.com:7233', apiKey: 'key' },
      namespace: 'nodes',
    });
  });

  it('takes an empty variable for one that is not set', () => {
    vi.stubEnv('TEMPORAL_ADDRESS', '');
    vi.stubEnv('TEMPORAL_TLS_CLIENT_CERT_PATH', '');
    expect(readTemporalSettings().connection).toEqual({ address: 'localhost:7233' });
  });

  it('takes unset variables from a directory, each file by its name', async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'seinode-credentials-'));
    vi.stubEnv('SEINODE_TEMPORAL_CREDENTIALS', directory);
    expect(readTemporalSettings().connection).toEqual({ address: 'localhost:7233' });

    await writeFile(path.join(directory, 'api-key'), 'of-the-file\n');
    await writeFile(path.join(directory, 'tls.crt'), 'certificate');
    await writeFile(path.join(directory, 'tls.key'), 'key');
    await writeFile(path.join(directory, 'server-ca.crt'), 'authority');
    expect(readTemporalSettings().connection).toMatchObject({
      apiKey: 'of-the-file',
      tls: {
        clientCertPair: { crt: bytes('certificate'), key: bytes('key') },
        serverRootCACertificate: bytes('authority'),
      },
    });

    vi.stubEnv('TEMPORAL_API_KEY', 'of-the-variable');
    expect(readTemporalSettings().connection.apiKey).toBe('of-the-variable');
    await rm(directory, { recursive: true });
  });

  it('says where to look when they cannot be read', () => {
    vi.stubEnv('TEMPORAL_PROFILE', 'a-profile-that-nobody-has');
    expect(() => readTemporalSettings()).toThrow(UserError);
    expect(() => readTemporalSettings()).toThrow(/TEMPORAL_\* variables or temporal\.toml/);
  });
});
