import { X509Certificate } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { expect } from 'vitest';

import { ANY_PORT, untilMetric } from '../metrics/scrape.ts';
import { eventually } from '../support/eventually.ts';
import type { OperatorProcess } from '../support/testbed/operator-process.ts';
import { V1, V2 } from '../support/testbed/sei-nodes.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';
import type { KeyPair } from '../temporal/certificates.ts';
import { certificates } from '../temporal/certificates.ts';
import type { SeenCall, TlsProxy } from '../temporal/tls-proxy.ts';
import { startTlsProxy } from '../temporal/tls-proxy.ts';

/** The processes read it every 10 s; a certificate that is good for less would end before it is in use. */
const A_MINUTE = 60;

/** Plays what a kubelet makes of a Secret: the files are links, and one rename changes all of them. */
interface MountedSecret {
  readonly directory: string;
  hold(files: Readonly<Record<string, string | Buffer>>): Promise<void>;
}

async function mountedSecret(): Promise<MountedSecret & { dispose(): Promise<void> }> {
  const directory = await mkdtemp(path.join(tmpdir(), 'seinode-credentials-'));
  let versions = 0;
  return {
    directory,
    hold: async (files) => {
      versions += 1;
      const version = `..v${versions}`;
      await mkdir(path.join(directory, version));
      for (const [name, content] of Object.entries(files)) {
        await writeFile(path.join(directory, version, name), content);
      }
      await symlink(version, path.join(directory, '..next'));
      await rename(path.join(directory, '..next'), path.join(directory, '..data'));
      if (versions > 1) return;
      for (const name of Object.keys(files)) {
        await symlink(path.join('..data', name), path.join(directory, name));
      }
    },
    dispose: () => rm(directory, { recursive: true }),
  };
}

const it = testbedTest('renewed', [])
  .extend('secret', async ({ bed: _bed }, { onCleanup }) => {
    const secret = await mountedSecret();
    onCleanup(() => secret.dispose());
    return secret;
  })
  .extend('made', { scope: 'file' }, async ({ bed: _bed }, { onCleanup }) => {
    const made = await certificates();
    onCleanup(() => made.dispose());
    const authority = await made.authority('ours');
    return { authority, server: await authority.issue('server') };
  });

async function filesOf({ cert, key }: KeyPair): Promise<Record<string, Buffer>> {
  return { 'tls.crt': await readFile(cert), 'tls.key': await readFile(key) };
}

/** Returns seconds since the epoch. */
async function endOf({ cert }: KeyPair): Promise<number> {
  return Date.parse(new X509Certificate(await readFile(cert)).validTo) / 1_000;
}

/** Waits until the metrics of all processes show that they use it. */
async function untilInUse(processes: readonly OperatorProcess[], pair: KeyPair): Promise<void> {
  const end = await endOf(pair);
  const labels = { credential: 'client-certificate' };
  for (const process of processes) {
    await untilMetric(
      process,
      'seinode_credential_expiry_timestamp_seconds',
      labels,
      (told) => told === end,
    );
  }
}

/** Lists the identities by which the watcher has reported the change since then, and the worker has answered. */
function callersSince(
  { calls }: TlsProxy,
  begin: number,
  of: (call: SeenCall) => string | undefined,
): readonly (string | undefined)[] {
  return ['SignalWithStartWorkflowExecution', 'RespondWorkflowTaskCompleted'].map((method) => {
    const call = calls.slice(begin).find(({ path: called }) => called.endsWith(`/${method}`));
    return call && of(call);
  });
}

it('goes over to a renewed certificate before the old one ends', async ({ bed, secret, made }) => {
  const { authority, server } = made;
  const { temporalAddress: upstream } = bed.cluster;
  const proxy = await startTlsProxy({ upstream, server, clientAuthority: authority });
  const env = {
    ...ANY_PORT,
    TEMPORAL_ADDRESS: proxy.address,
    TEMPORAL_TLS_SERVER_CA_CERT_PATH: authority.cert,
    SEINODE_TEMPORAL_CREDENTIALS: secret.directory,
  };

  await secret.hold(await filesOf(await authority.issue('first')));
  const processes = await Promise.all([bed.start('worker', env), bed.start('watcher', env)]);
  await bed.nodes.createRunning('certified', V1);

  const brief = await authority.issue('brief', A_MINUTE);
  await secret.hold(await filesOf(brief));
  await untilInUse(processes, brief);
  const renewed = await authority.issue('renewed');
  await secret.hold(await filesOf(renewed));
  await untilInUse(processes, renewed);
  const end = await endOf(brief);
  await eventually(
    'the brief certificate has ended',
    () => Date.now() / 1_000 > end + 1,
    2 * A_MINUTE * 1_000,
  );

  const before = proxy.calls.length;
  await bed.nodes.setImage('certified', V2);
  await bed.nodes.untilSettledOn('certified', V2);
  expect(callersSince(proxy, before, ({ caller }) => caller)).toEqual(['renewed', 'renewed']);
  await Promise.all(processes.map((each) => each.stop('SIGTERM')));
  await proxy.close();
});

it('goes over to another API key', async ({ bed, secret, made }) => {
  const { authority, server } = made;
  const proxy = await startTlsProxy({ upstream: bed.cluster.temporalAddress, server });
  const env = {
    TEMPORAL_ADDRESS: proxy.address,
    TEMPORAL_TLS_SERVER_CA_CERT_PATH: authority.cert,
    SEINODE_TEMPORAL_CREDENTIALS: secret.directory,
  };
  await secret.hold({ 'api-key': 'first' });
  const processes = await Promise.all([bed.start('worker', env), bed.start('watcher', env)]);
  await bed.nodes.createRunning('known', V1);
  expect(new Set(proxy.calls.map(({ authorization }) => authorization))).toEqual(
    new Set(['Bearer first']),
  );

  await secret.hold({ 'api-key': 'second' });
  for (const process of processes) {
    await eventually('the other key is in use', async () =>
      process.log().includes('credentials for Temporal have changed, and are in use'),
    );
  }
  const before = proxy.calls.length;
  await bed.nodes.setImage('known', V2);
  await bed.nodes.untilSettledOn('known', V2);
  expect(callersSince(proxy, before, ({ authorization }) => authorization)).toEqual([
    'Bearer second',
    'Bearer second',
  ]);
  await Promise.all(processes.map((each) => each.stop('SIGTERM')));
  await proxy.close();
});
