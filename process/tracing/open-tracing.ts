import type { Logger } from '../../domain/logger.ts';
import type { OperatorSettings } from '../../settings/settings.ts';
import type { Component } from '../component.ts';
import { within } from '../within.ts';
import type { Tracing } from './tracing.ts';

/** Opens tracing if the settings name a collector; otherwise returns undefined and loads nothing of OpenTelemetry. */
export async function openTracing(
  settings: Pick<OperatorSettings, 'tracesEndpoint'>,
  component: Component,
  logger: Logger,
): Promise<Tracing | undefined> {
  if (settings.tracesEndpoint === undefined) return undefined;
  const { openOtlpTracing } = await import('./otlp-tracing.ts');
  return openOtlpTracing(component, logger);
}

/** A collector that does not answer must not delay the end of a process. */
const LAST_SPANS_SECONDS = 2;

/** Sends the last spans, as far as it can do so soon. */
export async function closeTracing(tracing: Tracing | undefined): Promise<void> {
  if (tracing !== undefined) await within(LAST_SPANS_SECONDS, tracing.close());
}
