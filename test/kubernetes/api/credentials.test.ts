import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Credentials } from '../../../kubernetes/api/credentials.ts';
import { credentialReader } from '../../../kubernetes/api/credentials.ts';
import { loadKubeconfig } from '../../../kubernetes/api/kubeconfig.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'credentials-test-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

function reader(user: object, cluster: object = {}): () => Promise<Credentials> {
  const config = {
    clusters: [{ name: 'c', cluster: { server: 'https://server:6443', ...cluster } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'x', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'x',
  };
  return credentialReader(loadKubeconfig({ path: file('kubeconfig', JSON.stringify(config)) }));
}

const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('credentialReader', () => {
  it('reads nothing where there is nothing', async () => {
    expect(await reader({})()).toEqual({ headers: {}, route: { tls: {}, proxyUrl: undefined } });
  });

  it('takes certificates and keys from the kubeconfig or from files, which it reads anew', async () => {
    const cert = file('cert', 'certificate 1');
    const read = reader(
      { 'client-certificate': cert, 'client-key-data': base64('key') },
      { 'certificate-authority-data': base64('authority') },
    );
    const { tls } = (await read()).route;
    expect(tls).toEqual({
      ca: Buffer.from('authority'),
      cert: Buffer.from('certificate 1'),
      key: Buffer.from('key'),
    });
    file('cert', 'certificate 2');
    expect((await read()).route.tls.cert).toEqual(Buffer.from('certificate 2'));
  });

  it('keeps checking the server unless it is told not to', async () => {
    expect((await reader({})()).route.tls).not.toHaveProperty('rejectUnauthorized');
    const insecure = reader({}, { 'insecure-skip-tls-verify': true });
    expect((await insecure()).route.tls).toEqual({ rejectUnauthorized: false });
  });

  it('goes through the proxy and by the name that the kubeconfig says', async () => {
    const read = reader({}, { 'proxy-url': 'socks5://proxy:1080', 'tls-server-name': 'inner' });
    expect((await read()).route).toEqual({
      tls: { servername: 'inner' },
      proxyUrl: 'socks5://proxy:1080',
    });
  });

  it.each([
    ['a token', { token: 'abc' }, { authorization: 'Bearer abc' }],
    [
      'a name and a password',
      { username: 'jane', password: 'pw' },
      { authorization: 'Basic amFuZTpwdw==' },
    ],
    ['impersonation', { as: 'jane' }, { 'impersonate-user': 'jane' }],
    [
      'impersonation of groups',
      { as: 'jane', 'as-groups': ['a', 'b'] },
      { 'impersonate-user': 'jane', 'impersonate-group': ['a', 'b'] },
    ],
    [
      'all else that impersonation narrows',
      { as: 'jane', 'as-uid': 'uid-1', 'as-user-extra': { 'acme.com/team': ['core', 'ops'] } },
      {
        'impersonate-user': 'jane',
        'impersonate-uid': 'uid-1',
        'impersonate-extra-acme.com%2Fteam': ['core', 'ops'],
      },
    ],
  ])('sends %s', async (_, user, headers) => {
    expect((await reader(user)()).headers).toEqual(headers);
  });

  it('reads a token file each time, and prefers it to a token', async () => {
    const tokenFile = file('token', 'first\n');
    const read = reader({ token: 'static', tokenFile });
    expect((await read()).headers).toEqual({ authorization: 'Bearer first' });
    file('token', 'second\n');
    expect((await read()).headers).toEqual({ authorization: 'Bearer second' });
  });

  it('names a file that it cannot read', async () => {
    await expect(reader({ tokenFile: 'missing' })()).rejects.toThrow(join(directory, 'missing'));
  });
});

describe('a credential plugin', () => {
  function plugin(script: string): () => Promise<Credentials> {
    const path = file('plugin.mjs', script);
    const exec = {
      apiVersion: 'client.authentication.k8s.io/v1',
      command: process.execPath,
      args: [path],
      env: [{ name: 'GIVEN', value: 'given' }],
    };
    return reader({ exec });
  }

  it('is run with what plugins expect, and its token is sent', async () => {
    const read = plugin(`
      const info = JSON.parse(process.env.KUBERNETES_EXEC_INFO);
      const token = [info.kind, info.spec.interactive, process.env.GIVEN].join('/');
      console.log(JSON.stringify({ status: { token } }));
    `);
    expect((await read()).headers).toEqual({ authorization: 'Bearer ExecCredential/false/given' });
  });

  it('is found relative to the kubeconfig', async () => {
    const script = `#!${process.execPath}\nconsole.log('{"status":{"token":"found"}}')`;
    chmodSync(file('plugin.mjs', script), 0o700);
    const read = reader({ exec: { command: './plugin.mjs' } });
    expect((await read()).headers).toEqual({ authorization: 'Bearer found' });
  });

  it('may hand out a certificate', async () => {
    const status = { clientCertificateData: 'certificate', clientKeyData: 'key' };
    const read = plugin(`console.log(${JSON.stringify(JSON.stringify({ status }))})`);
    expect((await read()).route.tls).toEqual({ cert: 'certificate', key: 'key' });
  });

  it('is run again once what it handed out has expired, and not before', async () => {
    const answers = (expirationTimestamp: string) => `
      console.log(JSON.stringify({
        status: { token: String(process.pid), expirationTimestamp: '${expirationTimestamp}' },
      }));
    `;
    const lasting = plugin(answers('2999-01-01T00:00:00Z'));
    expect(await lasting()).toEqual(await lasting());
    const expired = plugin(answers('2001-01-01T00:00:00Z'));
    expect(await expired()).not.toEqual(await expired());
  });

  it('takes null and an empty text for what a plugin leaves out', async () => {
    const status = { token: 't', expirationTimestamp: '', clientKeyData: null };
    const read = plugin(`console.log(JSON.stringify(${JSON.stringify({ status })}))`);
    expect((await read()).headers).toEqual({ authorization: 'Bearer t' });
  });

  it.each([
    ['half a token', 'secret-token', 'what it printed is not JSON'],
    ['no status', '{"token":"secret"}', 'what it printed is not an ExecCredential with a status'],
  ])('shows nothing of what it printed, which is %s', async (_, printed, why) => {
    const read = plugin(`console.log(${JSON.stringify(printed)})`);
    await expect(read()).rejects.toThrow(
      new Error(`the credential plugin of the kubeconfig failed: ${why}`),
    );
  });

  it('says that there is none', async () => {
    const read = reader({ exec: { command: 'no-such-plugin' } });
    await expect(read()).rejects.toThrow(
      'the credential plugin of the kubeconfig failed: spawn no-such-plugin ENOENT',
    );
  });

  it('says what it complained of', async () => {
    const read = plugin(`console.error('log in first'); process.exit(1)`);
    await expect(read()).rejects.toThrow(
      'the credential plugin of the kubeconfig failed: log in first',
    );
  });
});

it('refuses a provider that kubectl does not know any more', async () => {
  const read = reader({ 'auth-provider': { name: 'gcp', config: { 'cmd-path': 'gcloud' } } });
  await expect(read()).rejects.toThrow('the auth-provider gcp of the kubeconfig');
});

it('takes the token of an identity provider', async () => {
  const inAnHour = Math.floor(Date.now() / 1000) + 3_600;
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const token = `${part({ alg: 'none' })}.${part({ exp: inAnHour })}.c2ln`;
  const config = {
    'id-token': token,
    'client-id': 'c',
    'client-secret': 's',
    'refresh-token': 'r',
    'idp-issuer-url': 'https://issuer',
  };
  const read = reader({ 'auth-provider': { name: 'oidc', config } });
  expect((await read()).headers).toEqual({ authorization: `Bearer ${token}` });
});
