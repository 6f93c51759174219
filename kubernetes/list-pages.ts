import type { KubernetesConnection } from './client.ts';
import { isRawObject } from './raw-object.ts';

export interface ListPage {
  readonly items: readonly unknown[];
  /** Where a watch continues from; the same in every page of one listing. */
  readonly resourceVersion: string;
}

/**
 * What kubectl uses. One page of 500 StatefulSets is about 5 MB of JSON, which is what bounds the
 * memory that a listing needs.
 */
const PAGE_SIZE = 500;

/**
 * Lists in pages that together are one consistent state of the cluster.
 *
 * @throws gone (410) when the server forgot that state in the middle; a new listing has to begin.
 */
export async function* listPages(
  connection: Pick<KubernetesConnection, 'getJson'>,
  path: string,
  labelSelector: string | undefined,
  signal: AbortSignal,
): AsyncGenerator<ListPage> {
  const query = new URLSearchParams({ limit: String(PAGE_SIZE) });
  if (labelSelector !== undefined) query.set('labelSelector', labelSelector);
  for (;;) {
    const { page, next } = readPage(
      await connection.getJson(`${path}?${query.toString()}`, signal),
      path,
    );
    yield page;
    if (next === undefined) return;
    query.set('continue', next);
  }
}

function readPage(json: unknown, path: string): { page: ListPage; next: string | undefined } {
  const metadata = isRawObject(json) ? json['metadata'] : undefined;
  const resourceVersion = isRawObject(metadata) ? metadata['resourceVersion'] : undefined;
  if (!isRawObject(json) || !isRawObject(metadata) || typeof resourceVersion !== 'string') {
    throw new Error(`${path} did not answer with a list`);
  }
  // An empty list comes as null from some servers.
  const items: unknown[] = Array.isArray(json['items']) ? json['items'] : [];
  const token = metadata['continue'];
  return {
    page: { items, resourceVersion },
    next: typeof token === 'string' && token !== '' ? token : undefined,
  };
}
