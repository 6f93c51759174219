import { ApplicationFailure } from '@temporalio/common';
import { describe, expect, it, vi } from 'vitest';

import type { NodeActivities } from '../../activities/contract/activities.ts';
import type { CommandKind } from '../../domain/plan/steering.ts';
import { NODE_NAMES } from '../../domain/run/kind-names.ts';
import type { NodeRunInput } from '../../domain/run/node-run.ts';
import { readCommand } from '../../domain/run/read-command.ts';
import { readObserved } from '../../domain/run/read-observed.ts';
import { readRunInput } from '../../domain/run/read-run-input.ts';
import type { WorkKind } from '../../domain/work/due-work.ts';
import { readRefusal, readSidecarTask } from '../../sidecar/sidecar-task.ts';
import { NODE } from '../support/sei-node.ts';
import { fakeActivities, UPDATE_DUE } from '../support/workflow/fake-activities.ts';
import { fuzzedPayload, shown } from '../support/workflow/fuzz.ts';
import { untilCancelled } from '../support/workflow/simulation/attempt.ts';
import type { Simulation, SimulationOptions } from '../support/workflow/simulation/simulate.ts';
import { simulate } from '../support/workflow/simulation/simulate.ts';
import type { RunEnd } from '../support/workflow/simulation/simulated-run.ts';

// A thousand runs take some seconds, and far more beside other tests on two cores.
vi.setConfig({ testTimeout: 180_000 });

const PAYLOADS = 1_000;
/** Another number is another thousand payloads; what fails names its own. */
const FIRST_SEED = Number(process.env['FUZZ_SEED'] ?? 1);

const OBSERVED = { node: NODE, generation: 2, cause: 'change', due: 'nodeUpdate' };
const VALID_OBSERVED = [OBSERVED, { ...OBSERVED, node: { ...NODE, uid: 'another' } }];
const VALID_STEERING = [{}, { reason: 'maintenance', actor: 'kim' }];
const CARRIED: NodeRunInput = {
  node: NODE,
  planId: 'plan-1',
  failures: 3,
  parked: {
    failure: { step: 'replace-pod', reason: 'Unexpected', message: 'a bug' },
    until: '2026-01-01T12:01:00.000Z',
  },
  pace: {
    generation: 2,
    kinds: ['nodeUpdate'],
    repeats: 3,
    turns: 1,
    lastAtMs: 1,
    told: ['nodeUpdate '],
    flips: { count: 1, lastAtMs: 1 },
    why: undefined,
  },
  lateness: {
    key: 'plan-1',
    spentMs: 1_000,
    rank: 2,
    exceeded: { reason: 'ProgressDeadlineExceeded', message: 'late' },
    refusedRollback: undefined,
  },
  commands: [{ kind: 'rollback', reason: 'maintenance', actor: 'kim' }],
};

interface Sent {
  readonly seed: number;
  readonly payload: unknown;
}

function payloads(valid: readonly unknown[]): readonly Sent[] {
  return Array.from({ length: PAYLOADS }, (_, index) => {
    const seed = FIRST_SEED * PAYLOADS + index;
    // As it arrives: through JSON.
    const made = JSON.stringify(fuzzedPayload(seed, valid)) as string | undefined;
    return { seed, payload: made === undefined ? null : (JSON.parse(made) as unknown) };
  });
}

/** Names the payload in what fails. */
async function blaming<T>(sent: Sent, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (err) {
    throw new Error(`seed ${sent.seed}, payload ${shown(sent.payload)}: ${String(err)}`, {
      cause: err,
    });
  }
}

/** An update that waits for its pod, on a node that is there under the very UID. */
async function observing(options: Partial<SimulationOptions> = {}): Promise<Simulation> {
  const overrides: Partial<NodeActivities> = {
    observeImage: () => untilCancelled(),
    decideDueWork: async () => UPDATE_DUE,
  };
  const { activities } = fakeActivities(overrides);
  const simulated = await simulate({ activities, ...options });
  simulated.observe('nodeUpdate');
  await simulated.advance('1 minute');
  return simulated;
}

interface Message {
  readonly send: (simulated: Simulation, payload: unknown) => unknown;
  readonly valid: readonly unknown[];
  readonly fits: (payload: unknown) => boolean;
}

const WORK_KINDS: readonly WorkKind[] = ['nodeInit', 'nodeUpdate', 'nodeSync', 'nodeDelete'];
const COMMANDS: readonly CommandKind[] = ['pause', 'resume', 'retry', 'rollback'];

