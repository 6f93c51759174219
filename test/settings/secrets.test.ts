import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { inspect } from 'node:util';

import { NativeConnection } from '@temporalio/worker';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';

import { openOtlpTracing } from '../../process/tracing/otlp-tracing.ts';
import { readImagePolicy, imageVariables } from '../../settings/image-policy.ts';
import { leaseVariables, readLeaseSettings } from '../../settings/lease-settings.ts';
import { readPlatformSettings } from '../../settings/read-platform-settings.ts';
import { platformVariables } from '../../settings/settings-environment.ts';
import { operatorVariables, readSettings } from '../../settings/settings.ts';
import { temporalVariables, withCredentialFiles } from '../../settings/temporal-credentials.ts';
import { readTemporalSettings } from '../../settings/temporal-settings.ts';
import { createSidecarClient } from '../../sidecar/sidecar-client.ts';
import { createFileTokens } from '../../sidecar/sidecar-tokens.ts';
import { connectClient } from '../../temporal/connect-client.ts';
import { dataConverterFrom, encryptionVariables } from '../../temporal/data-converter.ts';
import { parsePayloadKeys } from '../../temporal/payload-keys.ts';
import { readWorkerVersioning, versionVariables } from '../../temporal/worker-versioning.ts';
import { run } from '../cli/run-in-process.ts';

/** As long as a short API key; the test recognises each piece of it that a message might show. */
const SECRET = 'eyJhbGciOiJIUzI1NiJ9_HUSH_dGhlIGtleSBpdHNlbGY';

/** Matches the secret, and any part of it that somebody could use. */
const SHOWN = /HUSH|eyJhbGciOiJ|dGhlIGtleSBp/;

function fileWith(text: string, name = 'file'): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'settings-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, name);
  writeFileSync(file, text, { mode: 0o600 });
  return file;
}

/** The warnings that Node would print for libraries. */
const warnings: string[] = [];

/**
 * Returns everything that a log line or stack could show of the error: causes and properties, and warnings.
 */
async function shownBy(read: () => unknown): Promise<string> {
  try {
    await read();
  } catch (err) {
    return [...warnings, inspect(err, { depth: Infinity, showHidden: true })].join('\n');
  }
  return warnings.join('\n');
}

