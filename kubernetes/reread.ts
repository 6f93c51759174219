import { setTimeout as sleep } from 'node:timers/promises';

import type { ObjectKey } from '../domain/node-ref.ts';
import { backOffMs } from './back-off.ts';
import type { KubernetesConnection } from './client.ts';
import { classifyApiError } from './errors.ts';
import type { Logger } from './logger.ts';
import { isRawObject } from './raw-object.ts';
import type { Resource } from './resource.ts';
import { listPath } from './resource.ts';

export interface RereadOptions {
  readonly connection: Pick<KubernetesConnection, 'getJson'>;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Reads an object, and hands it over unless it is gone. */
export type Reread = (resource: Resource, key: ObjectKey, take: (object: unknown) => void) => void;

/** As that of a watch: who waits for this waits for the API server anyway. */
const BACK_OFF = { firstMs: 250, maxMs: 10_000 };

/** Reads objects one after the other, each until the API server has answered for it. */
export function startReread({ connection, logger, signal }: RereadOptions): Reread {
  const waiting = new Map<string, (object: unknown) => void>();
  let isReading = false;

  const readAll = async (): Promise<void> => {
    let failures = 0;
    // What is added meanwhile comes up too.
    for (const [path, take] of waiting) {
      if (signal.aborted) return;
      waiting.delete(path);
      try {
        const list = await connection.getJson(path, signal);
        const items = isRawObject(list) ? list['items'] : undefined;
        if (!Array.isArray(items)) throw new Error(`${path} did not answer with a list`);
        for (const item of items) take(item);
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        failures += 1;
        // Behind the others, which may well be read.
        if (!waiting.has(path)) waiting.set(path, take);
        const waitMs = Math.round(backOffMs(failures, BACK_OFF, undefined));
        const { message } = classifyApiError(error);
        logger.warn('An object could not be read again', { path, error: message, waitMs });
        await sleep(waitMs, undefined, { signal }).catch(() => undefined);
      }
    }
    isReading = false;
  };

  return (resource, { namespace, name }, take) => {
    // A list, as whoever may watch objects may list them, and perhaps not read one.
    const query = new URLSearchParams({ fieldSelector: `metadata.name=${name}` });
    const path = `${listPath(resource, namespace)}?${query.toString()}`;
    waiting.set(path, take);
    if (isReading) return;
    isReading = true;
    void readAll();
  };
}
