import type { Observation, WorkKind } from '../../domain/due-work.ts';
import { hasNodePodName } from '../../domain/node-pod.ts';
import { FORGET_AFTER_SECONDS } from '../../domain/pace.ts';
import type { PodView } from '../../domain/pod-view.ts';
import { SEID_CONTAINER, SIDECAR_CONTAINER } from '../../domain/pod-view.ts';
import type { SeiNode } from '../../domain/sei-node.ts';

interface Entry {
  readonly runId: string;
  readonly runs: number;
  /** When the run was first told. Milliseconds since the epoch. */
  readonly atMs: number;
}

/** More different work than this of one node is no disagreement about any of it. */
const MOST_WORK = 10;

/**
 * How many runs were started for the very same work on a node. A run that closes takes along what it
 * knows, so without this a watcher and a worker that disagree would make a run at each resync for ever.
 */
export class RunsBefore {
  readonly #now: () => number;
  /** By node; a changed spec is another node. */
  readonly #nodes = new Map<string, { readonly spec: string; readonly work: Map<string, Entry> }>();

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  of(node: SeiNode, work: string): number {
    const entry = this.#workOf(node).get(work);
    return entry !== undefined && this.#isRecent(entry) ? entry.runs : 0;
  }

  add(node: SeiNode, work: string, runId: string): void {
    const known = this.#workOf(node);
    const entry = known.get(work);
    if (entry?.runId === runId) return;
    const runs = this.of(node, work) + 1;
    known.delete(work);
    known.set(work, { runId, runs, atMs: this.#now() });
    const [oldest] = known.keys();
    if (known.size > MOST_WORK && oldest !== undefined) known.delete(oldest);
  }

  /** Of nodes that are gone nobody asks any more. */
  #forgetOld(): void {
    for (const [key, { work }] of this.#nodes) {
      if (![...work.values()].some((entry) => this.#isRecent(entry))) this.#nodes.delete(key);
    }
  }

  #isRecent({ atMs }: Entry): boolean {
    return this.#now() - atMs <= FORGET_AFTER_SECONDS * 1_000;
  }

  #workOf({ metadata }: SeiNode): Map<string, Entry> {
    const key = `${metadata.namespace}/${metadata.name}`;
    const spec = `${metadata.uid} ${metadata.generation}`;
    const known = this.#nodes.get(key);
    if (known?.spec === spec) return known.work;
    this.#forgetOld();
    const work = new Map<string, Entry>();
    this.#nodes.set(key, { spec, work });
    return work;
  }
}

/**
 * Names the work, and a sync with what surrounds the node: a sidecar that is killed every ten minutes, a
 * seid in a crash loop and a pod that is evicted again call for the same, but each time something has
 * happened. Nobody disagrees, and the work has to be done at once. All other work makes that change by
 * itself. The StatefulSet's generation is no part of it: whoever keeps changing that is who disagrees.
 */
export function sameWork(
  kind: WorkKind,
  why: string,
  { node, pods, statefulSet }: Pick<Observation, 'node' | 'pods' | 'statefulSet'>,
): string {
  const own = pods.filter((pod) => hasNodePodName(pod, node.metadata));
  const around = kind === 'nodeSync' ? [statefulSet?.uid, own.map(livesOf).toSorted()] : [];
  return JSON.stringify([kind, why, ...around]);
}

/** Which pod it is, and how often what is in it has begun. */
function livesOf({ uid, containers }: PodView): string {
  const restarts = containers
    .filter(({ name }) => name === SEID_CONTAINER || name === SIDECAR_CONTAINER)
    .map(({ name, restartCount }) => `${name} ${restartCount}`);
  return [uid, ...restarts].join(' ');
}
