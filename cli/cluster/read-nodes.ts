import type { ObjectKey } from '../../domain/node/node-ref.ts';
import { keyOf } from '../../domain/node/node-ref.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import type { KubernetesConnection } from '../../kubernetes/api/client.ts';
import { isNotFound } from '../../kubernetes/api/errors.ts';
import { listObjects } from '../../kubernetes/api/list-objects.ts';
import { listPath, objectPath, SEI_NODES } from '../../kubernetes/api/resource.ts';
import { seiNodeOf } from '../../kubernetes/views/sei-node-of.ts';
import { nearNames } from '../node/near-names.ts';
import { CliError } from '../shell/cli-error.ts';
import { ExitCode } from '../shell/exit-code.ts';

/** The same bound as that of every other call, for each page. */
const LIST_SILENCE_MS = 15_000;

/** @param namespace undefined for all of them */
export async function listNodes(
  kubernetes: KubernetesConnection,
  namespace: string | undefined,
  signal: AbortSignal,
): Promise<readonly SeiNode[]> {
  const nodes: SeiNode[] = [];
  const options = { signal, silenceMs: LIST_SILENCE_MS };
  const path = listPath(SEI_NODES, namespace);
  for await (const event of listObjects(kubernetes, path, undefined, options)) {
    if (event.kind === 'object') nodes.push(seiNodeOf(event.object));
  }
  return nodes;
}

/** @throws {CliError} that suggests existing nodes when this one does not exist */
export async function readNode(
  kubernetes: KubernetesConnection,
  key: ObjectKey,
  signal: AbortSignal,
): Promise<SeiNode> {
  // An empty name would request the list of all nodes.
  if (key.name === '') throw new CliError(ExitCode.usage, 'the name of the SeiNode is empty');
  try {
    return seiNodeOf(await kubernetes.getJson(objectPath(SEI_NODES, key), signal));
  } catch (err) {
    if (!isNotFound(err)) throw err;
    const near = await suggestion(kubernetes, key, signal);
    throw new CliError(ExitCode.failed, `SeiNode ${keyOf(key)} does not exist; ${near}`, {
      cause: err,
    });
  }
}

async function suggestion(
  kubernetes: KubernetesConnection,
  { namespace, name }: ObjectKey,
  signal: AbortSignal,
): Promise<string> {
  const everywhere = await readableNodes(kubernetes, namespace, signal);
  const elsewhere = everywhere.find((node) => node.metadata.name === name);
  if (elsewhere !== undefined) {
    return `another namespace has one of that name: use -n ${elsewhere.metadata.namespace}`;
  }
  const here = everywhere.filter((node) => node.metadata.namespace === namespace);
  const near = nearNames(
    name,
    here.map((node) => node.metadata.name),
  );
  if (near.length > 0) return `did you mean ${near.join(' or ')}?`;
  return here.length === 0
    ? `namespace ${namespace} has no SeiNodes: choose another with -n, or list all with -A`
    : `list shows the ${here.length} of namespace ${namespace}`;
}

/** Lists what this account may read: a person who may read one node may not be allowed to list all of them. */
async function readableNodes(
  kubernetes: KubernetesConnection,
  namespace: string,
  signal: AbortSignal,
): Promise<readonly SeiNode[]> {
  for (const scope of [undefined, namespace]) {
    try {
      return await listNodes(kubernetes, scope, signal);
    } catch {
      // The narrower scope may be allowed; without either there is nothing to suggest.
    }
  }
  return [];
}
