import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';

import { describe, expect, it } from 'vitest';

import { catalogue } from '../../../devcluster/binaries/catalogue.ts';
import {
  ensureBinaries,
  ensurePostgresqlBinaries,
} from '../../../devcluster/binaries/ensure-binaries.ts';
import { hostPlatform } from '../../../devcluster/binaries/host-platform.ts';
import { hashKey, releaseHashes } from '../../../devcluster/binaries/release-hashes.ts';
import { postgresqlToolNames, toolNames } from '../../../devcluster/binaries/tool.ts';
import type { Tool } from '../../../devcluster/binaries/tool.ts';
import { emptyMachine, NOBODY, recordedProgress, says } from './machine.ts';
import { releasedProgramSays, startReleaseServer } from './release-server.ts';
import type { Fault } from './release-server.ts';

/** None of the releases on the mirror of these tests has a known hash. */
const hashes = {};

const UNUSABLE: readonly { what: string; says: string; fault: Fault }[] = [
  {
    what: 'not there',
    says: 'answered 404',
    fault: (response) => response.writeHead(404).end(),
  },
  {
    what: 'cut short',
    says: 'broke off after 10 bytes',
    fault: (response, body) => {
      response.writeHead(200, { 'content-length': body.length });
      response.write(body.subarray(0, 10), () => response.destroy());
    },
  },
];

