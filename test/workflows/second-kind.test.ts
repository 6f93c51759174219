import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';

import { Client, Connection } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { bundleWorkflowCode, NativeConnection, Worker } from '@temporalio/worker';
import { afterEach, expect, it } from 'vitest';

import { FailureType } from '../../domain/failure/failure-type.ts';
import type { Hold } from '../../domain/node/sei-node-status.ts';
import type { NodeRunInput, Observed, RunProgress } from '../../domain/run/node-run.ts';
import { OBSERVED_SIGNAL, PROGRESS_QUERY } from '../../domain/run/node-run.ts';
import { objectWorkflowId } from '../../domain/run/workflow-id.ts';
import { eventually } from '../support/eventually.ts';
import { sharedTemporal } from '../support/workflow/temporal.ts';
import { TOY_NAMES } from './second-kind/toy-names.ts';
import type { ToyActivities, ToyDue } from './second-kind/toy.ts';

let stop = async (): Promise<void> => undefined;

afterEach(async () => {
  await stop();
});

/** A toy that cannot be made before there is wood. */
class Toy {
  hasWood = false;
  hold: Hold | undefined;
  attempts = 0;
  readonly failures: string[] = [];

  readonly activities: ToyActivities = {
    makeToy: async () => {
      if (this.hold !== undefined) return { kind: 'held', hold: this.hold };
      this.attempts += 1;
      if (this.hasWood) return this.due;
      throw ApplicationFailure.nonRetryable('no wood', FailureType.InvalidSpec);
    },
    failToy: async ({ failure }) => void this.failures.push(failure.message),
    recordToyStall: async () => undefined,
    steerToy: async ({ command: { kind, reason, actor } }) => {
      if (kind === 'pause') this.hold = { reason, actor, since: '2026-01-01T00:00:00Z' };
      if (kind === 'resume') this.hold = undefined;
      return { kind: 'done', message: kind };
    },
    decideToy: async () => this.due,
    readToy: async () => ({ generation: 1 }),
  };

  private get due(): ToyDue {
    if (this.hold !== undefined) return { kind: 'held', hold: this.hold };
    return this.hasWood ? { kind: 'nothing', why: 'the toy is made' } : { kind: 'toyMake' };
  }
}

async function start(toy: Toy) {
  const { address, namespace } = sharedTemporal();
  const [nativeConnection, connection] = await Promise.all([
    NativeConnection.connect({ address }),
    Connection.connect({ address }),
  ]);
  const ref = { namespace: 'default', name: `toy-${randomUUID()}`, uid: 'toy-uid' };
  const taskQueue = ref.name;
  const worker = await Worker.create({
    connection: nativeConnection,
    namespace,
    taskQueue,
    activities: { ...toy.activities },
    workflowBundle: await bundleWorkflowCode({
      workflowsPath: fileURLToPath(new URL('./second-kind/toy.ts', import.meta.url)),
    }),
  });
  const running = worker.run();
  stop = async () => {
    worker.shutdown();
    await running;
    await Promise.all([nativeConnection.close(), connection.close()]);
  };
  const observed = { node: ref, generation: 1, cause: 'change', due: 'toyMake' } as const;
  const run = await new Client({ connection, namespace }).workflow.signalWithStart<
    (input: NodeRunInput) => Promise<void>,
    [Observed<string>]
  >('toyMake', {
    workflowId: objectWorkflowId(TOY_NAMES, 'test', ref),
    taskQueue,
    args: [{ node: ref }],
    signal: OBSERVED_SIGNAL,
    signalArgs: [observed],
  });
  const steer = (command: string) =>
    run.executeUpdate<string, [{ actor: string }]>(command, { args: [{ actor: 'kim' }] });
  const isAt = (step: string) =>
    eventually(`the run is at ${step}`, async () => {
      const progress = await run.query<RunProgress>(PROGRESS_QUERY);
      return progress.step === step;
    });
  return { run, steer, isAt, observe: () => run.signal(OBSERVED_SIGNAL, observed) };
}

it('the same driver parks, holds, steers and ends runs of a second kind of object', async () => {
  const toy = new Toy();
  const { run, steer, isAt, observe } = await start(toy);
  await isAt('parked');
  expect(toy.failures).toEqual(['no wood']);

  await observe();
  await eventually('the change is tried', () => toy.failures.length === 2);
  expect(await steer('retry')).toBe('retry');
  await eventually('the retry is tried', () => toy.failures.length === 3);

  expect(await steer('pause')).toBe('pause');
  await isAt('held');
  expect(toy.attempts).toBe(3);

  toy.hasWood = true;
  expect(await steer('resume')).toBe('resume');
  await run.result();
  expect(toy.attempts).toBe(4);
  expect((await run.query<RunProgress>(PROGRESS_QUERY)).step).toBe('done');
});
