import type { Client } from '@temporalio/client';
import {
  WorkflowUpdateFailedError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { beforeEach, describe, expect, it } from 'vitest';

import type { RunClient } from '../../../temporal/runs/run-client.ts';
import { createRunClient } from '../../../temporal/runs/run-client.ts';
import type { RunKind, RunObject } from '../../../temporal/runs/run-kind.ts';
import { FakeTemporal } from './fake-temporal.ts';

/** The smallest second kind: some nodes that are rolled together. */
interface Deployment extends RunObject {
  readonly spec: { readonly image: string };
}

const DEPLOYMENT_RUNS = {
  names: {
    id: 'deployment',
    workflows: { deploymentRoll: true, deploymentSync: true },
    activities: {},
  },
  steeredBy: 'deploymentSync',
  searchAttributes: ({ metadata, spec }) => ({ namespace: metadata.namespace, image: spec.image }),
} as const satisfies RunKind<Deployment>;

const REF = { namespace: 'default', name: 'rpc', uid: 'uid-of-rpc' };
const rpc: Deployment = { metadata: { ...REF, generation: 2 }, spec: { image: 'sei:v2' } };
const ROLL = {
  type: 'deploymentRoll',
  why: 'to sei:v2',
  sameAs: 'deploymentRoll to sei:v2',
  observedDue: 'deploymentRoll',
  summary: 'default/rpc: 3 nodes to sei:v2',
};
const START = {
  workflowId: 'deployment/eu1/default/rpc',
  taskQueue: 'seinode',
  args: [{ node: REF }],
  priority: { fairnessKey: 'default' },
};

let temporal: FakeTemporal;
let asked: object[];
let runs: RunClient<Deployment>;

beforeEach(() => {
  temporal = new FakeTemporal();
  asked = [];
  runs = createRunClient<Deployment>(DEPLOYMENT_RUNS, {
    link: { client: temporal as unknown as Client },
    cluster: 'eu1',
    taskQueue: 'seinode',
    searchAttributes: {
      register: async () => undefined,
      of: (values) => {
        asked.push(values);
        return undefined;
      },
    },
  });
});

describe('another kind of object', () => {
  it('gets runs under its own id and types', async () => {
    expect(await runs.startOrSignal(rpc, ROLL, 'change')).toEqual({
      workflowId: 'deployment/eu1/default/rpc',
      runId: 'open-run',
    });
    expect(temporal.starts).toEqual([
      {
        type: 'deploymentRoll',
        options: {
          ...START,
          staticSummary: 'default/rpc: 3 nodes to sei:v2',
          signal: 'observed',
          signalArgs: [
            {
              node: REF,
              generation: 2,
              cause: 'change',
              due: 'deploymentRoll',
              why: 'to sei:v2',
              runs: 0,
            },
          ],
        },
      },
    ]);
    expect(asked).toEqual([{ namespace: 'default', image: 'sei:v2' }]);
  });

  it('gets signals in its open run', async () => {
    await runs.signal(rpc);
    expect(temporal.signals).toMatchObject([
      {
        workflowId: 'deployment/eu1/default/rpc',
        signal: 'observed',
        observed: { due: 'nothing' },
      },
    ]);
  });
});

describe('steer', () => {
  const request = {
    command: 'pause',
    input: { actor: 'somebody', reason: 'a look' },
    timeoutSeconds: 20,
  } as const;

  it("returns the run's answer", async () => {
    expect(await runs.steer(rpc, request)).toEqual({ kind: 'done', message: 'done by the run' });
    expect(temporal.updates).toEqual([{ update: 'pause', args: [request.input] }]);
    expect(temporal.starts).toEqual([]);
  });

  it("returns the reason of the run's refusal", async () => {
    temporal.errors.push(new WorkflowUpdateFailedError('refused', new Error('it is held')));
    expect(await runs.steer(rpc, request)).toEqual({ kind: 'refused', message: 'it is held' });
  });

  it('leaves a signal for a run that does not answer, and starts one if none is open', async () => {
    temporal.errors.push(new WorkflowUpdateRPCTimeoutOrCancelledError('late'));
    expect(await runs.steer(rpc, request)).toEqual({ kind: 'left' });
    expect(temporal.starts).toEqual([
      {
        type: 'deploymentSync',
        options: {
          ...START,
          staticSummary: 'default/rpc: pause by somebody',
          signal: 'pause',
          signalArgs: [request.input],
        },
      },
    ]);
  });

  it('fails if Temporal refuses', async () => {
    temporal.errors.push(new Error('not for you'));
    await expect(runs.steer(rpc, request)).rejects.toThrow('not for you');
    expect(temporal.starts).toEqual([]);
  });
});
