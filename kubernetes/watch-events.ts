import { ApiException } from '@kubernetes/client-node';

import type { KubernetesConnection } from './client.ts';
import { jsonLines } from './json-lines.ts';
import { identityOf, isRawObject } from './raw-object.ts';

export type WatchEvent =
  | { readonly kind: 'changed'; readonly resourceVersion: string; readonly object: unknown }
  | { readonly kind: 'deleted'; readonly resourceVersion: string; readonly object: unknown }
  /** Nothing happened up to here. */
  | { readonly kind: 'bookmark'; readonly resourceVersion: string };

export interface WatchRequest {
  readonly path: string;
  readonly labelSelector: string | undefined;
  readonly resourceVersion: string;
  /** The server ends the watch after so long. */
  readonly timeoutSeconds: number;
  /** No bytes for so long end the watch with an error. */
  readonly silenceMs: number;
  readonly signal: AbortSignal;
}

/**
 * Opens a watch: what happens after `resourceVersion`, until the server ends the stream.
 *
 * @throws ApiException for a refusal, whether it comes as the answer or as an event in the stream.
 */
export async function openWatch(
  connection: Pick<KubernetesConnection, 'openWatch'>,
  request: WatchRequest,
): Promise<AsyncIterable<WatchEvent>> {
  const query = new URLSearchParams({
    watch: 'true',
    allowWatchBookmarks: 'true',
    resourceVersion: request.resourceVersion,
    timeoutSeconds: String(request.timeoutSeconds),
  });
  if (request.labelSelector !== undefined) query.set('labelSelector', request.labelSelector);
  return readEvents(await connection.openWatch(`${request.path}?${query.toString()}`, request));
}

async function* readEvents(stream: AsyncIterable<Uint8Array>): AsyncGenerator<WatchEvent> {
  for await (const line of jsonLines(stream)) yield readEvent(line);
}

function readEvent(line: unknown): WatchEvent {
  const { type, object } = isRawObject(line) ? line : {};
  if (type === 'ERROR') throw errorEvent(object);
  const resourceVersion =
    type === 'BOOKMARK' ? bookmarkOf(object) : identityOf(object)?.resourceVersion;
  if (resourceVersion === undefined) {
    throw new Error(`a watch event of type ${JSON.stringify(type)} without a resourceVersion`);
  }
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
      return { kind: 'changed', resourceVersion, object };
    case 'DELETED':
      return { kind: 'deleted', resourceVersion, object };
    case 'BOOKMARK':
      return { kind: 'bookmark', resourceVersion };
    default:
      throw new Error(`a watch event of the unknown type ${JSON.stringify(type)}`);
  }
}

/** A bookmark is an object with nothing but a resourceVersion. */
function bookmarkOf(object: unknown): string | undefined {
  const metadata = isRawObject(object) ? object['metadata'] : undefined;
  const resourceVersion = isRawObject(metadata) ? metadata['resourceVersion'] : undefined;
  return typeof resourceVersion === 'string' ? resourceVersion : undefined;
}

function errorEvent(status: unknown): ApiException<string> {
  const code = isRawObject(status) && typeof status['code'] === 'number' ? status['code'] : 500;
  return new ApiException(code, 'the watch was ended by an error', JSON.stringify(status), {});
}
