import type { LogLevel } from '@temporalio/worker';
import { DefaultLogger, Runtime } from '@temporalio/worker';

import type { Logger } from '../domain/logger.ts';
import type { OperatorSettings } from '../settings/settings.ts';
import { temporalLogFields } from './temporal-log-fields.ts';

export interface TemporalRuntimeOptions {
  readonly logLevel: OperatorSettings['logLevel'];
  readonly logger: Logger;
  /** The loopback port at which the SDK serves its own metrics; undefined if it keeps none. */
  readonly metricsPort: number | undefined;
}

/** Sends the log lines of Temporal's SDK, and of workflows, to our logger. */
export function installTemporalRuntime(options: TemporalRuntimeOptions): void {
  const { logLevel, logger, metricsPort } = options;
  const temporalLevel = logLevel.toUpperCase() as LogLevel;
  Runtime.install({
    // The process drains on its own: it becomes unready before its workers stop.
    shutdownSignals: [],
    telemetryOptions: {
      // Otherwise the native part of the SDK writes lines of its own format to the console.
      logging: { filter: { core: temporalLevel, other: 'ERROR' }, forward: {} },
      ...(metricsPort !== undefined && {
        metrics: {
          attachServiceName: false,
          prometheus: {
            bindAddress: `127.0.0.1:${metricsPort}`,
            // The names that Prometheus recommends, in its base unit.
            countersTotalSuffix: true,
            unitSuffix: true,
            useSecondsForDurations: true,
          },
        },
      }),
    },
    logger: new DefaultLogger(temporalLevel, (entry) => {
      const fields = temporalLogFields(entry.meta ?? {});
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
