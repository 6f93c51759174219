import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { parseAllDocuments } from 'yaml';

import { keyOf } from '../../domain/node-ref.ts';
import type { SeiNode } from '../../domain/sei-node.ts';
import { SEI_NODE_KIND } from '../../domain/sei-node.ts';
import { visible } from '../../domain/visible.ts';
import { connect } from '../../kubernetes/api/client.ts';
import type { ClusterCache } from '../../kubernetes/cluster.ts';
import { startSharedCache } from '../../kubernetes/watch/shared-cache.ts';
import { createLogger } from '../../process/logger.ts';
import { runMain } from '../../process/run-main.ts';
import { asUserError } from '../../settings/user-error.ts';
import { bringUp } from '../instance/bring-up.ts';
import type { Devcluster } from '../instance/devcluster.ts';
import { establishCrd } from '../instance/establish-crd.ts';
import { progressOn } from '../progress.ts';
import { readDemoOptions } from './demo-options.ts';
import { untilAllSettled } from './live-view.ts';
import type { OperatorProcess } from './operator.ts';
import { startOperatorProcess } from './operator.ts';
import { timelineOf } from './timeline.ts';

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const samples = path.join(root, 'deploy', 'samples');
const NEW_TAG = 'v6.2.1';

/** Brings everything up, rolls an image, and shows it. */
async function main(): Promise<void> {
  const options = asUserError(() =>
    readDemoOptions(process.argv.slice(2), process.stdout.isTTY === true),
  );
  headline('A Kubernetes control plane and a Temporal server');
  // Ctrl-C ends this as it ends any program: what has been started goes with it.
  const devcluster = await bringUp({ name: 'demo', progress: progressOn(process.stdout) });
  const stopped = untilInterrupted();
  try {
    await Promise.race([show(devcluster, options.once, stopped), stopped]);
  } finally {
    await devcluster.down();
  }
}

async function show(devcluster: Devcluster, once: boolean, stopped: Promise<void>): Promise<void> {
  print(`kubeconfig    ${devcluster.kubeconfigPath}`);
  print(`Temporal      ${devcluster.temporalAddress}`);
  print(`Web UI        ${devcluster.temporalUiUrl}`);
  await establishCrd(devcluster, path.join(root, 'deploy', 'crd'), 'seinodes.sei.io');

  headline('The operator');
  const operator = await startOperator(devcluster);
  const over = new AbortController();
  try {
    const cache = startSharedCache({
      connection: connect({
        kubeconfigPath: devcluster.kubeconfigPath,
        userAgent: 'seinode-demo',
      }),
      logger: createLogger('error', 'demo'),
      signal: over.signal,
    });
    await cache.whenSynced();
    const failed = Promise.race(operator.map((process) => process.failed));
    await Promise.race([roll(devcluster, cache), failed]);
    if (once) return;
    invite(devcluster);
    await Promise.race([stopped, failed]);
  } finally {
    over.abort();
    await Promise.all(operator.map((process) => process.stop()));
  }
}

async function startOperator(devcluster: Devcluster): Promise<readonly OperatorProcess[]> {
  const { env, logs } = devcluster;
  const worker = await startOperatorProcess('worker', 'worker started', env, logs);
  print(`worker        ${worker.logFile}`);
  const watcher = await startOperatorProcess('starter', 'watcher started', env, logs);
  print(`watcher       ${watcher.logFile}`);
  return [worker, watcher];
}

async function roll(devcluster: Devcluster, cache: ClusterCache): Promise<void> {
  const nodes = await sampleNodes();
  headline(`Bring up ${nodes.length} nodes: kubectl apply -f deploy/samples`);
  await devcluster.kubectl(['apply', '-f', samples]);
  const wanted = new Map(nodes.map((node) => [keyOf(node.metadata), node.spec.image]));
  await untilAllSettled(cache, wanted, print);

  headline(
    `Roll them to ${NEW_TAG}: kubectl patch snode NAME --type merge -p '{"spec":{"image":...}}'`,
  );
  const rolled = new Map(
    [...wanted].map(([key, image]) => [
      key,
      `${image.slice(0, image.lastIndexOf(':'))}:${NEW_TAG}`,
    ]),
  );
  const settled = untilAllSettled(cache, rolled, print);
  for (const { metadata } of nodes) {
    const image = rolled.get(keyOf(metadata));
    await devcluster.kubectl([
      'patch',
      'snode',
      metadata.name,
      '-n',
      metadata.namespace,
      '--type',
      'merge',
      '-p',
      JSON.stringify({ spec: { image } }),
    ]);
  }
  await settled;
  await showTimelines(devcluster, cache, nodes);
  print('');
  print(await devcluster.kubectl(['get', 'snode', '-A']));
}

async function showTimelines(
  devcluster: Devcluster,
  cache: ClusterCache,
  nodes: readonly SeiNode[],
): Promise<void> {
  headline('What Temporal recorded of each update, in milliseconds');
  for (const { metadata } of nodes) {
    const workflowId = cache.node(metadata)?.status?.plan?.workflowId;
    if (workflowId === undefined) continue;
    const { temporalAddress: address, namespace } = devcluster;
    const steps = await timelineOf({ address, namespace }, workflowId);
    const times = steps.map(
      ({ name, startMs, endMs }) => `${name} ${startMs.toFixed(0)}-${endMs.toFixed(0)}`,
    );
    print(`${metadata.name}: ${times.join(', ')}`);
  }
}

/** The nodes of deploy/samples; those without a namespace go where kubectl puts them. */
async function sampleNodes(): Promise<readonly SeiNode[]> {
  const files = (await readdir(samples)).filter((file) => file.endsWith('.yaml'));
  return files
    .flatMap((file) => parseAllDocuments(readFileSync(path.join(samples, file), 'utf8')))
    .map((document) => document.toJS() as SeiNode | null)
    .filter((object) => object?.kind === SEI_NODE_KIND)
    .map((object) => object as SeiNode)
    .map((node) => ({
      ...node,
      metadata: { ...node.metadata, namespace: node.metadata.namespace ?? 'default' },
    }));
}

function invite({ kubeconfigPath, temporalUiUrl }: Devcluster): void {
  headline('It stays up until you press Ctrl-C. Try:');
  print(`export KUBECONFIG=${kubeconfigPath}`);
  print('npm run devcluster -- kubectl --name demo get snode -w');
  print(
    `npm run devcluster -- kubectl --name demo patch snode pacific-rpc-0 --type merge -p '{"spec":{"image":"ghcr.io/sei-protocol/sei:cannot-pull"}}'`,
  );
  print('  and then any other tag: a bad image is mended by the next one');
  print(`the Web UI: ${temporalUiUrl}`);
}

function untilInterrupted(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}

function headline(text: string): void {
  print(`\n${text}`);
}

function print(line: string): void {
  process.stdout.write(`${visible(line)}\n`);
}

await runMain('demo', main);
