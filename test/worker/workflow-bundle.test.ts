import type { LogLevel } from '@temporalio/common';
import { describe, expect, it } from 'vitest';

import { workflowBundle } from '../../worker/workflow-bundle.ts';

function recordingLogger() {
  const messages: string[] = [];
  const keep = (message: string) => void messages.push(message);
  const log = (_level: LogLevel, message: string) => keep(message);
  return { messages, log, trace: keep, debug: keep, info: keep, warn: keep, error: keep };
}

describe('workflowBundle', () => {
  it('exports the workflow types under their wire names', async () => {
    const { code } = await workflowBundle({ logger: recordingLogger() });
    expect(code).toMatch(/nodeInit/);
    expect(code).toMatch(/nodeUpdate/);
  });

  it('contains neither activities nor the modules through which they reach the world', async () => {
    const { code } = await workflowBundle({ logger: recordingLogger() });
    expect(code).not.toMatch(
      /stepErrorsAsFailures|createLiveClusterApi|createSidecarClient|undici/,
    );
  });

  it('is built once for one state of the sources', async () => {
    const first = await workflowBundle({ logger: recordingLogger() });
    const logger = recordingLogger();
    const second = await workflowBundle({ logger });
    expect(second.code === first.code).toBe(true);
    // The bundler says how long it took, whenever it is asked.
    expect(logger.messages).toEqual([]);
  });

  it('contains no OpenTelemetry unless it is to be traced', async () => {
    const plain = await workflowBundle({ logger: recordingLogger() });
    const traced = await workflowBundle({ logger: recordingLogger(), traced: true });
    expect(plain.code).not.toMatch(/OpenTelemetryInboundInterceptor/);
    expect(traced.code).toMatch(/OpenTelemetryInboundInterceptor/);
  });
});
