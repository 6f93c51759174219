import { FairLines } from '../domain/fair-lines.ts';
import { parseKey } from '../domain/node/node-ref.ts';
import type { Cause } from '../temporal/runs/run-client.ts';

/** The most calls to Temporal at once: enough for a fleet, few enough for one connection. */
const CONCURRENCY = 50;
const FIRST_BACK_OFF_MS = 1_000;
const LONGEST_BACK_OFF_MS = 30_000;

export interface ReportQueue {
  /**
   * Has the key's report made soon; queues no key twice. For a change, a key that backs off after a failure is tried at
   * once; a resync leaves it to its back-off.
   */
  add(key: string, cause: Cause): void;
  /** Returns the number of keys that have a report under way, or wait for their turn or their back-off. */
  length(): number;
  /** Takes no more; resolves when the reports under way have ended. */
  stop(): Promise<void>;
}

/**
 * Makes one report per key at a time, and lets the namespaces take turns. Changes go before resyncs, which have time. A key that is added while its report is under
 * way is reported again after it, and a key whose report failed is reported again after a back-off, so nothing is lost.
 *
 * A key is in one of three places: it waits for its turn, its report is under way, or it backs off. With a second timer
 * per key, an outage of an hour would make thousands of calls a second.
 */
export function createReportQueue(
  report: (key: string) => Promise<void>,
  onError: (key: string, err: unknown) => void,
): ReportQueue {
  const waiting = { change: new FairLines<undefined>(), resync: new FairLines<undefined>() };
  const active = new Set<string>();
  const backingOff = new Map<string, NodeJS.Timeout>();
  const addedMeanwhile = new Map<string, Cause>();
  const failures = new Map<string, number>();
  let onIdle: () => void = () => undefined;
  let stopped = false;

  function add(key: string, cause: Cause): void {
    if (stopped) return;
    if (active.has(key)) {
      if (addedMeanwhile.get(key) !== 'change') addedMeanwhile.set(key, cause);
      return;
    }
    if (backingOff.has(key) && cause === 'resync') return;
    queue(key, cause);
    drain();
  }

  function queue(key: string, cause: Cause): void {
    clearTimeout(backingOff.get(key));
    backingOff.delete(key);
    const { namespace } = parseKey(key);
    if (cause === 'change') waiting.resync.remove(namespace, key);
    else if (waiting.change.has(namespace, key)) return;
    waiting[cause].add(namespace, key, undefined);
  }

  function drain(): void {
    while (active.size < CONCURRENCY) {
      const next = waiting.change.next() ?? waiting.resync.next();
      if (next === undefined) return;
      const [key] = next;
      active.add(key);
      void run(key);
    }
  }

  async function run(key: string): Promise<void> {
    let failed = false;
    try {
      await report(key);
      failures.delete(key);
    } catch (err) {
      failed = true;
      onError(key, err);
    } finally {
      active.delete(key);
      const added = addedMeanwhile.get(key);
      addedMeanwhile.delete(key);
      if (!stopped) {
        if (failed) backOff(key);
        if (added !== undefined) add(key, added);
        drain();
      } else if (active.size === 0) onIdle();
    }
  }

  function backOff(key: string): void {
    const failed = failures.get(key) ?? 0;
    failures.set(key, failed + 1);
    const delay = Math.min(FIRST_BACK_OFF_MS * 2 ** failed, LONGEST_BACK_OFF_MS);
    const timer = setTimeout(() => {
      queue(key, 'change');
      drain();
    }, delay);
    backingOff.set(key, timer);
  }

  return {
    add,
    length: () => waiting.change.size + waiting.resync.size + active.size + backingOff.size,
    stop() {
      stopped = true;
      for (const timer of backingOff.values()) clearTimeout(timer);
      backingOff.clear();
      waiting.change.clear();
      waiting.resync.clear();
      if (active.size === 0) return Promise.resolve();
      return new Promise((resolve) => {
        onIdle = resolve;
      });
    },
  };
}
