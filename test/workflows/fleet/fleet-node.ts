import type { Client, WorkflowHandle } from '@temporalio/client';

import type { NodeActivities } from '../../../activities/contract/activities.ts';
import { heartbeatingThroughout, untilCancelled } from '../../../activities/shared/heartbeating.ts';
import { createHeartbeatShare } from '../../../activities/shared/heartbeats.ts';
import type { SeiNode, SeiNodeSpec } from '../../../domain/node/sei-node.ts';
import type { PodView } from '../../../domain/pod/pod-view.ts';
import { containerOf, SEID_CONTAINER } from '../../../domain/pod/pod-view.ts';
import { nodeWorkflowId } from '../../../domain/run/workflow-id.ts';
import { probeOf } from '../../../observation/probe-sidecar.ts';
import { startWatcher } from '../../../starter/watcher.ts';
import { NODE_RUNS } from '../../../temporal/runs/node-runs.ts';
import { createRunClient } from '../../../temporal/runs/run-client.ts';
import type { SearchAttributes } from '../../../temporal/runs/search-attributes.ts';
import { ActivityBed, bringUp } from '../../activities/activity-bed.ts';
import { eventually } from '../../support/eventually.ts';
import { NODE, seiNode } from '../../support/sei-node.ts';
import type { Gate } from '../../support/workflow/gate.ts';
import { gate } from '../../support/workflow/gate.ts';

type Name = keyof NodeActivities;

/** A step of the run that a test holds where it begins. */
export interface Hold {
  /** Resolves once the step is held. */
  readonly reached: Promise<void>;
  release(): void;
}

/** What the nodes of a fleet have in common. */
export interface FleetNodeOptions {
  readonly client: Client;
  readonly taskQueue: string;
  readonly searchAttributes: SearchAttributes;
}

/** Hundreds of nodes may be under way at once on a busy machine of two cores. */
const DEADLINE_MS = 120_000;

/** Longer than any watch here stays silent: what is lost is not to be mended by a resync. */
const NEVER_SECONDS = 86_400;

/**
 * A node in a cluster of its own, with the real watcher and the real activities: all but the API server,
 * the controllers and the sidecar are what runs in production.
 */
export class FleetNode {
  readonly name: string;
  readonly workflowId: string;
  readonly bed: ActivityBed;
  readonly run: WorkflowHandle;
  /** The values of `status.currentImage`, in their order. */
  readonly images: (string | undefined)[] = [];
  readonly #stopWatcher: () => unknown;
  readonly #holds = new Map<Name, { readonly reached: Gate; readonly released: Gate }>();

  private constructor(name: string, bed: ActivityBed, options: FleetNodeOptions) {
    const { client, taskQueue, searchAttributes } = options;
    this.name = name;
    this.bed = bed;
    // The Kubernetes cluster of each node is its own, so the cluster's name tells the runs apart.
    this.workflowId = nodeWorkflowId(name, NODE);
    this.run = client.workflow.getHandle(this.workflowId);
    bed.cluster.cache.subscribe(() => {
      const image = this.node?.status?.currentImage;
      if (image !== this.images.at(-1)) this.images.push(image);
    });
    this.#stopWatcher = startWatcher({
      ...bed.deps,
      starter: createRunClient(NODE_RUNS, {
        link: { client },
        cluster: name,
        taskQueue,
        searchAttributes,
      }),
      probe: (key, pod) => probeOf(bed.deps, key)(pod),
      probeSeconds: NEVER_SECONDS,
      resyncSeconds: NEVER_SECONDS,
    });
  }

  /** A node that runs V1, with nothing due. */
  static async running(
    name: string,
    options: FleetNodeOptions,
    spec: Partial<SeiNodeSpec> = {},
  ): Promise<FleetNode> {
    const bed = new ActivityBed({ runsByItself: true });
    bed.cluster.createNode(seiNode({ spec }));
    await bringUp(bed);
    return new FleetNode(name, bed, options);
  }

  get node(): SeiNode | undefined {
    return this.bed.cluster.node(NODE);
  }

  get pods(): readonly PodView[] {
    return this.bed.cluster.pods(NODE);
  }

  hasPodOf(image: string): boolean {
    return this.pods.some(
      (pod) =>
        pod.deletionTimestamp === undefined && containerOf(pod, SEID_CONTAINER)?.image === image,
    );
  }

  /** How many objects of this kind the operator has told to go. */
  deletions(of: 'deletePod' | 'deleteStatefulSet'): number {
    return this.bed.cluster.requests.of(of).filter(({ changed }) => changed).length;
  }

  edit(spec: Partial<SeiNodeSpec>): void {
    this.bed.cluster.editSpec(NODE, spec);
  }

  /** Somebody, or something, takes the node's pods away. */
  async evict(): Promise<void> {
    for (const pod of this.pods) this.bed.cluster.deletePod(pod);
    await this.bed.cluster.atRest();
  }

  async until(what: string, holds: (node: SeiNode) => boolean): Promise<void> {
    await eventually(
      `${this.name}: ${what}`,
      () => this.node !== undefined && holds(this.node),
      DEADLINE_MS,
    );
  }

  async untilIdle(): Promise<void> {
    await eventually(
      `${this.name}: its run is over`,
      async () => (await this.run.describe()).status.name === 'COMPLETED',
      DEADLINE_MS,
    );
  }

  /** Holds the next call of the activity where it begins. */
  hold(name: Name): Hold {
    const [reached, released] = [gate(), gate()];
    this.#holds.set(name, { reached, released });
    return { reached: reached.passed, release: () => released.open() };
  }

  /** Performs an activity of the node's run. */
  async perform(name: Name, input: unknown): Promise<unknown> {
    const hold = this.#holds.get(name);
    this.#holds.delete(name);
    if (hold !== undefined) {
      hold.reached.open();
      await heartbeatingThroughout(createHeartbeatShare(), () =>
        untilCancelled(hold.released.passed),
      )();
    }
    const activity = this.bed.activities[name] as (input: unknown) => Promise<unknown>;
    return activity(input);
  }

  /** Nobody tells its run of anything any more. */
  async stop(): Promise<void> {
    await this.#stopWatcher();
  }
}
