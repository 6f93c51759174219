import { randomUUID } from 'node:crypto';

import { Context } from '@temporalio/activity';
import { Client, Connection } from '@temporalio/client';
import type { Worker } from '@temporalio/worker';
import { NativeConnection } from '@temporalio/worker';

import type { NodeActivities } from '../../../activities/contract/activities.ts';
import type { SeiNodeSpec } from '../../../domain/node/sei-node.ts';
import type { SearchAttributes } from '../../../temporal/runs/search-attributes.ts';
import { createSearchAttributes } from '../../../temporal/runs/search-attributes.ts';
import { createNodeWorkers } from '../../../worker/node-worker.ts';
import { workflowBundle } from '../../../worker/workflow-bundle.ts';
import { recordedLog } from '../../kubernetes/recorded-log.ts';
import { fakeActivities } from '../../support/workflow/fake-activities.ts';
import type { SharedTemporal } from '../../support/workflow/temporal.ts';
import { FleetNode } from './fleet-node.ts';

/** Nodes whose runs share the workers of one process, as those of an installation do. */
export class Fleet {
  readonly client: Client;
  readonly taskQueue = `fleet-${randomUUID()}`;
  /** None until they are registered. */
  readonly searchAttributes: SearchAttributes;
  readonly #connection: Connection;
  readonly #native: NativeConnection;
  readonly #namespace: string;
  readonly #nodes = new Map<string, FleetNode>();
  #workers: readonly Worker[] = [];
  #running: Promise<unknown> = Promise.resolve();

  private constructor(connection: Connection, native: NativeConnection, namespace: string) {
    this.client = new Client({ connection, namespace });
    this.searchAttributes = createSearchAttributes({ connection }, namespace, recordedLog());
    this.#connection = connection;
    this.#native = native;
    this.#namespace = namespace;
  }

  static async open({ address, namespace }: SharedTemporal): Promise<Fleet> {
    const [connection, native] = await Promise.all([
      Connection.connect({ address }),
      NativeConnection.connect({ address }),
    ]);
    const fleet = new Fleet(connection, native, namespace);
    await fleet.#startWorkers();
    return fleet;
  }

  /** Adds a node that runs V1. */
  async add(name: string, spec: Partial<SeiNodeSpec> = {}): Promise<FleetNode> {
    const { client, taskQueue, searchAttributes } = this;
    const unique = `${name}-${randomUUID().slice(0, 8)}`;
    const node = await FleetNode.running(unique, { client, taskQueue, searchAttributes }, spec);
    this.#nodes.set(node.workflowId, node);
    return node;
  }

  /**
   * Ends the workers as SIGTERM does, and starts others in their place.
   *
   * @param meanwhile happens once they have been told: short steps are let finish.
   */
  async restartWorkers(meanwhile: () => void): Promise<void> {
    for (const worker of this.#workers) worker.shutdown();
    meanwhile();
    await this.#running;
    await this.#startWorkers();
  }

  async close(): Promise<void> {
    await Promise.all([...this.#nodes.values()].map((node) => node.stop()));
    for (const worker of this.#workers) worker.shutdown();
    await this.#running;
    await Promise.all([this.#connection.close(), this.#native.close()]);
  }

  async #startWorkers(): Promise<void> {
    this.#workers = await createNodeWorkers({
      connection: this.#native,
      namespace: this.#namespace,
      taskQueue: this.taskQueue,
      bundle: await workflowBundle(),
      activities: this.#activities(),
    });
    this.#running = Promise.all(this.#workers.map((worker) => worker.run()));
  }

  /** Each activity is that of the node whose run asks for it. */
  #activities(): NodeActivities {
    const names = Object.keys(fakeActivities().activities) as (keyof NodeActivities)[];
    const perform = (name: keyof NodeActivities) => (input: unknown) => {
      const { workflowId = '' } = Context.current().info.workflowExecution ?? {};
      const node = this.#nodes.get(workflowId);
      if (node === undefined) throw new Error(`no node of the fleet has run ${workflowId}`);
      return node.perform(name, input);
    };
    return Object.fromEntries(
      names.map((name) => [name, perform(name)]),
    ) as unknown as NodeActivities;
  }
}
