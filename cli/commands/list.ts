import { Command } from 'commander';

import { listNodes } from '../cluster/read-nodes.ts';
import type { NodeInTrouble } from '../node/by-trouble.ts';
import { byTrouble } from '../node/by-trouble.ts';
import { listScreen } from '../screens/list-screen.ts';
import { ExitCode } from '../shell/exit-code.ts';
import type { Session } from '../shell/session.ts';
import { isStructured, structured } from '../shell/structured.ts';
import type { Runner } from './runner.ts';

export function listCommand(run: Runner): Command {
  return new Command('list')
    .alias('ls')
    .description('wanted image, running image and blocker of each node, worst first')
    .action(run(list));
}

async function list(session: Session): Promise<ExitCode> {
  const { terminal, kubernetes, allNamespaces, namespace, output, interrupted } = session;
  const scope = allNamespaces ? undefined : namespace;
  const nodes = byTrouble(await listNodes(kubernetes, scope, interrupted));
  if (isStructured(output)) {
    terminal.print(structured({ items: nodes.map(itemOf) }, output));
  } else if (nodes.length === 0) {
    terminal.note(
      allNamespaces
        ? 'no SeiNodes in any namespace'
        : `no SeiNodes in namespace ${namespace}; -A shows those of all namespaces`,
    );
  } else {
    const wide = output === 'wide';
    const screen = { nodes, allNamespaces, wide, now: session.now() };
    terminal.print(listScreen(screen, terminal.palette));
  }
  return ExitCode.done;
}

function itemOf({ node, health }: NodeInTrouble) {
  const { namespace, name, creationTimestamp } = node.metadata;
  return { namespace, name, creationTimestamp, ...health };
}
