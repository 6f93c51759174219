import {
  makeWorkflowExporter,
  OpenTelemetryActivityInboundInterceptor,
  OpenTelemetryActivityOutboundInterceptor,
} from '@temporalio/interceptors-opentelemetry/lib/worker/index.js';
import type { OpenTelemetrySinks } from '@temporalio/interceptors-opentelemetry/lib/workflow/index.js';
import type { ActivityInterceptorsFactory, InjectedSinks } from '@temporalio/worker';

import type { Tracing } from '../process/tracing/tracing.ts';

/** The options of a worker with the traced bundle, which make its runs part of the traces of the watcher. */
export interface TracedWorker {
  readonly activity: ActivityInterceptorsFactory;
  readonly sinks: InjectedSinks<OpenTelemetrySinks>;
}

export function tracedWorker({ tracer, processor, resource }: Tracing): TracedWorker {
  return {
    activity: (ctx) => ({
      inbound: new OpenTelemetryActivityInboundInterceptor(ctx, { tracer }),
      outbound: new OpenTelemetryActivityOutboundInterceptor(ctx),
    }),
    sinks: { exporter: makeWorkflowExporter(processor, resource) },
  };
}
