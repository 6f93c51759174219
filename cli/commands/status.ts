import { Command } from 'commander';

import type { SeiNode } from '../../domain/node/sei-node.ts';
import { nodeHealth } from '../../domain/status/node-health.ts';
import { createLiveClusterApi } from '../../kubernetes/live-cluster-api.ts';
import { readNode } from '../cluster/read-nodes.ts';
import { nextActions } from '../node/next-action.ts';
import type { StepDurations } from '../node/step-durations.ts';
import { stepDurations } from '../node/step-durations.ts';
import { statusScreen } from '../screens/status-screen.ts';
import { ExitCode } from '../shell/exit-code.ts';
import { nodeArgument } from '../shell/node-argument.ts';
import type { Session } from '../shell/session.ts';
import { isStructured, structured } from '../shell/structured.ts';
import { nodeRuns, runAt } from '../temporal/node-runs.ts';
import { askOptional } from '../temporal/optional-temporal.ts';
import { webUiOf, workflowUrl } from '../temporal/web-ui.ts';
import type { Runner } from './runner.ts';

export function statusCommand(run: Runner): Command {
  return new Command('status')
    .description('conditions, plan and pods of a node, and what to do next')
    .argument('<name>', 'SeiNode', nodeArgument)
    .action(run<[string]>(status));
}

async function status(session: Session, [name]: [string]): Promise<ExitCode> {
  const { kubernetes, namespace, terminal, output, interrupted, words } = session;
  const node = await readNode(kubernetes, { namespace, name }, interrupted);
  const api = createLiveClusterApi(kubernetes);
  const [statefulSet, pods, run] = await Promise.all([
    api.getStatefulSet(node.metadata),
    api.listPods(node.metadata),
    runOf(session, node),
  ]);
  const health = nodeHealth(node);
  const actions = nextActions(node, health, pods, words);
  const durations = run?.durations ?? new Map<string, number>();
  const workflowUrl = run?.url;
  if (isStructured(output)) {
    const stepMilliseconds = Object.fromEntries(durations);
    const found = { health, actions, statefulSet, pods, stepMilliseconds, workflowUrl, node };
    terminal.print(structured(found, output));
  } else {
    const now = session.now();
    const screen = { node, health, statefulSet, pods, actions, durations, workflowUrl, now };
    terminal.print(statusScreen(screen, terminal.palette));
  }
  return ExitCode.done;
}

interface RunOfPlan {
  readonly durations: StepDurations;
  readonly url: string | undefined;
}

/** Returns what Temporal knows of the node's plan; undefined when it was not asked, or does not answer. */
async function runOf(session: Session, node: SeiNode): Promise<RunOfPlan | undefined> {
  const { workflowId, startedAt } = node.status?.plan ?? {};
  if (workflowId === undefined || startedAt === undefined) return undefined;
  return askOptional(session, 'step times and links', async (temporal) => {
    const { readRun } = await import('../temporal/read-run.ts');
    const { address, namespace } = temporal;
    const webUi = webUiOf(session.env['SEINODE_TEMPORAL_UI'], address);
    const began = Date.parse(startedAt);
    const run = runAt(await nodeRuns(temporal, workflowId), began);
    const url = webUi && workflowUrl(webUi, namespace, workflowId, run?.runId);
    if (run === undefined) return { durations: new Map(), url };
    const events = await readRun(temporal, workflowId, run.runId);
    return { durations: stepDurations(events, began, session.now().getTime()), url };
  });
}
