import { hasSettledOn } from '../support/testbed/node-conditions.ts';
import type { SeiNodes } from '../support/testbed/sei-nodes.ts';
import { memberNames } from './member-names.ts';

/** Ten times what 100 nodes take on two cores: a benchmark that hangs must end. */
const DEADLINE_MS = 300_000;

/** A number of SeiNodes that are updated at once. */
export interface NodeFleet {
  names(): readonly string[];
  /** The image that all of them have. */
  image(): string;
  /** Adds nodes until there are so many, and waits until they run. */
  growTo(size: number): Promise<void>;
  /** Gives all of them this image at once, and waits until a watch shows that the update of each is complete. */
  update(image: string): Promise<UpdateTimes>;
}

/** Milliseconds since the images were changed. */
export interface UpdateTimes {
  /** Until the status of the last node names the image. */
  readonly stamped: number;
  readonly complete: number;
}

/** SeiNodes, brought up and updated by the operator. */
export function nodeFleet(
  nodes: SeiNodes,
  firstImage: string,
  deadlineMs = DEADLINE_MS,
): NodeFleet {
  let size = 0;
  let image = firstImage;
  const settled = (name: string) =>
    nodes.until(name, `it is Running on ${image}`, hasSettledOn(image), deadlineMs);
  const names = (): readonly string[] => memberNames(0, size);
  return {
    names,
    image: () => image,
    growTo: async (wanted) => {
      const added = memberNames(size, wanted);
      size = wanted;
      await Promise.all(
        added.map(async (name) => {
          await nodes.create(name, { image });
          await settled(name);
        }),
      );
    },
    update: async (wanted) => {
      image = wanted;
      const start = performance.now();
      const stamped = await Promise.all(
        names().map(async (name) => {
          await nodes.setImage(name, image);
          await nodes.until(
            name,
            `its status names ${image}`,
            ({ status }) => status?.currentImage === image,
            deadlineMs,
          );
          const stampedAt = performance.now();
          await settled(name);
          return stampedAt;
        }),
      );
      return { stamped: Math.max(...stamped) - start, complete: performance.now() - start };
    },
  };
}
