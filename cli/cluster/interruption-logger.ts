import type { Logger } from '../../domain/logger.ts';

const nowhere = (): void => undefined;

/** Makes the logger of a watch that a person looks at: it passes on interruptions, and nothing else. */
export function interruptionLogger(onInterruption: (message: string) => void): Logger {
  return {
    debug: nowhere,
    info: nowhere,
    warn: (_message, fields) => onInterruption(String(fields?.['error'])),
    error: nowhere,
  };
}
