import { describe, expect } from 'vitest';
import { z } from 'zod';

import { UPDATE_STEPS } from '../../domain/node/step.ts';
import { nodeWorkflowId } from '../../domain/run/workflow-id.ts';
import { eventually } from '../support/eventually.ts';
import type { OperatorProcess } from '../support/testbed/operator-process.ts';
import { V1, V2 } from '../support/testbed/sei-nodes.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';

const line = z.looseObject({
  level: z.enum(['debug', 'info', 'warn', 'error']),
  time: z.iso.datetime(),
  component: z.enum(['worker', 'watcher']),
  message: z.string(),
});

type Line = z.infer<typeof line>;

const it = testbedTest('logs', []).extend('updated', { scope: 'file' }, async ({ bed }) => {
  const env = { SEINODE_LOG_LEVEL: 'debug' };
  const [worker, watcher] = await Promise.all([
    bed.start('worker', env),
    bed.start('watcher', env),
  ]);
  await bed.nodes.createRunning('n0', V1);
  await bed.nodes.setImage('n0', V2);
  await bed.nodes.untilSettledOn('n0', V2);
  const runs = await bed.runs.closed(bed.key('n0'));
  return { worker, watcher, runIds: runs.map(({ runId }) => runId) };
});

/** @throws when a line is not of the form that all of ours have */
function linesOf(operator: OperatorProcess): readonly Line[] {
  const texts = operator.log().trimEnd().split('\n');
  return texts.map((text) => line.parse(JSON.parse(text)));
}

describe('the log of an update', () => {
  it('names each step with the node, the image, the run and the attempt', async ({
    bed,
    updated: { worker, runIds },
  }) => {
    const about = { ...bed.key('n0'), workflowId: nodeWorkflowId(bed.namespace, bed.key('n0')) };
    const found = (step: string) =>
      linesOf(worker).filter((one) => one['step'] === step && one['image'] === V2);
    for (const step of UPDATE_STEPS) {
      await eventually(`a line tells of ${step}`, () => found(step).length > 0);
      for (const one of found(step)) {
        expect(one).toMatchObject({ ...about, attempt: expect.any(Number) as number });
        expect(runIds).toContain(one['runId']);
      }
    }
  });

  it('says in one line of the worker how each run ended', async ({ bed, updated: { worker } }) => {
    const allEnds = () => linesOf(worker).filter(({ message }) => message === 'run ended');
    const rolls = () => allEnds().filter(({ work }) => work !== 'nodeSync');
    await eventually('both have ended', () => rolls().length >= 2);
    const [ends, works] = [allEnds(), rolls()];
    expect(works.map(({ work, outcome, level }) => [work, outcome, level])).toEqual([
      ['nodeInit', 'complete', 'info'],
      ['nodeUpdate', 'complete', 'info'],
    ]);
    expect(works.map(({ image }) => image)).toEqual([V1, V2]);
    for (const end of ends) expect(end).toMatchObject(bed.key('n0'));
  });

  it('names in the watcher the run of each report', async ({ bed, updated: { watcher } }) => {
    const reports = linesOf(watcher).filter(({ message }) => message === 'reported');
    expect(reports.map(({ due }) => due)).toContain('nodeUpdate');
    for (const report of reports) {
      expect(report).toMatchObject(bed.key('n0'));
      expect(report['workflowId']).toBe(nodeWorkflowId(bed.namespace, bed.key('n0')));
      await eventually('Temporal lists that run', async () =>
        (await bed.runs.of(bed.key('n0'))).some(({ runId }) => runId === report['runId']),
      );
    }
  });

  it('has constant messages: what varies is in fields', async ({
    bed,
    updated: { worker, watcher, runIds },
  }) => {
    const ours = [...linesOf(worker), ...linesOf(watcher)].filter(
      ({ sdkComponent }) => sdkComponent === undefined,
    );
    const messages = new Set(ours.map(({ message }) => message));
    const varying = [bed.namespace, 'n0', V1, V2, ...runIds];
    const interpolated = [...messages].filter((message) =>
      varying.some((value) => message.includes(value)),
    );
    expect(interpolated).toEqual([]);
  });

  it('is short at the default level: no line of the steps', async ({ bed, updated }) => {
    await Promise.all([updated.worker, updated.watcher].map((each) => each.stop('SIGTERM')));
    const [worker, watcher] = await Promise.all([bed.start('worker'), bed.start('watcher')]);
    await bed.nodes.createRunning('n1', V1);
    await eventually('the bring-up is told of', () =>
      worker.log().includes('"message":"run ended"'),
    );
    const levels = [...linesOf(worker), ...linesOf(watcher)].map(({ level }) => level);
    expect(levels).not.toContain('debug');
  });
});
