/** Keeps a fault that recurs from filling the log. */
export interface FaultReport {
  /** Reports the fault, unless the one before had the same message. */
  failed(err: unknown): void;
  /** Has the next fault reported, whatever its message. */
  succeeded(): void;
}

export function createFaultReport(report: (err: unknown) => void): FaultReport {
  let reported: string | undefined;
  return {
    failed: (err) => {
      const { message } = err as Error;
      if (message !== reported) report(err);
      reported = message;
    },
    succeeded: () => {
      reported = undefined;
    },
  };
}
