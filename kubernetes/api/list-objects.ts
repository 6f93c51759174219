import { isRawObject } from '../../domain/node/raw-object.ts';
import type { KubernetesConnection, StreamOptions } from './client.ts';
import { jsonList } from './json-list.ts';

export type ListEvent =
  | { readonly kind: 'object'; readonly object: unknown }
  /** A page is complete. A watch continues from the version of the last page. */
  | { readonly kind: 'page'; readonly resourceVersion: string };

/** The page size of kubectl. */
const PAGE_SIZE = 500;

/**
 * Lists object by object, in pages that together are one consistent state of the cluster.
 *
 * @throws gone (410) when the server has forgotten that state in the middle; then a new listing has to begin
 */
export async function* listObjects(
  connection: Pick<KubernetesConnection, 'openStream'>,
  path: string,
  labelSelector: string | undefined,
  options: StreamOptions,
): AsyncGenerator<ListEvent> {
  const query = new URLSearchParams({ limit: String(PAGE_SIZE) });
  if (labelSelector !== undefined) query.set('labelSelector', labelSelector);
  for (;;) {
    const page = await connection.openStream(`${path}?${query.toString()}`, options);
    let end: PageEnd | undefined;
    for await (const part of jsonList(page)) {
      if (part.kind === 'item') yield { kind: 'object', object: part.object };
      else end = readEnvelope(part.object);
    }
    if (end === undefined) throw new Error(`${path} did not answer with a list`);
    yield { kind: 'page', resourceVersion: end.resourceVersion };
    if (end.next === undefined) return;
    query.set('continue', end.next);
  }
}

interface PageEnd {
  readonly resourceVersion: string;
  readonly next: string | undefined;
}

function readEnvelope(list: unknown): PageEnd | undefined {
  const metadata = isRawObject(list) ? list['metadata'] : undefined;
  if (!isRawObject(metadata)) return undefined;
  const { resourceVersion, continue: next } = metadata;
  if (typeof resourceVersion !== 'string') return undefined;
  return { resourceVersion, next: typeof next === 'string' && next !== '' ? next : undefined };
}
