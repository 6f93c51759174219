import { diag, DiagLogLevel } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { Resource } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';

import type { Logger } from '../../domain/logger.ts';
import type { Component } from '../component.ts';
import { createAsyncContextManager } from './async-context-manager.ts';
import type { Tracing } from './tracing.ts';

/**
 * Sends spans to the collector that the OTEL_EXPORTER_OTLP_* variables name, in batches and beside the
 * work: a collector that is away costs spans and a line in the log, nothing else.
 */
export function openOtlpTracing(component: Component, logger: Logger): Tracing {
  const failed = (error: string): void => logger.warn('spans not exported', { error });
  const ignored = (): void => undefined;
  diag.setLogger(
    { error: failed, warn: ignored, info: ignored, debug: ignored, verbose: ignored },
    DiagLogLevel.ERROR,
  );
  const resource = Resource.default().merge(
    new Resource({ 'service.name': `seinode-${component}`, 'service.namespace': 'seinode' }),
  );
  const processor = new BatchSpanProcessor(new OTLPTraceExporter());
  const provider = new BasicTracerProvider({ resource, spanProcessors: [processor] });
  provider.register({ contextManager: createAsyncContextManager() });
  return {
    tracer: provider.getTracer('seinode-operator'),
    processor,
    resource,
    close: () => provider.shutdown().catch((err: unknown) => failed(String(err))),
  };
}
