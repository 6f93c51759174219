/** At most this many calls to Temporal at once: enough for a fleet, few enough for one connection. */
const CONCURRENCY = 50;
const FIRST_BACK_OFF_MS = 1_000;
const LONGEST_BACK_OFF_MS = 30_000;

export interface ReportQueue {
  /** Has the key's report made soon; keys that wait already are not queued twice. */
  add(key: string): void;
  /** How many keys have a report under way, or wait for their turn or their back-off. */
  length(): number;
  /** Takes no more; resolves when the reports under way have ended. */
  stop(): Promise<void>;
}

/**
 * Makes one report per key at a time. A key that is added while its report is under way is reported
 * again after it, and one whose report failed again after a back-off, so nothing is lost.
 */
export function createReportQueue(
  report: (key: string) => Promise<void>,
  onError: (key: string, err: unknown) => void,
): ReportQueue {
  const waiting = new Set<string>();
  const active = new Set<string>();
  const addedMeanwhile = new Set<string>();
  const failures = new Map<string, number>();
  const timers = new Set<NodeJS.Timeout>();
  let onIdle: () => void = () => undefined;
  let stopped = false;

  function add(key: string): void {
    if (stopped) return;
    if (active.has(key)) addedMeanwhile.add(key);
    else waiting.add(key);
    drain();
  }

  function drain(): void {
    for (const key of waiting) {
      if (active.size >= CONCURRENCY) return;
      waiting.delete(key);
      active.add(key);
      void run(key);
    }
  }

  async function run(key: string): Promise<void> {
    try {
      await report(key);
      failures.delete(key);
    } catch (err) {
      onError(key, err);
      addLater(key);
    } finally {
      active.delete(key);
      if (addedMeanwhile.delete(key) && !stopped) waiting.add(key);
      if (!stopped) drain();
      else if (active.size === 0) onIdle();
    }
  }

  function addLater(key: string): void {
    if (stopped) return;
    const failed = failures.get(key) ?? 0;
    failures.set(key, failed + 1);
    const delay = Math.min(FIRST_BACK_OFF_MS * 2 ** failed, LONGEST_BACK_OFF_MS);
    const timer = setTimeout(() => {
      timers.delete(timer);
      add(key);
    }, delay);
    timers.add(timer);
  }

  return {
    add,
    length: () => waiting.size + active.size + timers.size,
    stop() {
      stopped = true;
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      waiting.clear();
      if (active.size === 0) return Promise.resolve();
      return new Promise((resolve) => {
        onIdle = resolve;
      });
    },
  };
}
