import type { Client, WorkflowExecutionInfo } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';

import type { ObjectKey } from '../../../domain/node/node-ref.ts';
import { nodeWorkflowId } from '../../../domain/run/workflow-id.ts';
import { eventually } from '../eventually.ts';

type Run = Pick<WorkflowExecutionInfo, 'workflowId' | 'runId'>;

/** An activity of a run, by its type, and the summary that the Web UI shows with it. */
export interface RunActivity {
  readonly type: string;
  readonly summary: string | undefined;
}

/** Activities that only look for something to do. */
const LOOKS = /^(begin(Init|Update|Sync|Delete)|decideDueWork)$/;

/** The runs of one cluster's nodes, as Temporal has recorded them. */
export interface NodeRuns {
  /** Lists the node's runs, oldest first. */
  of(node: ObjectKey): Promise<readonly WorkflowExecutionInfo[]>;
  /** Lists the same, once none of them is open. */
  closed(node: ObjectKey): Promise<readonly WorkflowExecutionInfo[]>;
  /**
   * Lists the same without runs that only looked: a watcher whose caches are behind each other may start a run that
   * finds nothing to do.
   */
  worked(node: ObjectKey): Promise<readonly WorkflowExecutionInfo[]>;
  /** Lists the same without nodeSync: one may follow, to record what showed only after the roll. */
  rolls(node: ObjectKey): Promise<readonly WorkflowExecutionInfo[]>;
  /** Lists the activities that a run scheduled, in order. */
  activities(run: Run): Promise<readonly RunActivity[]>;
}

/** @param cluster the cluster name in workflow ids */
export function nodeRuns(client: Client, cluster: string): NodeRuns {
  const of = async (node: ObjectKey): Promise<readonly WorkflowExecutionInfo[]> => {
    const runs: WorkflowExecutionInfo[] = [];
    const query = `WorkflowId = '${nodeWorkflowId(cluster, node)}'`;
    for await (const run of client.workflow.list({ query })) runs.push(run);
    return runs.toSorted((one, other) => one.startTime.getTime() - other.startTime.getTime());
  };
  const scheduled = async ({ workflowId, runId }: Run) => {
    const history = await client.workflow.getHandle(workflowId, runId).fetchHistory();
    return (history.events ?? []).flatMap((event) => {
      const type = event.activityTaskScheduledEventAttributes?.activityType?.name;
      return type ? [{ type, summary: event.userMetadata?.summary }] : [];
    });
  };
  const closed: NodeRuns['closed'] = async (node) => {
    let runs: readonly WorkflowExecutionInfo[] = [];
    await eventually(`no run of ${node.name} is open`, async () => {
      // The list lags behind: it may not have the newest run yet.
      const newest = await client.workflow.getHandle(nodeWorkflowId(cluster, node)).describe();
      runs = await of(node);
      return (
        runs.some(({ runId }) => runId === newest.runId) &&
        runs.every(({ status }) => status.name !== 'RUNNING')
      );
    });
    return runs;
  };
  const worked: NodeRuns['worked'] = async (node) => {
    const runs = (await closed(node)).map(async (run) => {
      const activities = await scheduled(run);
      return activities.every(({ type }) => LOOKS.test(type)) ? [] : [run];
    });
    return (await Promise.all(runs)).flat();
  };
  return {
    of,
    closed,
    activities: async (run) =>
      (await scheduled(run)).map(({ type, summary }) => ({
        type,
        summary: summary ? defaultPayloadConverter.fromPayload(summary) : undefined,
      })),
    worked,
    rolls: async (node) => (await worked(node)).filter(({ type }) => type !== 'nodeSync'),
  };
}
