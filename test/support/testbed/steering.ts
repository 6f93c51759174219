import type { CommandKind, SteeringInput } from '../../../domain/plan/steering.ts';
import type { NodeRunInput } from '../../../domain/run/node-run.ts';
import { nodeWorkflowId } from '../../../domain/run/workflow-id.ts';
import type { Testbed } from './testbed.ts';

/** Steers a node like a tool that knows nothing of its runs: with a signal, which starts one where none is open. */
export async function steer(
  bed: Testbed,
  node: string,
  command: CommandKind,
  input: SteeringInput = {},
): Promise<void> {
  const { namespace, name, uid } = (await bed.nodes.get(node)).metadata;
  type Run = (input: NodeRunInput) => Promise<void>;
  await bed.temporal.workflow.signalWithStart<Run, [SteeringInput?]>('nodeSync', {
    workflowId: nodeWorkflowId(bed.namespace, bed.key(node)),
    taskQueue: bed.namespace,
    args: [{ node: { namespace, name, uid } }],
    signal: command,
    signalArgs: [input],
  });
}

/** Returns the node's open run. */
export function runOf(bed: Testbed, node: string) {
  return bed.temporal.workflow.getHandle(nodeWorkflowId(bed.namespace, bed.key(node)));
}