describe('ensureBinaries with a network', () => {
  it('downloads the official release of every tool, once', async () => {
    const releases = await startReleaseServer();
    const machine = await emptyMachine(releases.url);
    const binaries = await ensureBinaries({ env: machine.env, hashes });
    for (const name of toolNames) expect(says(binaries[name])).toBe(releasedProgramSays(name));

    const before = releases.requests.length;
    expect(await ensureBinaries({ env: machine.env, hashes })).toEqual(binaries);
    expect(releases.requests).toHaveLength(before);
  });

  it('leaves nothing in the cache but the programs', async () => {
    const releases = await startReleaseServer();
    const machine = await emptyMachine(releases.url);
    const binaries = await ensureBinaries({ env: machine.env, hashes });
    const cache = machine.at('cache', 'seinode-operator');
    const programs = Object.values(binaries).map((path) => path.slice(cache.length + 1));
    expect(await machine.cached()).toEqual(programs.toSorted());
  });

  it('builds a tool whose download is not what was published, and says so', async () => {
    const releases = await startReleaseServer();
    releases.breakRelease('kube-scheduler', (response) => response.end('something else'));
    const machine = await emptyMachine(releases.url);
    await machine.installGo();
    const progress = recordedProgress();
    const binaries = await ensureBinaries({ env: machine.env, progress, hashes });
    expect(says(binaries['kube-scheduler'])).toBe('built k8s.io/kubernetes/cmd/kube-scheduler');
    expect(says(binaries.kubectl)).toBe(releasedProgramSays('kubectl'));
    expect(progress.lines.join('\n')).toMatch(
      /downloading kube-scheduler 1\.36\.3: not possible: https:\/\/dl\.k8s\.io\S+ has SHA-256 [0-9a-f]{64}, but [0-9a-f]{64} is published/,
    );
  });

  it.each(UNUSABLE)(
    'fails for a release that is $what if there is no Go either',
    async (unusable) => {
      const releases = await startReleaseServer();
      releases.breakRelease('kwokctl', unusable.fault);
      const machine = await emptyMachine(releases.url);
      await expect(ensureBinaries({ env: machine.env, hashes })).rejects.toThrow(
        new RegExp(
          `^kwokctl 0.8.0 is not on this machine, cannot be downloaded \\(.*${unusable.says}`,
        ),
      );
      // The tool before it is complete; this one has left no trace.
      expect(await machine.cached()).toEqual([expect.stringMatching(/^etcd\//)]);
    },
  );

  it('does not take a release of another hash than is known here, though it was published so', async () => {
    const releases = await startReleaseServer();
    const machine = await emptyMachine(releases.url);
    await machine.installGo();
    const progress = recordedProgress();
    const tool = catalogue.find(({ name }) => name === 'kubectl');
    const known = 'ab'.repeat(32);
    const binaries = await ensureBinaries({
      env: machine.env,
      progress,
      hashes: { [hashKey(tool as Tool, hostPlatform())]: known },
    });
    expect(says(binaries.kubectl)).toBe('built k8s.io/kubernetes/cmd/kubectl');
    expect(says(binaries.etcd)).toBe(releasedProgramSays('etcd'));
    expect(progress.lines.join('\n')).toContain(`but it had ${known} when it was chosen`);
    expect(releases.requests.filter((path) => path.endsWith('/kubectl'))).toEqual([]);
  });

  it('knows hashes of these very versions, and of no other', () => {
    const keys = catalogue.flatMap((tool) =>
      (['amd64', 'arm64'] as const).map((arch) => hashKey(tool, { os: 'linux', arch })),
    );
    expect(Object.keys(releaseHashes).filter((key) => !keys.includes(key))).toEqual([]);
    expect(Object.values(releaseHashes).every((hash) => /^[0-9a-f]{64}$/.test(hash))).toBe(true);
  });

  it.each(catalogue)('would build $name of the version that it downloads', ({ build, version }) => {
    const url = new URL(`../../../devcluster/tools/${build.module}/go.mod`, import.meta.url);
    const required = readFileSync(url, 'utf8')
      .split('\n')
      .map((line) =>
        line
          .replace(/^require /, '')
          .trim()
          .split(/\s+/),
      )
      .filter(([module = '']) => `${build.package}/`.startsWith(`${module}/`));
    expect(required.map(([, at]) => at)).toContain(`v${version}`);
  });

  it('does not take a release without a published checksum', async () => {
    const releases = await startReleaseServer();
    releases.breakChecksum('temporal', (response) => response.end('no such line\n'));
    const machine = await emptyMachine(releases.url);
    await expect(ensureBinaries({ env: machine.env, hashes })).rejects.toThrow(
      /checksums\.txt has no SHA-256 for temporal_cli_1\.5\.1_linux_/,
    );
  });
});

describe('ensureBinaries without a network', () => {
  it('builds every tool with Go, and asks for the network only once', async () => {
    const machine = await emptyMachine();
    await machine.installGo();
    const progress = recordedProgress();
    const binaries = await ensureBinaries({ env: machine.env, progress, hashes });
    expect(machine.builds()).toHaveLength(toolNames.length);
    expect(says(binaries.etcd)).toBe('built go.etcd.io/etcd/server/v3');
    expect(progress.lines.filter((line) => line.includes('downloading'))).toEqual([
      `[1/8] downloading etcd 3.7.3: not possible: ${NOBODY} cannot be reached (ECONNREFUSED)`,
    ]);
    expect(progress.lines.at(-1)).toBe('[8/8] building kubectl 1.36.3 with Go: done');
  });

  it('builds what a Temporal on PostgreSQL needs only when it is asked to', async () => {
    const machine = await emptyMachine();
    await machine.installGo();
    const binaries = await ensurePostgresqlBinaries({ env: machine.env, hashes });
    expect(machine.builds()).toEqual([
      'github.com/temporalio/ui-server/v2/cmd/server',
      'go.temporal.io/server/cmd/tools/sql',
      'go.temporal.io/server/cmd/server',
    ]);
    expect(Object.keys(binaries).toSorted()).toEqual(postgresqlToolNames.toSorted());
  });

  it('builds only what is missing', async () => {
    const machine = await emptyMachine();
    await machine.installGo();
    const { etcd } = await ensureBinaries({ env: machine.env, hashes });
    await rm(etcd);
    await ensureBinaries({ env: machine.env, hashes });
    expect(machine.builds().slice(toolNames.length)).toEqual(['go.etcd.io/etcd/server/v3']);
  });

  it('shows what Go said when a build fails, and keeps nothing of it', async () => {
    const machine = await emptyMachine();
    await machine.installGo('echo "go: module lookup disabled by GOPROXY=off" >&2', 'exit 1');
    await expect(ensureBinaries({ env: machine.env, hashes })).rejects.toThrow(
      'go build go.etcd.io/etcd/server/v3 failed: go: module lookup disabled by GOPROXY=off',
    );
    expect(await machine.cached()).toEqual([]);
  });

  it('says what to install when there is no Go either', async () => {
    const machine = await emptyMachine();
    await expect(ensureBinaries({ env: machine.env, hashes })).rejects.toThrow(
      `etcd 3.7.3 is not on this machine, cannot be downloaded (${NOBODY} cannot be reached (ECONNREFUSED)), and cannot be built, because there is no Go. Do one of these: connect to the internet; install Go (https://go.dev/dl); or set SEINODE_DEVCLUSTER_ETCD to where the program is.`,
    );
  });
});
