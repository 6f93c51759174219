/** The log that every folder writes to; pino and a test's recorder both fit. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** An Error goes under `err`, where pino writes its stack. */
export type LogFields = Readonly<Record<string, unknown>>;
