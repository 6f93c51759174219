import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { bringUp } from '../../devcluster/instance/bring-up.ts';
import { installCrd } from '../support/testbed/install-crd.ts';
import { measureBesideBroken } from './beside-broken.ts';
import { measureBesideForeign } from './beside-foreign.ts';
import { measureBesideResting } from './beside-resting.ts';
import { measureBringUp } from './bring-up.ts';
import { doing, progress } from './doing.ts';
import { measureFootprint } from './footprint.ts';
import { measureLatency } from './latency.ts';
import { readBenchOptions } from './options.ts';
import type { Part } from './options.ts';
import { thisMachine } from './results.ts';
import type { BenchResults } from './results.ts';
import { measureScale } from './scale.ts';
import { notesOn, tableOf } from './table.ts';

const RESULTS = fileURLToPath(new URL('../../bench-results.json', import.meta.url));

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
      bringUp: await ifAsked('bring-up', () =>
        measureBringUp(
          cluster,
          options.nodes.filter((nodes) => nodes > 1),
        ),
      ),
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
      scale: await ifAsked('scale', () => measureScale(cluster, options.scale)),
      besideResting: await ifAsked('resting', () => measureBesideResting(cluster, options.resting)),
    };
    await writeFile(RESULTS, `${JSON.stringify(results, undefined, 2)}\n`);
    const { cpu, cores, node } = results.machine;
    const machine = `${cores} cores (${cpu}), Node ${node}`;
    process.stdout.write(`${[tableOf(results), ...notesOn(results), machine].join('\n\n')}\n`);
  } finally {
    await cluster.down();
  }
}

await main();