beforeEach(() => {
  warnings.length = 0;
  vi.spyOn(process, 'emitWarning').mockImplementation((warning) => {
    warnings.push(inspect(warning));
  });
  for (const name of Object.keys(process.env)) {
    if (/^(TEMPORAL|OTEL|SEI_|SEINODE)_/.test(name)) vi.stubEnv(name, undefined);
  }
  // Ignores the temporal.toml of the person who runs the tests.
  vi.stubEnv('XDG_CONFIG_HOME', '/nowhere');
  vi.stubEnv('HOME', '/nowhere');
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

/** Values that somebody might set a variable to by mistake. */
const MALFORMED = [
  SECRET,
  `${SECRET}\n`,
  `https://user:${SECRET}@host.example/ x`,
  `ftp://user:${SECRET}@host.example`,
  `-----BEGIN PRIVATE KEY-----\n${SECRET}\n-----END PRIVATE KEY-----`,
];

const READERS = {
  ...readersOf(operatorVariables.shape, readSettings),
  ...readersOf(imageVariables.shape, readImagePolicy),
  ...readersOf(leaseVariables.shape, (env) =>
    readLeaseSettings({ SEINODE_LEADER_ELECTION: 'true', ...env }),
  ),
  ...readersOf(versionVariables.shape, readWorkerVersioning),
  ...readersOf(encryptionVariables.shape, dataConverterFrom),
  ...readersOf(temporalVariables.shape, (env) => withCredentialFiles(env)),
  ...readersOf(platformVariables.shape, (env) => readPlatformSettings(env, () => '')),
  SEI_CONTROLLER_CONFIG: (value) =>
    readPlatformSettings({ SEI_CONTROLLER_CONFIG: value }, (file) => {
      throw Object.assign(new Error(`ENOENT: no such file, open '${file}'`), { code: 'ENOENT' });
    }),
  'SEINODE_SIDECAR_URL, when it is used': (addressTemplate) =>
    createSidecarClient({ addressTemplate, tokens: undefined }),
  'SEINODE_SIDECAR_TOKEN_FILE, when it is read': (file) =>
    createFileTokens(file).tokenFor(undefined),
} satisfies Readonly<Record<string, (value: string) => unknown>>;

type Env = Readonly<Record<string, string>>;

function readersOf(shape: object, read: (env: Env) => unknown) {
  return Object.fromEntries(
    Object.keys(shape).map((name) => [name, (value: string) => read({ [name]: value })]),
  );
}

describe('a secret where a setting belongs', () => {
  it.each(Object.entries(READERS))('is not shown by %s', async (_, read) => {
    for (const value of MALFORMED) {
      expect(await shownBy(() => read(value))).not.toMatch(SHOWN);
    }
  });

  it('is seen by this test if it is shown', async () => {
    const shown = await shownBy(() => {
      throw new Error('bad', { cause: new Error(`the token ${SECRET}`) });
    });
    expect(shown).toMatch(SHOWN);
  });

  it.each([
    'TEMPORAL_ADDRESS',
    'TEMPORAL_NAMESPACE',
    'TEMPORAL_PROFILE',
    'TEMPORAL_CONFIG_FILE',
    'TEMPORAL_API_KEY',
    'TEMPORAL_GRPC_META_AUTHORIZATION',
    'TEMPORAL_TLS',
    'TEMPORAL_TLS_SERVER_NAME',
    'TEMPORAL_TLS_SERVER_CA_CERT_PATH',
    'TEMPORAL_TLS_SERVER_CA_CERT_DATA',
    'TEMPORAL_TLS_CLIENT_CERT_PATH',
    'TEMPORAL_TLS_CLIENT_KEY_PATH',
    'TEMPORAL_TLS_CLIENT_KEY_DATA',
  ])('is not shown by %s, nor by the connection that it is for', async (name) => {
    for (const value of MALFORMED) {
      vi.stubEnv('TEMPORAL_ADDRESS', '127.0.0.1:1');
      if (name === 'TEMPORAL_TLS_CLIENT_KEY_DATA') {
        vi.stubEnv('TEMPORAL_TLS_CLIENT_CERT_DATA', value);
      }
      vi.stubEnv(name, value);
      const shown = await shownBy(async () => {
        const { connection } = readTemporalSettings();
        await connectClient({ ...connection, address: '127.0.0.1:1' }, 0.05);
      });
      expect(shown).not.toMatch(SHOWN);
      // The workers use another library.
      const shownToWorkers = await shownBy(async () => {
        const { connection } = readTemporalSettings();
        await NativeConnection.connect({ ...connection, address: '127.0.0.1:1' });
      });
      expect(shownToWorkers).not.toMatch(SHOWN);
    }
  });
});

describe('a secret in temporal.toml', () => {
  it.each([
    ['without its end', `[profile.default]\napi_key = "${SECRET}\n`],
    ['without quotes', `[profile.default]\napi_key = ${SECRET}\n`],
    ['above a mistake', `[profile.default]\napi_key = "${SECRET}"\naddress = = "x"\n`],
    ['below a mistake', `[profile.default\napi_key = "${SECRET}"\n`],
    ['that is set twice', `[profile.default]\napi_key = "${SECRET}"\napi_key = "${SECRET}"\n`],
    ['as a key', `[profile.default]\n"${SECRET}\n`],
    ['with a bad escape', `[profile.default]\napi_key = "\\q${SECRET}"\n`],
    ['with a line end', `[profile.default]\napi_key = """${SECRET}\n"""\n`],
    ['in a header', `[profile.default.grpc_meta]\nauthorization = "Bearer ${SECRET}\\n"\n`],
    ['in an address', `[profile.default]\naddress = "https://u:${SECRET}@host:7233"\n`],
    ['as a number', `[profile.default]\napi_key = { key = "${SECRET}" }\n`],
    ['as a file', `[profile.default.tls]\nclient_key_path = "${SECRET}"\n`],
  ])('%s is not shown', async (_, text) => {
    vi.stubEnv('TEMPORAL_CONFIG_FILE', fileWith(text));
    expect(await shownBy(readTemporalSettings)).not.toMatch(SHOWN);
  });

  it('leaves the place to be shown', async () => {
    vi.stubEnv('TEMPORAL_CONFIG_FILE', fileWith(`[profile.default]\napi_key = "${SECRET}\n`));
    expect(() => readTemporalSettings()).toThrow(/temporal\.toml is not TOML: line 2, column \d+$/);
  });
});

describe('a secret in a kubeconfig', () => {
  const users = (user: string, server = 'http://127.0.0.1:1', more = '') =>
    `current-context: here
contexts: [{name: here, context: {cluster: c, user: u}}]
clusters: [{name: c, cluster: {server: "${server}"${more}}}]
users:
- name: u
  user:
    ${user}
`;

  it.each([
    ['without its end', users(`token: "${SECRET}`)],
    ['as an alias', users(`token: *${SECRET}`)],
    ['with a tag', users(`token: !${SECRET} x`)],
    ['after a tag', users(`token: !nobody ${SECRET}`)],
    ['in a block', users(`token: |${SECRET}`)],
    ['with a bad escape', users(`token: "\\q${SECRET}"`)],
    ['beside a mistake', users(`token: ${SECRET}\n   password: x`)],
    ['as a mapping', users(`token: {${SECRET}: x}`)],
    ['as a directive', `%${SECRET}\n---\n${users('token: x')}`],
    [
      'as a certificate',
      users(`client-certificate-data: ${SECRET}\n    client-key-data: ${SECRET}`),
    ],
    ['in the server', users('token: x', `https://u:${SECRET}@127.0.0.1:1`)],
    ['in a server that is none', users('token: x', `ftp://u:${SECRET}@127.0.0.1:1`)],
    ['in the proxy', users('token: x', undefined, `, proxy-url: "http://u:${SECRET}@127.0.0.1:1"`)],
    ['in a proxy that is none', users('token: x', undefined, `, proxy-url: "u:${SECRET}@ x"`)],
    ['in a proxy of no kind', users('token: x', undefined, `, proxy-url: "x://u:${SECRET}@h"`)],
    ['that no header carries', users(`token: "${SECRET}\\u0001"`)],
    ['as a password', users(`username: u\n    password: "${SECRET}"`)],
    ['of a provider', users(`auth-provider: {name: oidc, config: {id-token: "${SECRET}"}}`)],
    ['as an argument', users(`exec: {command: /nowhere, args: ["${SECRET}"]}`)],
    ['as a program', users(`exec: {command: "${SECRET}", args: 5}`)],
  ])('%s is not shown, with --debug either', async (_, text) => {
    const { out, err } = await run(['list', '--debug', '--kubeconfig', fileWith(text)]);
    expect(err).not.toBe('');
    expect([out, err, ...warnings].join('\n')).not.toMatch(SHOWN);
  });

  it('that its program prints is not shown', async () => {
    const program = fileWith(`#!/bin/sh\necho '{"status":{"token":"${SECRET}"'`, 'program');
    chmodSync(program, 0o700);
    const config = fileWith(
      users(`exec: {apiVersion: client.authentication.k8s.io/v1, command: ${program}}`),
    );
    const { out, err } = await run(['list', '--debug', '--kubeconfig', config]);
    expect(err).toContain('credential plugin');
    expect([out, err, ...warnings].join('\n')).not.toMatch(SHOWN);
  });

  it('that is its path is not shown', async () => {
    const { out, err } = await run(['list', '--debug', '--kubeconfig', SECRET]);
    expect(err).not.toBe('');
    expect([out, err, ...warnings].join('\n')).not.toMatch(SHOWN);
  });
});

describe('a secret in another file', () => {
  it('is not shown by the call that a token makes impossible', async () => {
    const tokens = createFileTokens(fileWith(`${SECRET}\u0001\n`));
    const client = createSidecarClient({ addressTemplate: 'http://127.0.0.1:1', tokens });
    const node = { namespace: 'default', name: 'n0' };
    const shown = await shownBy(() =>
      client.submitTask({ node, pod: { name: 'n0-0', ip: '127.0.0.1' }, id: 'id', type: 'x' }),
    );
    expect(shown).not.toBe('');
    expect(shown).not.toMatch(SHOWN);
  });

  it.each([
    `images: {sidecar: "${SECRET}`,
    `images: *${SECRET}`,
    `images: {sidecar: !nobody ${SECRET}}`,
    `images: {sidecar: {a: "${SECRET}"}}`,
    `scheduling: [${SECRET}]`,
  ])('is not shown by the platform settings: %s', async (text) => {
    const read = () => readPlatformSettings({ SEI_CONTROLLER_CONFIG: '/settings' }, () => text);
    expect(await shownBy(read)).not.toMatch(SHOWN);
  });

  it.each([
    SECRET,
    `k1 ${SECRET}`,
    `${SECRET} k1`,
    `k1 ${SECRET} k1`,
    `k1: ${SECRET}`,
    `"${SECRET}`,
  ])('is not shown by the payload keys: %s', async (text) => {
    expect(await shownBy(() => parsePayloadKeys(text, '/keys'))).not.toMatch(SHOWN);
  });
});

describe('a secret of the collector of traces', () => {
  it('is in no log line about spans that could not be exported', async () => {
    vi.stubEnv('OTEL_EXPORTER_OTLP_ENDPOINT', `http://user:${SECRET}@127.0.0.1:1`);
    vi.stubEnv('OTEL_EXPORTER_OTLP_HEADERS', `authorization=Bearer ${SECRET},${SECRET}`);
    vi.stubEnv('OTEL_EXPORTER_OTLP_TIMEOUT', SECRET);
    vi.stubEnv('OTEL_BSP_SCHEDULE_DELAY', SECRET);
    const lines: string[] = [];
    const log = (...line: unknown[]) => void lines.push(inspect(line, { depth: Infinity }));
    const tracing = openOtlpTracing('worker', { debug: log, info: log, warn: log, error: log });
    tracing.tracer.startSpan('span').end();
    await tracing.close();
    expect(lines.join('\n')).not.toMatch(SHOWN);
  });
});
