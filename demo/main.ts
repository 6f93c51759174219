import { once } from 'node:events';
import { openSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';

import type { Devcluster } from '@seinode/devcluster';
import { bringUp, establishCrd, progressOn } from '@seinode/devcluster';

import { runMain } from '../process/run-main.ts';
import { asUserError } from '../settings/user-error.ts';
import { invitation } from './invitation.ts';
import { run } from './run.ts';

const root = path.dirname(import.meta.dirname);
const NEW_IMAGE = 'ghcr.io/sei-protocol/sei:v6.2.1';

/** The longest that a person watches one node; it includes a cold start of the worker on a busy machine. */
const PATIENCE = '5m';

/** Brings everything up, rolls an image, and shows it through the command line. */
async function main(): Promise<void> {
  const { values } = asUserError(() =>
    parseArgs({ options: { once: { type: 'boolean', default: false } } }),
  );
  headline('A Kubernetes control plane and a Temporal server');
  const devcluster = await bringUp({ name: 'demo', progress: progressOn(process.stdout) });
  try {
    // Without a terminal nobody presses Ctrl-C.
    await show(devcluster, { staysUp: !values.once && process.stdout.isTTY });
  } finally {
    await devcluster.down();
  }
}

async function show(devcluster: Devcluster, { staysUp }: { staysUp: boolean }): Promise<void> {
  const stopped = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  print(`Web UI   ${devcluster.temporalUiUrl}`);
  await establishCrd(devcluster, path.join(root, 'deploy', 'crd'), 'seinodes.sei.io');
  headline('The operator');
  const over = new AbortController();
  const operator = ['worker', 'starter'].map((name) => serve(devcluster, name, over.signal));
  const tour = async (): Promise<void> => {
    await roll(devcluster, over.signal);
    if (!staysUp) return;
    headline('It stays up until you press Ctrl-C. In another terminal, try:');
    for (const line of invitation(devcluster)) print(line);
    await stopped;
  };
  try {
    await Promise.race([stopped, tour(), ...operator]);
  } finally {
    over.abort();
    await Promise.allSettled(operator);
  }
}

/** Runs a process of the operator as anybody would, until the signal aborts. */
async function serve({ env, logs }: Devcluster, name: string, signal: AbortSignal): Promise<void> {
  const log = path.join(logs, `${name}.log`);
  print(`${name.padEnd(8)} ${log}`);
  const stdio = ['ignore', 'ignore', openSync(log, 'a')] as const;
  await run(process.execPath, [path.join(root, name, 'main.ts')], {
    env,
    signal,
    stdio: [...stdio],
  });
  if (!signal.aborted) throw new Error(`the ${name} has ended; see ${log}`);
}

async function roll(devcluster: Devcluster, signal: AbortSignal): Promise<void> {
  const { env } = devcluster;
  const seinode = (...words: readonly string[]): Promise<void> => {
    headline(`seinode ${words.join(' ')}`);
    return run(path.join(root, 'bin', 'seinode'), words, { env, signal, stdio: 'inherit' });
  };
  headline('kubectl apply -f deploy/samples');
  const samples = path.join(root, 'deploy', 'samples');
  const applied = await devcluster.kubectl(['apply', '-f', samples, '-o', 'name']);
  const nodes = [...applied.matchAll(/^seinode\.sei\.io\/(.+)$/gm)].map(([, name = '']) => name);
  for (const node of nodes) await seinode('watch', node, '--timeout', PATIENCE);
  const [first = '', ...others] = nodes;
  for (const node of others) await seinode('set-image', node, NEW_IMAGE);
  await seinode('set-image', first, NEW_IMAGE, '--wait', '--timeout', PATIENCE);
  for (const node of others) await seinode('watch', node, '--timeout', PATIENCE);
  await seinode('logs', first, '--runs', '1');
  await seinode('list');
}

function headline(text: string): void {
  print(`\n${text}`);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

await runMain('demo', main);
