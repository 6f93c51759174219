import type { SeiNode } from '../../domain/node/sei-node.ts';
import { NODE_RUNS } from '../../temporal/runs/node-runs.ts';
import type { RunClient } from '../../temporal/runs/run-client.ts';
import { createRunClient } from '../../temporal/runs/run-client.ts';
import { createSearchAttributes } from '../../temporal/runs/search-attributes.ts';
import type { OpenTemporal } from './open-temporal.ts';

const nowhere = () => undefined;
/** The watcher logs what the namespace lacks; a run is no worse for it. */
const SILENT = { debug: nowhere, info: nowhere, warn: nowhere, error: nowhere };

/** Makes the client of the runs of a cluster's nodes that the watcher has, too. */
export async function nodeRunClient(
  link: Pick<OpenTemporal, 'client' | 'connection' | 'namespace'>,
  of: { readonly cluster: string; readonly taskQueue: string },
): Promise<RunClient<SeiNode>> {
  const searchAttributes = createSearchAttributes(link, link.namespace, SILENT);
  await searchAttributes.register();
  return createRunClient(NODE_RUNS, { link, ...of, searchAttributes });
}
