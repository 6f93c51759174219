import { Command } from 'commander';

import { ANY_IMAGE, imageRefusal } from '../../domain/node/image-policy.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import { wantedImage } from '../../domain/status/node-health.ts';
import type { KubernetesConnection } from '../../kubernetes/api/client.ts';
import { objectPath, SEI_NODES } from '../../kubernetes/api/resource.ts';
import { seiNodeOf } from '../../kubernetes/views/sei-node-of.ts';
import { readNode } from '../cluster/read-nodes.ts';
import { waitSeconds } from '../node/wait-seconds.ts';
import { CliError } from '../shell/cli-error.ts';
import { ExitCode } from '../shell/exit-code.ts';
import { nodeArgument } from '../shell/node-argument.ts';
import type { Session } from '../shell/session.ts';
import { isStructured, structured } from '../shell/structured.ts';
import { openTimeoutOption } from '../shell/timeout-option.ts';
import type { Runner } from './runner.ts';
import { ANSWER_SECONDS, askRun } from './steer.ts';
import { waitForOutcome } from './wait-for-outcome.ts';

interface SetImageOptions {
  readonly wait?: boolean;
  readonly timeout?: number;
}

export function setImageCommand(run: Runner): Command {
  return new Command('set-image')
    .description('set spec.image of a node, which rolls it')
    .argument('<name>', 'SeiNode', nodeArgument)
    .argument('<image>', 'image for the containers seid and seid-init')
    .option('--wait', 'wait until the node runs the image')
    .addOption(
      openTimeoutOption('how long to wait, with --wait', "10m plus the spec's grace period"),
    )
    .action(run<[string, string], SetImageOptions>(setImage));
}

async function setImage(
  session: Session,
  [name, image]: [string, string],
  { wait, timeout }: SetImageOptions,
): Promise<ExitCode> {
  const { kubernetes, namespace, terminal, output, interrupted } = session;
  // The workers decide which images may run here.
  const refusal = imageRefusal(image, ANY_IMAGE);
  if (refusal !== undefined) {
    const { reason, remedy } = refusal;
    throw new CliError(ExitCode.usage, `image ${JSON.stringify(image)}: ${reason}; ${remedy}`);
  }
  const before = await readNode(kubernetes, { namespace, name }, interrupted);
  const isSet = before.spec.image === image;
  const again = isSet ? await tryAgain(session, before) : undefined;
  const node = isSet ? before : await patchImage(kubernetes, before, image);
  if (isStructured(output) && wait !== true) {
    const { generation } = node.metadata;
    terminal.print(
      structured({ namespace, name, from: before.spec.image, image, generation }, output),
    );
    return ExitCode.done;
  }
  const said =
    again ??
    (isSet
      ? `spec.image of SeiNode ${name} is already ${image}`
      : `spec.image of SeiNode ${name} changed from ${before.spec.image} to ${image}`);
  if (wait !== true) {
    terminal.print([said]);
    return ExitCode.done;
  }
  terminal.note(said);
  return waitForOutcome(session, node, { image, timeoutSeconds: timeout ?? waitSeconds(node) });
}

/**
 * Asks the run to try a rolled-back image again. The spec still names it, so that setting it changes nothing: a person
 * who sets it wants another attempt.
 */
async function tryAgain(session: Session, node: SeiNode): Promise<string | undefined> {
  if (wantedImage(node) === node.spec.image) return undefined;
  const reason = `set-image ${node.spec.image}`;
  const { message } = await askRun(session, node, 'retry', { reason, timeout: ANSWER_SECONDS });
  return message;
}

/** A field manager of its own, so that managedFields show who set the image. */
const QUERY = new URLSearchParams({ fieldManager: 'seinode-cli' }).toString();

async function patchImage(
  kubernetes: KubernetesConnection,
  { metadata }: SeiNode,
  image: string,
): Promise<SeiNode> {
  const path = `${objectPath(SEI_NODES, metadata)}?${QUERY}`;
  const contentType = 'application/merge-patch+json';
  // The UID keeps the patch from a later node of the same name.
  const body = { metadata: { uid: metadata.uid }, spec: { image } };
  return seiNodeOf(await kubernetes.send({ method: 'PATCH', path, contentType, body }));
}
