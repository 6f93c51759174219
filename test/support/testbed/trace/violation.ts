import type { TracedRequest } from './effect.ts';
import type { Write } from './replay.ts';

/** A rule of the operator that was broken, and the requests that broke it. */
export interface Violation {
  readonly rule: string;
  /** One sentence that names the objects. */
  readonly message: string;
  readonly writes: readonly Pick<Write, 'order' | 'request'>[];
}

/** Describes a violation for people: the sentence, and a line for each request. */
export function describeViolation({ rule, message, writes }: Violation): string {
  const requests = writes.map(({ order, request }) => `    at ${order}: ${describe(request)}`);
  return [`${rule}: ${message}`, ...requests].join('\n');
}

function describe({ userAgent, verb, uri, code, receivedAt, answeredAt }: TracedRequest): string {
  return `${receivedAt} to ${answeredAt} ${userAgent}: ${verb} ${uri} (${code})`;
}
