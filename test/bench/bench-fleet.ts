/** A number of things that are updated at once: SeiNodes, or bare StatefulSets. */
export interface BenchFleet {
  /** Adds members until there are so many, and waits until they run. */
  growTo(size: number): Promise<void>;
  /** Gives all of them this image at once, and waits until each has it. */
  update(image: string): Promise<void>;
}

/** Numbers the members, so that a fleet that grows keeps the members it has. */
export function memberNames(from: number, to: number): readonly string[] {
  return Array.from({ length: to - from }, (_, index) => `n${from + index}`);
}
