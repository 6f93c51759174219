import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';

import type { NodeRunInput, Observed } from '../../domain/run/node-run.ts';
import { OBSERVED_SIGNAL } from '../../domain/run/node-run.ts';
import { runSummary } from '../../domain/run/run-summary.ts';
import { objectWorkflowId } from '../../domain/run/workflow-id.ts';
import type { RunKind, RunObject, RunWork } from './run-kind.ts';
import { runPriority } from './run-priority.ts';
import { RunsBefore } from './runs-before.ts';
import type { SearchAttributes } from './search-attributes.ts';
import { isSearchAttributeRefusal } from './search-attributes.ts';
import type { SteeringAnswer, SteeringRequest } from './steer-run.ts';
import { steerRun } from './steer-run.ts';

/** Starts, signals and steers the runs of a kind of object; nothing else talks to Temporal about runs. */
export interface RunClient<O extends RunObject> {
  /** Starts the due work, or signals the open run. */
  startOrSignal(object: O, work: RunWork, cause: Cause): Promise<SignalledRun>;
  /**
   * Starts the due work again, unless a run is open: that knows of it already, and a signal would cost it a workflow
   * task.
   *
   * @returns undefined if one is open
   */
  startUnlessOpen(object: O, work: RunWork): Promise<SignalledRun | undefined>;
  /** Signals an open run, if there is one, that nothing is due. */
  signal(object: O): Promise<void>;
  /** Has the open run carry a command out; starts a run for it if none is open. */
  steer(object: O, request: SteeringRequest): Promise<SteeringAnswer>;
}

export type Cause = Observed['cause'];

/** The run that was started or signalled. */
export interface SignalledRun {
  readonly workflowId: string;
  readonly runId: string;
}

export interface RunClientOptions {
  /** The client is replaced whenever the connection is. */
  readonly link: { readonly client: Client };
  readonly cluster: string;
  readonly taskQueue: string;
  readonly searchAttributes: SearchAttributes;
}

/** `node` whatever the kind: wire names. */
type Input = Pick<NodeRunInput, 'node'>;
type Signalled = Omit<Observed, 'due'> & { readonly due: string };

/**
 * Runs have no time-outs: a workflow task that fails is retried for ever, so that a mended worker picks up where a
 * broken one left off; and an object may be held back for weeks.
 */
export function createRunClient<O extends RunObject>(
  kind: RunKind<O>,
  { link, cluster, taskQueue, searchAttributes }: RunClientOptions,
): RunClient<O> {
  const runsBefore = new RunsBefore();

  const startOf = (object: O, summary: string) => {
    const typedSearchAttributes = searchAttributes.of(kind.searchAttributes(object));
    const args: [Input] = [{ node: refOf(object) }];
    return {
      workflowId: objectWorkflowId(kind.names, cluster, object.metadata),
      taskQueue,
      args,
      priority: runPriority(object.metadata),
      staticSummary: runSummary(summary),
      ...(typedSearchAttributes !== undefined && { typedSearchAttributes }),
    };
  };

  async function start(object: O, work: RunWork, cause: Cause): Promise<SignalledRun> {
    const { type, why, sameAs, observedDue, summary } = work;
    const runs = runsBefore.of(object, sameAs);
    const { workflowId, signaledRunId } = await link.client.workflow.signalWithStart<
      (input: Input) => Promise<void>,
      [Signalled]
    >(type, {
      ...startOf(object, summary),
      signal: OBSERVED_SIGNAL,
      signalArgs: [{ ...observed(object, observedDue, cause), why, runs }],
    });
    runsBefore.add(object, sameAs, signaledRunId);
    return { workflowId, runId: signaledRunId };
  }

  async function startOrSignal(object: O, work: RunWork, cause: Cause): Promise<SignalledRun> {
    try {
      return await start(object, work, cause);
    } catch (err) {
      if (!isSearchAttributeRefusal(err)) throw err;
      // The namespace has lost them, as an emptied Temporal has: register again, or go without.
      await searchAttributes.register();
      return await start(object, work, cause);
    }
  }

  async function openRunId(object: O): Promise<string | undefined> {
    const id = objectWorkflowId(kind.names, cluster, object.metadata);
    try {
      const { status, runId } = await link.client.workflow.getHandle(id).describe();
      return status.name === 'RUNNING' ? runId : undefined;
    } catch (err) {
      if (err instanceof WorkflowNotFoundError) return undefined;
      throw err;
    }
  }

  return {
    startOrSignal,
    async startUnlessOpen(object, work) {
      const open = await openRunId(object);
      if (open === undefined) return startOrSignal(object, work, 'resync');
      runsBefore.add(object, work.sameAs, open);
      return undefined;
    },
    async signal(object) {
      try {
        await link.client.workflow
          .getHandle(objectWorkflowId(kind.names, cluster, object.metadata))
          .signal<[Signalled]>(OBSERVED_SIGNAL, observed(object, 'nothing', 'change'));
      } catch (err) {
        if (!(err instanceof WorkflowNotFoundError)) throw err;
      }
    },
    steer(object, request) {
      const { namespace, name } = object.metadata;
      const summary = `${namespace}/${name}: ${request.command} by ${request.input.actor}`;
      return steerRun(link.client, kind.steeredBy, startOf(object, summary), request);
    },
  };
}

function observed(object: RunObject, due: string, cause: Cause): Signalled {
  return { node: refOf(object), generation: object.metadata.generation, cause, due };
}

function refOf({ metadata: { namespace, name, uid } }: RunObject): Input['node'] {
  return { namespace, name, uid };
}
