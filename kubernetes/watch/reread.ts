import { FairLines } from '../../domain/fair-lines.ts';
import type { Logger } from '../../domain/logger.ts';
import type { ObjectKey } from '../../domain/node/node-ref.ts';
import { isRawObject } from '../../domain/node/raw-object.ts';
import type { KubernetesConnection } from '../api/client.ts';
import { classifyApiError } from '../api/errors.ts';
import type { Resource } from '../api/resource.ts';
import { listPath } from '../api/resource.ts';
import { backOffMs } from './back-off.ts';

export interface RereadOptions {
  readonly connection: Pick<KubernetesConnection, 'getJson'>;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Reads an object, and passes it to `take` unless it is gone. */
export type Reread = (resource: Resource, key: ObjectKey, take: (object: unknown) => void) => void;

/** At most the delay after which the watcher itself looks again at a node that it could not report. */
const BACK_OFF = { firstMs: 250, maxMs: 30_000 };

interface Reading {
  readonly namespace: string;
  readonly take: (object: unknown) => void;
}

/**
 * Reads objects one after the other, in turns of the namespaces, each until the API server has answered: neither
 * thousands of objects in one namespace nor an unreadable one delay another namespace.
 */
export function startReread({ connection, logger, signal }: RereadOptions): Reread {
  /** Keyed by the path to read. */
  const waiting = new FairLines<Reading>();
  const failures = new Map<string, number>();
  /** The readings that failed and may not be repeated yet. */
  const putOff = new Map<string, NodeJS.Timeout>();
  let isReading = false;

  signal.addEventListener('abort', () => {
    for (const timer of putOff.values()) clearTimeout(timer);
  });

  const fail = (path: string, reading: Reading, error: unknown): void => {
    const { message } = classifyApiError(error);
    const count = (failures.get(path) ?? 0) + 1;
    failures.set(path, count);
    const waitMs = Math.round(backOffMs(count, BACK_OFF, undefined));
    logger.warn('An object could not be read again', { path, error: message, waitMs });
    const { namespace } = reading;
    if (!waiting.has(namespace, path)) waiting.add(namespace, path, reading);
    const mayGo = (): void => {
      putOff.delete(path);
      void readAll();
    };
    putOff.set(path, setTimeout(mayGo, waitMs));
  };

  const read = async (path: string, reading: Reading): Promise<void> => {
    try {
      const list = await connection.getJson(path, signal);
      const items = isRawObject(list) ? list['items'] : undefined;
      if (!Array.isArray(items)) throw new Error(`${path} did not answer with a list`);
      for (const item of items) reading.take(item);
      failures.delete(path);
    } catch (err) {
      if (!signal.aborted) fail(path, reading, err);
    }
  };

  const readAll = async (): Promise<void> => {
    if (isReading) return;
    isReading = true;
    while (!signal.aborted) {
      // Also takes what is added meanwhile.
      const next = waiting.next((path) => !putOff.has(path));
      if (next === undefined) break;
      await read(...next);
    }
    isReading = false;
  };

  return (resource, { namespace, name }, take) => {
    // Lists instead of getting: whoever may watch objects may list them, but perhaps not get one.
    const query = new URLSearchParams({ fieldSelector: `metadata.name=${name}` });
    const path = `${listPath(resource, namespace)}?${query.toString()}`;
    waiting.add(namespace, path, { namespace, take });
    void readAll();
  };
}
