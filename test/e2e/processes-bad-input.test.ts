import { execFile } from 'node:child_process';

import { describe, expect, it } from 'vitest';

import { repositoryFile } from './node-kubectl.ts';

interface End {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A cold start on a busy machine of two cores, and more. */
const DEADLINE_MS = 120_000;

/** @param env the whole environment of the process */
function run(main: string, args: readonly string[], env: Readonly<Record<string, string>>) {
  return new Promise<End>((resolve) => {
    const command = [repositoryFile(main), ...args];
    execFile(process.execPath, command, { env, timeout: DEADLINE_MS }, (err, stdout, stderr) => {
      resolve({ code: err === null ? 0 : Number(err.code), stdout, stderr });
    });
  });
}

/** Nothing listens there: a port that only root may open. */
const NOWHERE = { TEMPORAL_ADDRESS: '127.0.0.1:1', SEINODE_CONNECT_TIMEOUT_SECONDS: '1' };

describe.for([
  ['seinode worker', 'worker/main.ts', [], 1],
  ['seinode watcher', 'starter/main.ts', [], 1],
  ['seinode', 'cli/main.ts', ['set-up'], 2],
] as const)('%s', ([name, main, args, exitCode]) => {
  it('names each variable with a value that cannot be used, and shows no password', async () => {
    const bad = {
      SEINODE_RESYNC_SECONDS: 'soon',
      SEINODE_CLUSTER_NAME: 'Not Allowed',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'ftp://user:password@collector',
      SEINODE_LOG_LEVEL: 'a-token-'.repeat(8),
    };
    const { code, stdout, stderr } = await run(main, args, { ...NOWHERE, ...bad });
    expect({ code, stdout }).toEqual({ code: exitCode, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toEqual([
      `${name}: bad settings in the environment:`,
      expect.stringMatching(/^ {2}SEINODE_CLUSTER_NAME=Not Allowed: must be /),
      expect.stringMatching(/^ {2}SEINODE_RESYNC_SECONDS=soon: /),
      expect.stringMatching(/^ {2}OTEL_EXPORTER_OTLP_ENDPOINT=ftp:\/\/\*{3}@collector: /),
      expect.stringMatching(/^ {2}SEINODE_LOG_LEVEL=\(64 characters, not shown\): /),
    ]);
  });
});

describe('an argument that is not known', () => {
  const SETTINGS = 'settings come from the environment, see docs/configuration.md';
  it.for([
    ['worker/main.ts', `seinode worker: unknown argument "--frob": ${SETTINGS}`],
    ['starter/main.ts', `seinode watcher: unknown argument "--frob": ${SETTINGS}`],
    ['demo/main.ts', "demo: Unknown option '--frob'"],
  ] as const)('is named by %s', async ([main, line]) => {
    const end = await run(main, ['--frob'], NOWHERE);
    expect(end).toEqual({ code: 1, stdout: '', stderr: `${line}\n` });
  });

  it('is named by devcluster/main.ts, with its usage', async () => {
    const { code, stdout, stderr } = await run('devcluster/main.ts', ['--frob'], NOWHERE);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^Unknown option '--frob'\n\nUsage: npm run devcluster -- /);
  });
});
