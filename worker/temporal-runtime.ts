import type { LogLevel } from '@temporalio/worker';
import { DefaultLogger, Runtime } from '@temporalio/worker';

import type { Logger } from '../kubernetes/logger.ts';
import type { OperatorSettings } from '../runtime/settings.ts';

/** Temporal's own log lines, those of workflows among them, go where ours go. */
export function installTemporalRuntime(level: OperatorSettings['logLevel'], logger: Logger): void {
  const temporalLevel = level.toUpperCase() as LogLevel;
  Runtime.install({
    logger: new DefaultLogger(temporalLevel, (entry) => {
      const fields = { ...entry.meta };
      switch (entry.level) {
        case 'ERROR':
          return logger.error(entry.message, fields);
        case 'WARN':
          return logger.warn(entry.message, fields);
        case 'INFO':
          return logger.info(entry.message, fields);
        case 'DEBUG':
        case 'TRACE':
          return logger.debug(entry.message, fields);
      }
    }),
  });
}
