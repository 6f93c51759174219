import type { Logger } from '../../domain/logger.ts';
import type { OperatorSettings } from '../../settings/settings.ts';
import type { Component } from '../component.ts';
import { within } from '../within.ts';
import type { Tracing } from './tracing.ts';

/** Undefined, and nothing of OpenTelemetry is loaded, where no collector is named. */
export async function openTracing(
  settings: Pick<OperatorSettings, 'tracesEndpoint'>,
  component: Component,
  logger: Logger,
): Promise<Tracing | undefined> {
  if (settings.tracesEndpoint === undefined) return undefined;
  const { otlpTracing } = await import('./otlp-tracing.ts');
  return otlpTracing(component, logger);
}

/** A collector that does not answer must not hold up the end of a process. */
const LAST_SPANS_SECONDS = 2;

/** Sends the last spans, as far as that can be done soon. */
export async function closeTracing(tracing: Tracing | undefined): Promise<void> {
  if (tracing !== undefined) await within(LAST_SPANS_SECONDS, tracing.close());
}
