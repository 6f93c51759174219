import type { ClientInterceptors } from '@temporalio/client';

import type { Tracing } from '../../process/tracing/tracing.ts';

/**
 * Returns interceptors that begin a trace with each call to Temporal and pass it on to the run. Loads them only with
 * tracing.
 */
export async function tracedClient(
  tracing: Tracing | undefined,
): Promise<ClientInterceptors | undefined> {
  if (tracing === undefined) return undefined;
  const { OpenTelemetryWorkflowClientInterceptor } =
    await import('@temporalio/interceptors-opentelemetry/lib/client/index.js');
  return { workflow: [new OpenTelemetryWorkflowClientInterceptor({ tracer: tracing.tracer })] };
}
