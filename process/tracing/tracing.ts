import type { Tracer } from '@opentelemetry/api';
import type { Resource } from '@opentelemetry/resources';
import type { SpanProcessor } from '@opentelemetry/sdk-trace-base';

/** Where a process's spans go. */
export interface Tracing {
  readonly tracer: Tracer;
  /** Takes the spans of workflows as well, which a sandbox hands out once they have ended. */
  readonly processor: SpanProcessor;
  readonly resource: Resource;
  /** Sends what was not sent yet; what cannot be sent is lost, and no error. */
  close(): Promise<void>;
}
