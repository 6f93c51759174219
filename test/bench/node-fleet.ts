import { hasSettledOn } from '../support/testbed/node-conditions.ts';
import type { SeiNodes } from '../support/testbed/sei-nodes.ts';
import type { BenchFleet } from './bench-fleet.ts';
import { memberNames } from './bench-fleet.ts';

/** Ten times what 100 nodes take on two cores: a benchmark that hangs must end. */
const DEADLINE_MS = 300_000;

/** SeiNodes, brought up and updated by the operator: done when a watch shows UpdateComplete. */
export function nodeFleet(nodes: SeiNodes, image: string): BenchFleet {
  let size = 0;
  const settled = (name: string, wanted: string) =>
    nodes.until(name, `it is Running on ${wanted}`, hasSettledOn(wanted), DEADLINE_MS);
  return {
    growTo: async (wanted) => {
      const added = memberNames(size, wanted);
      size = wanted;
      await Promise.all(
        added.map(async (name) => {
          await nodes.create(name, { image });
          await settled(name, image);
        }),
      );
    },
    update: async (wanted) => {
      await Promise.all(
        memberNames(0, size).map(async (name) => {
          await nodes.setImage(name, wanted);
          await settled(name, wanted);
        }),
      );
    },
  };
}
