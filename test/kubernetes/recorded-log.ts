import type { Logger, LogFields } from '../../domain/logger.ts';

export interface RecordedLog extends Logger {
  readonly entries: readonly { readonly message: string; readonly fields: LogFields | undefined }[];
}

/** A logger that keeps its lines. */
export function recordedLog(): RecordedLog {
  const entries: { message: string; fields: LogFields | undefined }[] = [];
  const keep = (message: string, fields?: LogFields): void => {
    entries.push({ message, fields });
  };
  return { entries, debug: keep, info: keep, warn: keep, error: keep };
}
