import type { V1ConfigMap, V1Service, V1StatefulSet } from '@kubernetes/client-node';
import { Command } from 'commander';
import { stringify } from 'yaml';

import { keyOf } from '../../domain/node/node-ref.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import { FIELD_MANAGER } from '../../domain/node/sei-node.ts';
import { targetFor } from '../../domain/node/target.ts';
import type { Resource } from '../../kubernetes/api/resource.ts';
import { CONFIG_MAPS, SERVICES, STATEFUL_SETS } from '../../kubernetes/api/resource.ts';
import type { PlatformSettings } from '../../manifests/platform-settings.ts';
import { rbacProxyConfigFor } from '../../manifests/rbac-proxy-config.ts';
import { serviceFor } from '../../manifests/service.ts';
import { statefulSetFor } from '../../manifests/stateful-set.ts';
import { readPlatform } from '../../settings/read-platform.ts';
import { dryRunApply } from '../cluster/dry-run-apply.ts';
import { readNode } from '../cluster/read-nodes.ts';
import { ownedFields } from '../diff/owned-fields.ts';
import type { ObjectDiff } from '../screens/diff-screen.ts';
import { diffScreen } from '../screens/diff-screen.ts';
import { plain } from '../screens/palette.ts';
import { ExitCode } from '../shell/exit-code.ts';
import { nodeArgument } from '../shell/node-argument.ts';
import type { Session } from '../shell/session.ts';
import { isStructured, structured } from '../shell/structured.ts';
import type { Runner } from './runner.ts';

interface DiffOptions {
  readonly exitCode?: boolean;
}

export function diffCommand(run: Runner): Command {
  return new Command('diff')
    .description("changes that the next apply would make to a node's objects, by a dry run")
    .argument('<name>', 'SeiNode', nodeArgument)
    .option('--exit-code', 'end with 1 if there are differences')
    .addHelpText(
      'after',
      '\nNeeds the platform settings of the workers: SEI_CONTROLLER_CONFIG or the SEI_* variables.',
    )
    .action(run<[string], DiffOptions>(diff));
}

async function diff(
  session: Session,
  [name]: [string],
  { exitCode }: DiffOptions,
): Promise<ExitCode> {
  const { kubernetes, namespace, terminal, output, interrupted } = session;
  const platform = readPlatform();
  const node = await readNode(kubernetes, { namespace, name }, interrupted);
  const diffs = await Promise.all(
    renderedFor(node, platform).map(async ({ kind, resource, body }): Promise<ObjectDiff> => {
      const key = { namespace, name: body.metadata?.name ?? name };
      const { live, applied } = await dryRunApply(kubernetes, resource, key, body, interrupted);
      return { object: `${kind} ${keyOf(key)}`, before: linesOf(live), after: linesOf(applied) };
    }),
  );
  const changed = diffs.filter(({ before, after }) => before.join('\n') !== after.join('\n'));
  if (isStructured(output)) {
    const items = changed.map((each) => ({ object: each.object, diff: diffScreen([each], plain) }));
    terminal.print(structured({ namespace, name, items }, output));
  } else if (changed.length === 0) {
    terminal.note(`an apply would change nothing of SeiNode ${name}`);
  } else {
    terminal.print(diffScreen(changed, terminal.palette));
  }
  return changed.length > 0 && exitCode === true ? ExitCode.failed : ExitCode.done;
}

type Rendered = V1StatefulSet | V1Service | V1ConfigMap;

/** Renders what the workers would apply. */
function renderedFor(node: SeiNode, platform: PlatformSettings) {
  const target = targetFor(node, platform.images.sidecar);
  const object = (kind: string, resource: Resource, body: Rendered) => ({ kind, resource, body });
  const statefulSet = object('StatefulSet', STATEFUL_SETS, statefulSetFor(node, target, platform));
  // The workers leave all but the StatefulSet of a paused node as it is.
  if (node.spec.paused === true) return [statefulSet];
  return [
    statefulSet,
    object('Service', SERVICES, serviceFor(node)),
    object('ConfigMap', CONFIG_MAPS, rbacProxyConfigFor(node)),
  ];
}

function linesOf(object: unknown): readonly string[] {
  const owned = ownedFields(object, FIELD_MANAGER);
  return owned === undefined
    ? []
    : stringify(owned, { sortMapEntries: true }).trimEnd().split('\n');
}
