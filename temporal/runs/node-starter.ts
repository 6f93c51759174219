import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';

import type { DueWork, Observation, Work } from '../../domain/due-work.ts';
import { keyOf, nodeWorkflowId } from '../../domain/node-ref.ts';
import type { NodeRunInput, Observed } from '../../domain/node-run.ts';
import { OBSERVED_SIGNAL } from '../../domain/node-run.ts';
import { describeDue, isOnlyNotConverging } from '../../domain/not-converging.ts';
import { runSummary } from '../../domain/run-summary.ts';
import type { SeiNode } from '../../domain/sei-node.ts';
import { describeNeed } from '../../domain/sync-need.ts';
import { runPriority } from './run-priority.ts';
import { RunsBefore, sameWork } from './runs-before.ts';
import type { SearchAttributes } from './search-attributes.ts';
import { isSearchAttributeRefusal } from './search-attributes.ts';

/** Starts runs and tells open ones; the only place that talks to Temporal about a node. */
export interface NodeStarter {
  /** Starts the work that is due, or tells the run that is open already. */
  startOrTell(around: Surroundings, due: Work, cause: Cause): Promise<ToldRun>;
  /** Tells an open run, if there is one. */
  tell(node: SeiNode): Promise<void>;
}

/** A node, with what shows whether anything has happened to it since it was told last. */
export type Surroundings = Pick<Observation, 'node' | 'pods' | 'statefulSet'>;

export type Cause = Observed['cause'];

/** Enough to name what is due; a signal is no place for a long list. */
const LONGEST_WHY = 300;

/** The run that was started or told. */
export interface ToldRun {
  readonly workflowId: string;
  readonly runId: string;
}

/**
 * A workflow task that fails is retried for ever, so that a mended worker picks up where a broken one
 * left off; a run without an end is how a node that is held back for weeks looks.
 */
export function createNodeStarter(options: {
  /** Its client may be another one later. */
  readonly link: { readonly client: Client };
  readonly cluster: string;
  readonly taskQueue: string;
  readonly searchAttributes: SearchAttributes;
}): NodeStarter {
  const { link, cluster, taskQueue, searchAttributes } = options;
  const runsBefore = new RunsBefore();

  async function start(around: Surroundings, due: Work, cause: Cause): Promise<ToldRun> {
    const { node } = around;
    const { namespace, name, uid } = node.metadata;
    const input: NodeRunInput = { node: { namespace, name, uid } };
    const typedSearchAttributes = searchAttributes.of(node);
    const why = describeDue(due).slice(0, LONGEST_WHY);
    const work = sameWork(due.kind, why, around);
    const runs = runsBefore.of(node, work);
    // Its own run sees to that: for all else that is due it may close.
    const told = isOnlyNotConverging(node, due) ? 'nothing' : due.kind;
    const { workflowId, signaledRunId } = await link.client.workflow.signalWithStart<
      (input: NodeRunInput) => Promise<void>,
      [Observed]
    >(due.kind, {
      workflowId: nodeWorkflowId(cluster, node.metadata),
      taskQueue,
      args: [input],
      signal: OBSERVED_SIGNAL,
      signalArgs: [{ ...observed(node, told, cause), why, runs }],
      priority: runPriority(node.metadata),
      staticSummary: runSummary(summaryOf(node, due)),
      ...(typedSearchAttributes !== undefined && { typedSearchAttributes }),
    });
    runsBefore.add(node, work, signaledRunId);
    return { workflowId, runId: signaledRunId };
  }

  return {
    async startOrTell(around, due, cause) {
      try {
        return await start(around, due, cause);
      } catch (err) {
        if (!isSearchAttributeRefusal(err)) throw err;
        // The namespace has lost them, as an emptied Temporal has: register again, or go without.
        await searchAttributes.register();
        return await start(around, due, cause);
      }
    },
    async tell(node) {
      try {
        await link.client.workflow
          .getHandle(nodeWorkflowId(cluster, node.metadata))
          .signal<[Observed]>(OBSERVED_SIGNAL, observed(node, 'nothing', 'change'));
      } catch (err) {
        if (!(err instanceof WorkflowNotFoundError)) throw err;
      }
    },
  };
}

function observed(node: SeiNode, due: DueWork['kind'], cause: Cause): Observed {
  const { namespace, name, uid, generation } = node.metadata;
  return { node: { namespace, name, uid }, generation, cause, due };
}

/** One line of the Web UI's list; it stays as it was when the run began. */
function summaryOf(node: SeiNode, due: Work): string {
  switch (due.kind) {
    case 'nodeInit':
      return `${keyOf(node.metadata)}: bring up ${node.spec.image}`;
    case 'nodeSync':
      return `${keyOf(node.metadata)}: ${due.needs.map(describeNeed).join('; ')}`;
    case 'nodeDelete':
      return `${keyOf(node.metadata)}: take down`;
    case 'nodeUpdate':
      return `${keyOf(node.metadata)}: ${node.status?.currentImage ?? '(none)'} to ${due.target.image}`;
  }
}