const MESSAGES: Readonly<Record<string, Message>> = {
  'signal observed': {
    send: (simulated, payload) => simulated.signal('observed', payload),
    valid: VALID_OBSERVED,
    fits: (payload) => readObserved(NODE_NAMES, payload, NODE).kind === 'fits',
  },
  'a signal of no known name': {
    send: (simulated, payload) => simulated.signal('nonsense', payload),
    valid: VALID_OBSERVED,
    fits: () => false,
  },
  'query progress': {
    send: (simulated, payload) => simulated.query('progress', payload),
    valid: VALID_OBSERVED,
    fits: () => false,
  },
  ...Object.fromEntries(
    COMMANDS.flatMap((kind): [string, Message][] => {
      const fits = (payload: unknown) => readCommand(kind, payload).kind === 'fits';
      return [
        [
          `signal ${kind}`,
          {
            send: (simulated, payload) => simulated.signal(kind, payload),
            valid: VALID_STEERING,
            fits,
          },
        ],
        [
          `update ${kind}`,
          {
            send: (simulated, payload) => simulated.update(kind, payload),
            valid: VALID_STEERING,
            fits,
          },
        ],
      ];
    }),
  ),
};

describe.each(Object.entries(MESSAGES))('%s', (_, { send, valid, fits }) => {
  const sent = payloads(valid);
  const misfits = sent.filter(({ payload }) => !fits(payload));

  it('changes nothing by what does not fit', async () => {
    await using undisturbed = await observing();
    await undisturbed.advance('1 day');

    await using simulated = await observing();
    for (const misfit of misfits) {
      await blaming(misfit, async () => {
        await send(simulated, misfit.payload);
        await simulated.advance(0);
      });
    }
    await simulated.advance('1 day');
    expect(simulated.activitiesStarted).toEqual(undisturbed.activitiesStarted);
    expect(simulated.runs).toHaveLength(1);
    expect(simulated.run.end.kind).toBe('open');
  });

  it('fails no workflow task by what fits, and turns to no other node', async () => {
    await using simulated = await observing();
    for (const [index, fit] of sent.filter((message) => !misfits.includes(message)).entries()) {
      await blaming(fit, async () => {
        if (!simulated.isOpen) simulated.observe('nodeUpdate');
        await send(simulated, fit.payload);
        // Some come while another is carried out.
        await simulated.advance(index % 8 === 0 ? '1 second' : '5 milliseconds');
      });
    }
    await simulated.advance('1 hour');
    for (const { input } of simulated.activitiesStarted)
      expect(input).toMatchObject({ node: NODE });
  });
});

function isRefusedInput(end: RunEnd): boolean {
  const error = end.kind === 'failed' ? end.error : undefined;
  return (
    error instanceof ApplicationFailure && error.type === 'InvalidInput' && !!error.nonRetryable
  );
}

describe.each(WORK_KINDS)('the start input of %s', (kind) => {
  it('ends the run as failed where it does not fit, and fails no workflow task', async () => {
    await using simulated = await simulate({ activities: fakeActivities().activities });
    for (const start of payloads([{ node: NODE }, CARRIED])) {
      await blaming(start, async () => {
        simulated.start(kind, start.payload);
        await simulated.advance(0);
        const fits = readRunInput(NODE_NAMES, start.payload, simulated.workflowId).kind === 'fits';
        if (fits) {
          await simulated.advance('10 minutes');
          if (simulated.isOpen) simulated.cancel();
          await simulated.advance('1 minute');
        }
        const { isOpen, run } = simulated;
        expect({ isOpen, isRefused: isRefusedInput(run.end) }).toEqual({
          isOpen: false,
          isRefused: !fits,
        });
      });
    }
    for (const { input } of simulated.activitiesStarted) {
      expect(input).toMatchObject({ node: { namespace: NODE.namespace, name: NODE.name } });
    }
  });
});

it('reads any answer of a sidecar, or knows that it is none', () => {
  const valid = [{ id: 'task-1', type: 'mark-ready', status: 'failed', error: 'no' }];
  for (const { seed, payload } of payloads(valid)) {
    for (const text of [shown(payload), JSON.stringify(payload)]) {
      const task = readSidecarTask(text);
      expect(typeof task?.error, `seed ${seed}`).toMatch(/^(string|undefined)$/);
      expect(typeof readRefusal(text), `seed ${seed}`).toBe('string');
    }
  }
});
