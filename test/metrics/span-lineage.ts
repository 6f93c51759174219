import type { CollectedSpan } from './otlp-collector.ts';

/** A span of that name and those that it was made in, up to the one that began the trace. */
export function lineageOf(name: string, spans: readonly CollectedSpan[]): readonly CollectedSpan[] {
  const lineage: CollectedSpan[] = [];
  let span = spans.find((one) => one.name === name);
  while (span !== undefined) {
    lineage.push(span);
    const parent: string | undefined = span.parentSpanId;
    span = spans.find(({ spanId }) => spanId === parent);
  }
  return lineage;
}
