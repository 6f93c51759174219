import type { ObjectVersion } from '../../domain/node/node-ref.ts';
import { identityOf, isRawObject } from '../../domain/node/raw-object.ts';
import { ApiError } from '../api/api-error.ts';
import type { KubernetesConnection } from '../api/client.ts';
import { jsonLines } from './json-lines.ts';

export type WatchEvent =
  | { readonly kind: 'changed'; readonly version: ObjectVersion; readonly object: unknown }
  | { readonly kind: 'deleted'; readonly version: ObjectVersion }
  /** The watch has delivered everything up to this version. */
  | { readonly kind: 'bookmark'; readonly version: { readonly resourceVersion: string } };

export interface WatchRequest {
  readonly path: string;
  readonly labelSelector: string | undefined;
  readonly resourceVersion: string;
  /** The time after which the server ends the watch. */
  readonly timeoutSeconds: number;
  /** The silence that ends the watch with an error. */
  readonly silenceMs: number;
  /** The media type of the objects. Default: JSON of whole objects. */
  readonly accept?: string | undefined;
  readonly signal: AbortSignal;
}

/**
 * Opens a watch of everything that happens after `resourceVersion`, until the server ends the stream.
 *
 * @throws ApiError for a refusal, both as the answer and as an event in the stream
 */
export async function openWatch(
  connection: Pick<KubernetesConnection, 'openStream'>,
  request: WatchRequest,
): Promise<AsyncIterable<WatchEvent>> {
  const query = new URLSearchParams({
    watch: 'true',
    allowWatchBookmarks: 'true',
    resourceVersion: request.resourceVersion,
    timeoutSeconds: String(request.timeoutSeconds),
  });
  if (request.labelSelector !== undefined) query.set('labelSelector', request.labelSelector);
  return readEvents(await connection.openStream(`${request.path}?${query.toString()}`, request));
}

async function* readEvents(stream: AsyncIterable<Uint8Array>): AsyncGenerator<WatchEvent> {
  for await (const line of jsonLines(stream)) yield readEvent(line);
}

function readEvent(line: unknown): WatchEvent {
  const { type, object } = isRawObject(line) ? line : {};
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
      return { kind: 'changed', version: versionOf(object), object };
    case 'DELETED':
      return { kind: 'deleted', version: versionOf(object) };
    case 'BOOKMARK':
      return { kind: 'bookmark', version: { resourceVersion: bookmarkOf(object) } };
    case 'ERROR':
      throw errorEvent(object);
    default:
      throw new Error(`a watch event of the unknown type ${JSON.stringify(type)}`);
  }
}

function versionOf(object: unknown): ObjectVersion {
  const version = identityOf(object);
  if (version === undefined) throw new Error('a watch event of something that is no object');
  return version;
}

/** A bookmark is an object with nothing but a resourceVersion. */
function bookmarkOf(object: unknown): string {
  const metadata = isRawObject(object) ? object['metadata'] : undefined;
  const resourceVersion = isRawObject(metadata) ? metadata['resourceVersion'] : undefined;
  if (typeof resourceVersion === 'string') return resourceVersion;
  throw new Error('a bookmark without a resourceVersion');
}

function errorEvent(status: unknown): ApiError {
  const code = isRawObject(status) && typeof status['code'] === 'number' ? status['code'] : 500;
  return new ApiError(code, JSON.stringify(status));
}
