import type { DueWork } from '../../domain/due-work.ts';
import type { SeiNode } from '../../domain/sei-node.ts';
import type {
  Cause,
  NodeStarter,
  Surroundings,
  ToldRun,
} from '../../temporal/runs/node-starter.ts';

export interface Told {
  readonly node: string;
  readonly uid: string;
  readonly generation: number;
  readonly due: DueWork['kind'];
  readonly cause: Cause;
}

/** Keeps what the watcher says, in place of Temporal. */
export class FakeStarter implements NodeStarter {
  readonly told: Told[] = [];
  /** How many of the next calls fail. */
  failures = 0;

  async startOrTell(
    { node }: Surroundings,
    due: Exclude<DueWork, { kind: 'nothing' }>,
    cause: Cause,
  ): Promise<ToldRun> {
    this.#keep(node, due.kind, cause);
    return { workflowId: `seinode/test/${node.metadata.name}`, runId: 'run' };
  }

  async tell(node: SeiNode): Promise<void> {
    this.#keep(node, 'nothing', 'change');
  }

  #keep({ metadata }: SeiNode, due: DueWork['kind'], cause: Cause): void {
    if (this.failures > 0) {
      this.failures -= 1;
      throw new Error('Temporal is away');
    }
    const { name: node, uid, generation } = metadata;
    this.told.push({ node, uid, generation, due, cause });
  }
}
