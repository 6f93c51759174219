import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { bringUp } from '../../devcluster/instance/bring-up.ts';
import type { Devcluster } from '../../devcluster/instance/devcluster.ts';
import { progressOn } from '../../devcluster/progress.ts';
import { connect } from '../../kubernetes/api/client.ts';
import { installCrd } from '../support/testbed/install-crd.ts';
import { openTestbed } from '../support/testbed/testbed.ts';
import { AS_SHIPPED } from './as-shipped.ts';
import { measureBesideBroken } from './beside-broken.ts';
import { measureBesideForeign } from './beside-foreign.ts';
import { measureFootprint } from './footprint.ts';
import { nodeFleet } from './node-fleet.ts';
import { readBenchOptions } from './options.ts';
import type { BenchOptions, Part } from './options.ts';
import { memoryOf } from './process-memory.ts';
import { thisMachine } from './results.ts';
import type { BenchResults, Latency } from './results.ts';
import type { Comparison } from './side-by-side.ts';
import { compare } from './side-by-side.ts';
import { statefulSetFleet } from './stateful-set-fleet.ts';
import { tableOf } from './table.ts';

const RESULTS = fileURLToPath(new URL('../../bench-results.json', import.meta.url));
const FIRST_IMAGE = 'ghcr.io/sei-protocol/sei:bench';
/** A fleet takes seconds where one node takes milliseconds, and varies less. */
const ROUNDS_OF_ONE_PER_ROUND_OF_A_FLEET = 5;

const progress = progressOn(process.stderr);

async function main(): Promise<void> {
  const options = readBenchOptions(process.argv.slice(2));
  const cluster = await bringUp({ name: `bench-${process.pid}`, progress });
  try {
    await installCrd(cluster);
    const { broken, rounds } = options;
    const ifAsked = async <T>(part: Part, measure: () => Promise<T>): Promise<T | undefined> =>
      options.parts.includes(part) ? await measure() : undefined;
    const results: BenchResults = {
      machine: thisMachine(),
      options,
      latency: await ifAsked('latency', () => measureLatency(cluster, options)),
      footprint: await ifAsked('footprint', () =>
        doing('Counting requests and connections', () => measureFootprint(cluster)),
      ),
      besideForeign: await ifAsked('foreign', () =>
        doing('Weighing it beside objects of others', () => measureBesideForeign(cluster)),
      ),
      besideBroken: await ifAsked('broken', () =>
        doing(`Rolling one beside ${broken} broken nodes`, () =>
          measureBesideBroken(cluster, { broken, rounds }),
        ),
      ),
    };
    await writeFile(RESULTS, `${JSON.stringify(results, undefined, 2)}\n`);
    const { cpu, cores, node } = results.machine;
    process.stdout.write(`${tableOf(results)}\n\n${cores} cores (${cpu}), Node ${node}\n`);
  } finally {
    await cluster.down();
  }
}

async function measureLatency(cluster: Devcluster, options: BenchOptions): Promise<Latency> {
  const bed = await openTestbed(cluster, 'bench', 'of-the-admin');
  const bare = await openTestbed(cluster, 'bench-floor', 'of-the-admin');
  const { kubeconfigPath } = cluster;
  const connection = connect({ kubeconfigPath, userAgent: 'seinode-bench-floor' });
  const watching = new AbortController();
  try {
    await Promise.all([bed.start('worker', AS_SHIPPED), bed.start('watcher', AS_SHIPPED)]);
    const { namespace, platform } = bare;
    const { signal } = watching;
    const fleets = {
      floor: await statefulSetFleet({
        connection,
        namespace,
        platform,
        image: FIRST_IMAGE,
        signal,
      }),
      ours: nodeFleet(bed.nodes, FIRST_IMAGE),
    };
    const comparisons: Comparison[] = [];
    for (const nodes of options.nodes) {
      const rounds =
        nodes === 1
          ? options.rounds
          : Math.ceil(options.rounds / ROUNDS_OF_ONE_PER_ROUND_OF_A_FLEET);
      comparisons.push(
        await doing(`Updating ${nodes} at once, ${rounds} times beside the floor`, () =>
          compare(fleets, { nodes, rounds }),
        ),
      );
    }
    return { comparisons, residentBytes: memoryOf(bed) };
  } finally {
    watching.abort();
    await connection.close();
    await Promise.all([bed.close(), bare.close()]);
  }
}

async function doing<T>(what: string, work: () => Promise<T>): Promise<T> {
  const activity = progress.start(what);
  try {
    const result = await work();
    activity.end();
    return result;
  } catch (err) {
    activity.end('failed');
    throw err;
  }
}

await main();
