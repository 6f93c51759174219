import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { readTemporalSettings } from '../../runtime/temporal-settings.ts';
import { UserError } from '../../runtime/user-error.ts';

beforeEach(() => {
  for (const name of Object.keys(process.env)) {
    if (name.startsWith('TEMPORAL_')) vi.stubEnv(name, undefined);
  }
  // No temporal.toml of the person who runs the tests.
  vi.stubEnv('XDG_CONFIG_HOME', '/nowhere');
  vi.stubEnv('HOME', '/nowhere');
});
afterEach(() => {
  vi.unstubAllEnvs();
});

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

  it('says where to look when they cannot be read', () => {
    vi.stubEnv('TEMPORAL_PROFILE', 'a-profile-that-nobody-has');
    expect(() => readTemporalSettings()).toThrow(UserError);
    expect(() => readTemporalSettings()).toThrow(/TEMPORAL_\* variables or temporal\.toml/);
  });
});
