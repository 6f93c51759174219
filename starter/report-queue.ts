/** At most this many calls to Temporal at once: enough for a fleet, few enough for one connection. */
const CONCURRENCY = 50;
const FIRST_BACK_OFF_MS = 1_000;
const LONGEST_BACK_OFF_MS = 30_000;

export interface ReportQueue {
  /** Has the key's report made soon; keys that wait already are not queued twice. */
  add(key: string): void;
  stop(): void;
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
      if (addedMeanwhile.delete(key)) waiting.add(key);
      if (!stopped) drain();
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
    stop() {
      stopped = true;
      for (const timer of timers) clearTimeout(timer);
      waiting.clear();
    },
  };
}
