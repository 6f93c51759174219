import type { Logger } from '../../domain/logger.ts';

const nowhere = (): void => undefined;

/** For a watch that somebody looks at: of what it logs, only that it is interrupted is told. */
export function interruptionLogger(onInterruption: (message: string) => void): Logger {
  return {
    debug: nowhere,
    info: nowhere,
    warn: (_message, fields) => onInterruption(String(fields?.['error'])),
    error: nowhere,
  };
}
