import type { Tracer } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { SpanProcessor } from '@opentelemetry/sdk-trace-base';

/** The destination of a process's spans. */
export interface Tracing {
  readonly tracer: Tracer;
  /** Also takes the spans of workflows, which a sandbox hands out once they have ended. */
  readonly processor: SpanProcessor;
  readonly resource: Resource;
  /** Sends the remaining spans; loses those that it cannot send, without an error. */
  close(): Promise<void>;
}
