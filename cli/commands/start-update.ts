import { Command } from 'commander';

import { keyOf } from '../../domain/node/node-ref.ts';
import { dueWork, isWork } from '../../domain/work/due-work.ts';
import { createLiveClusterApi } from '../../kubernetes/live-cluster-api.ts';
import { observationLive } from '../../observation/observation.ts';
import { readPlatform } from '../../settings/read-platform.ts';
import { workPolicy } from '../../settings/work-policy.ts';
import { readNode } from '../cluster/read-nodes.ts';
import { ExitCode } from '../shell/exit-code.ts';
import type { TypedNode } from '../shell/node-argument.ts';
import { nodePathArgument } from '../shell/node-argument.ts';
import type { Session } from '../shell/session.ts';
import { isStructured, structured } from '../shell/structured.ts';
import type { Runner } from './runner.ts';

export function startUpdateCommand(run: Runner): Command {
  return new Command('start-update')
    .description('start the due work of a node by hand, as the watcher would')
    .argument('<name>', 'SeiNode, as NAME or NAMESPACE/NAME', nodePathArgument)
    .addHelpText(
      'after',
      '\nNeeds the platform settings of the workers: SEI_CONTROLLER_CONFIG or the SEI_* variables.',
    )
    .action(run<[TypedNode]>(startUpdate));
}

async function startUpdate(session: Session, [typed]: [TypedNode]): Promise<ExitCode> {
  const { kubernetes, settings, interrupted, terminal, output } = session;
  const platform = readPlatform();
  const policy = workPolicy(settings, platform);
  const key = { namespace: session.namespace, ...typed };
  const node = await readNode(kubernetes, key, interrupted);
  const api = createLiveClusterApi(kubernetes);
  const observation = await observationLive({ api, policy, platform }, node, async () => undefined);
  const due = dueWork(observation, policy);
  const show = (line: string, fields: object): ExitCode => {
    terminal.print(
      isStructured(output) ? structured({ ...key, ...fields }, output) : [`${keyOf(key)}: ${line}`],
    );
    return ExitCode.done;
  };
  if (!isWork(due)) {
    const why =
      due.kind === 'held' ? `held by ${due.hold.actor}: ${due.hold.reason}; send resume` : due.why;
    return show(`nothing to do: ${why}`, { kind: 'nothing', why });
  }
  // The client library takes half a second to load, which other commands are spared.
  const { startRun } = await import('../temporal/start-run.ts');
  const { workflowId } = await startRun(session, observation, due);
  return show(`${due.kind} is under way as workflow ${workflowId}`, {
    kind: due.kind,
    workflowId,
  });
}
