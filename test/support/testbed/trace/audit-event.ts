import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

import { z } from 'zod';

/** One line of an audit log, as audit-policy.yaml has the API server write it. */
const auditEvent = z.object({
  requestURI: z.string(),
  verb: z.string(),
  userAgent: z.string().default(''),
  objectRef: z.object({
    resource: z.string(),
    subresource: z.string().optional(),
    namespace: z.string().default(''),
    name: z.string().default(''),
  }),
  responseStatus: z.object({ code: z.number() }).optional(),
  requestObject: z.unknown().optional(),
  responseObject: z.unknown().optional(),
  /** RFC 3339 with six digits of a second, so the texts sort by time. */
  requestReceivedTimestamp: z.string(),
  stageTimestamp: z.string(),
});

export type AuditEvent = z.infer<typeof auditEvent>;

/** Reads one line of an audit log. @throws for anything else */
export function auditEventOf(line: string): AuditEvent {
  return auditEvent.parse(JSON.parse(line));
}

/** Reads an audit log line by line: it has hundreds of megabytes. Leaves out a last line that has no end. */
export async function* auditEventsIn(file: string): AsyncGenerator<AuditEvent> {
  let previous: string | undefined;
  for await (const line of createInterface({ input: createReadStream(file) })) {
    if (previous !== undefined) yield auditEventOf(previous);
    previous = line;
  }
  if (previous === undefined || previous === '') return;
  if (previous.endsWith('}') && isJson(previous)) yield auditEventOf(previous);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
