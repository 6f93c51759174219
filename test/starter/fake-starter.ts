import type { SeiNode } from '../../domain/node/sei-node.ts';
import type { Cause, RunClient, SignalledRun } from '../../temporal/runs/run-client.ts';
import type { RunWork } from '../../temporal/runs/run-kind.ts';

export interface Told {
  readonly node: string;
  readonly uid: string;
  readonly generation: number;
  readonly due: string;
  readonly cause: Cause;
}

/** Keeps what the watcher says, in place of Temporal. */
export class FakeStarter implements Pick<
  RunClient<SeiNode>,
  'startOrSignal' | 'startUnlessOpen' | 'signal'
> {
  readonly told: Told[] = [];
  /** How many of the next calls fail. */
  failures = 0;
  /** True if each node has an open run. */
  hasOpenRuns = false;

  async startOrSignal(node: SeiNode, { type }: RunWork, cause: Cause): Promise<SignalledRun> {
    this.#keep(node, type, cause);
    return { workflowId: `seinode/test/${node.metadata.name}`, runId: 'run' };
  }

  async startUnlessOpen(node: SeiNode, work: RunWork): Promise<SignalledRun | undefined> {
    return this.hasOpenRuns ? undefined : this.startOrSignal(node, work, 'resync');
  }

  async signal(node: SeiNode): Promise<void> {
    this.#keep(node, 'nothing', 'change');
  }

  #keep({ metadata }: SeiNode, due: string, cause: Cause): void {
    if (this.failures > 0) {
      this.failures -= 1;
      throw new Error('Temporal is away');
    }
    const { name: node, uid, generation } = metadata;
    this.told.push({ node, uid, generation, due, cause });
  }
}
