import { setTimeout as sleep } from 'node:timers/promises';

import { backOffMs } from './back-off.ts';
import type { KubernetesConnection } from './client.ts';
import { classifyApiError, isNotFound } from './errors.ts';
import type { Logger } from './logger.ts';
import { parseJson } from './raw-object.ts';

export interface RereadOptions {
  readonly connection: Pick<KubernetesConnection, 'openStream'>;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** Reads an object, and hands it over unless it is gone. */
export type Reread = (path: string, take: (object: unknown) => void) => void;

/** The bound of every other call. */
const SILENCE_MS = 15_000;

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
        take(await readObject(connection, path, signal));
        failures = 0;
      } catch (error) {
        if (signal.aborted) return;
        if (isNotFound(error)) continue;
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

  return (path, take) => {
    waiting.set(path, take);
    if (isReading) return;
    isReading = true;
    void readAll();
  };
}

async function readObject(
  connection: RereadOptions['connection'],
  path: string,
  signal: AbortSignal,
): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  const answer = await connection.openStream(path, { signal, silenceMs: SILENCE_MS });
  for await (const chunk of answer) chunks.push(chunk);
  return parseJson(Buffer.concat(chunks).toString('utf8'));
}
