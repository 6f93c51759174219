import type { RunClient } from '../../temporal/runs/run-client.ts';
import { createRunClient } from '../../temporal/runs/run-client.ts';
import type { RunKind, RunObject } from '../../temporal/runs/run-kind.ts';
import { createSearchAttributes } from '../../temporal/runs/search-attributes.ts';
import type { OpenTemporal } from './open-temporal.ts';

const nowhere = () => undefined;
/** The watcher logs what the namespace lacks; a run is no worse for it. */
const SILENT = { debug: nowhere, info: nowhere, warn: nowhere, error: nowhere };

/** Makes the client of a kind's runs in a cluster that the watcher has, too. */
export async function runsOf<O extends RunObject>(
  kind: RunKind<O>,
  link: Pick<OpenTemporal, 'client' | 'connection' | 'namespace'>,
  where: { readonly cluster: string; readonly taskQueue: string },
): Promise<RunClient<O>> {
  const searchAttributes = createSearchAttributes(link, link.namespace, SILENT);
  await searchAttributes.register();
  return createRunClient(kind, { link, ...where, searchAttributes });
}
