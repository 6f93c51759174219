import { z } from 'zod';

const errorLine = z.object({ level: z.literal('ERROR'), err: z.string() });

/**
 * Finds the error in the log lines that kwokctl writes, one JSON object each.
 *
 * @returns the last error; all of the text if there is none
 */
export function kwokctlError(log: string): string {
  const errors = log.split('\n').flatMap((line) => {
    const parsed = errorLine.safeParse(parsedJson(line));
    return parsed.success ? [parsed.data.err.trim()] : [];
  });
  return errors.at(-1) ?? log.trim();
}

function parsedJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
