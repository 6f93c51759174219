import { setTimeout as sleep } from 'node:timers/promises';

import type { Logger } from '../../domain/logger.ts';
import type { KubernetesConnection } from '../api/client.ts';
import type { ApiFailure } from '../api/errors.ts';
import { classifyApiError, TransportError } from '../api/errors.ts';
import { listObjects } from '../api/list-objects.ts';
import type { ObjectParts } from '../api/metadata-only.ts';
import { METADATA_ONLY, METADATA_ONLY_LIST } from '../api/metadata-only.ts';
import type { BackOffBounds } from './back-off.ts';
import { backOffMs } from './back-off.ts';
import type { Listing } from './mirror.ts';
import type { WatchEvent } from './watch-events.ts';
import { openWatch } from './watch-events.ts';

export interface ListWatchOptions {
  readonly connection: Pick<KubernetesConnection, 'openStream'>;
  /** The list path of a resource, such as `/apis/apps/v1/statefulsets`. */
  readonly path: string;
  readonly labelSelector: string | undefined;
  readonly parts: ObjectParts;
  readonly sink: ListWatchSink;
  readonly timing: ListWatchTiming;
  /** Called when a list or watch ends, except for the final abort. Must not throw. */
  readonly onEnd?: ((why: WatchEnd) => void) | undefined;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** `ended`: the watch ended at the requested time. */
export type WatchEnd = ApiFailure['kind'] | 'ended';

/** Receives listings and events. None of its functions may throw. */
interface ListWatchSink {
  beginListing(): Listing;
  accept(event: WatchEvent): void;
  /** Called whenever the server was heard. */
  contact(): void;
}

export interface ListWatchTiming {
  readonly backOff: BackOffBounds;
  /** A listing without a byte for this long starts over. */
  readonly listSilenceMs: number;
  /** A watch without a byte for this long is replaced. */
  readonly watchSilenceMs: number;
  /** The server is asked to end a watch after a random time between these. */
  readonly watchSeconds: { readonly min: number; readonly max: number };
  /** After this time a watch is followed by a new listing, not by another watch. */
  readonly relistAfterMs: number;
}

/** The version up to which the list is known, and the start of following it without a break. */
interface Position {
  readonly resourceVersion: string;
  readonly listedAt: number;
}

/**
 * Repeating a watch from the same version does not mend one that fails this often without an event. Failed connections
 * do not count: a server that was away for a while still knows the version.
 */
const WATCH_FAILURES_BEFORE_RELIST = 5;

/** A shorter watch counts as a failure, because a server that ends every watch at once would be hammered. */
const SHORTEST_WATCH_MS = 1_000;

/**
 * Lists and watches until the signal aborts. Nothing else ends it: every failure is logged and followed by another
 * attempt, from the last seen version where the server still knows it.
 */
export async function listWatch(options: ListWatchOptions): Promise<void> {
  const { path, timing, onEnd, logger, signal } = options;
  let position: Position | undefined;
  let failures = 0;
  let watchFailures = 0;

  const advance = (resourceVersion: string, listedAt: number): void => {
    position = { resourceVersion, listedAt };
    failures = 0;
    watchFailures = 0;
  };

  while (!signal.aborted) {
    try {
      // A listing alone does not reset the failures: list, refused watch, list would spin otherwise.
      position ??= await list(options);
      await watch(options, position, advance);
      if (!signal.aborted) onEnd?.('ended');
      if (Date.now() - position.listedAt > timing.relistAfterMs) position = undefined;
    } catch (err) {
      if (signal.aborted) return;
      const failure = classifyApiError(err);
      onEnd?.(failure.kind);
      failures += 1;
      if (!(err instanceof TransportError)) watchFailures += 1;
      if (failure.kind === 'gone' || watchFailures >= WATCH_FAILURES_BEFORE_RELIST) {
        position = undefined;
        watchFailures = 0;
      }
      const retryAfter = 'retryAfterSeconds' in failure ? failure.retryAfterSeconds : undefined;
      const waitMs = Math.round(backOffMs(failures, timing.backOff, retryAfter));
      const next = position === undefined ? 'list' : 'watch';
      logger.warn('Watch interrupted', { path, error: failure.message, failures, waitMs, next });
      await sleep(waitMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

async function list(options: ListWatchOptions): Promise<Position> {
  const { connection, path, labelSelector, parts, sink, timing, signal } = options;
  const listing = sink.beginListing();
  const listedAt = Date.now();
  const accept = parts === 'metadata' ? METADATA_ONLY_LIST : undefined;
  const stream = { signal, silenceMs: timing.listSilenceMs, accept };
  let resourceVersion = '';
  for await (const event of listObjects(connection, path, labelSelector, stream)) {
    sink.contact();
    if (event.kind === 'object') {
      listing.add(event.object);
    } else {
      resourceVersion = event.resourceVersion;
    }
  }
  listing.complete();
  return { resourceVersion, listedAt };
}

async function watch(
  options: ListWatchOptions,
  from: Position,
  advance: (resourceVersion: string, listedAt: number) => void,
): Promise<void> {
  const { connection, path, labelSelector, parts, sink, timing, signal } = options;
  const { min, max } = timing.watchSeconds;
  const startedAt = Date.now();
  const events = await openWatch(connection, {
    path,
    labelSelector,
    resourceVersion: from.resourceVersion,
    timeoutSeconds: Math.round(min + Math.random() * (max - min)),
    silenceMs: timing.watchSilenceMs,
    accept: parts === 'metadata' ? METADATA_ONLY : undefined,
    signal,
  });
  sink.contact();
  for await (const event of events) {
    sink.contact();
    sink.accept(event);
    advance(event.version.resourceVersion, from.listedAt);
  }
  if (Date.now() - startedAt < SHORTEST_WATCH_MS) {
    throw new Error('the server ended the watch as soon as it had begun');
  }
}
