import { pino } from 'pino';

import type { Logger } from '../domain/logger.ts';
import { visible } from '../domain/text/visible.ts';
import type { OperatorSettings } from '../settings/settings.ts';

/** Writes structured log lines to standard error: one constant message, and everything variable as a field. */
export function createLogger(level: OperatorSettings['logLevel'], component: string): Logger {
  const log = pino(
    {
      level,
      base: { component },
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      // Lines end up on terminals, and pino escapes only the characters that JSON forbids.
      hooks: { streamWrite: visible },
    },
    // Synchronous, so that the line that explains an exit is not lost with the process.
    pino.destination({ dest: 2, sync: true }),
  );
  return {
    debug: (message, fields) => log.debug(fields ?? {}, message),
    info: (message, fields) => log.info(fields ?? {}, message),
    warn: (message, fields) => log.warn(fields ?? {}, message),
    error: (message, fields) => log.error(fields ?? {}, message),
  };
}
