import type { Client } from '@temporalio/client';
import { ServiceError, WorkflowNotFoundError } from '@temporalio/client';
import type { TypedSearchAttributes } from '@temporalio/common';
import { defineSearchAttributeKey, TypedSearchAttributes as Typed } from '@temporalio/common';
import { beforeEach, describe, expect, it } from 'vitest';

import type { SeiNode } from '../../../domain/node/sei-node.ts';
import { stalledNode } from '../../../domain/status/status-conditions.ts';
import type { DueWork, Observation, Work } from '../../../domain/work/due-work.ts';
import { observationOf } from '../../../domain/work/due-work.ts';
import { NODE_RUNS, nodeWork } from '../../../temporal/runs/node-runs.ts';
import type { Cause } from '../../../temporal/runs/run-client.ts';
import { createRunClient } from '../../../temporal/runs/run-client.ts';
import type { SearchAttributes } from '../../../temporal/runs/search-attributes.ts';
import { NODE, NOW, pod, runningNode, seiNode, SIDECAR, V2 } from '../../support/sei-node.ts';
import { FakeTemporal } from './fake-temporal.ts';

const INIT_DUE = { kind: 'nodeInit', why: 'new' } as const satisfies DueWork;
const UPDATE_DUE = {
  kind: 'nodeUpdate',
  target: { image: V2, sidecarImage: SIDECAR, replicas: 1 },
  drifts: [],
} as const satisfies DueWork;

const ATTRIBUTES = new Typed([
  { key: defineSearchAttributeKey('SeiNode', 'KEYWORD'), value: 'n0' },
]);
const invalidArgument = () =>
  new ServiceError('failed to start', {
    cause: Object.assign(new Error('no'), {
      code: 3,
      details: 'search attribute SeiNode is not defined',
    }),
  });

/** Search attributes that registering can lose, as where that is not permitted. */
class FakeAttributes implements SearchAttributes {
  available: TypedSearchAttributes | undefined = ATTRIBUTES;
  afterRegistering: TypedSearchAttributes | undefined = ATTRIBUTES;
  registrations = 0;

  async register(): Promise<void> {
    this.registrations += 1;
    this.available = this.afterRegistering;
  }

  of(): TypedSearchAttributes | undefined {
    return this.available;
  }
}

let temporal: FakeTemporal;
let searchAttributes: FakeAttributes;

beforeEach(() => {
  temporal = new FakeTemporal();
  searchAttributes = new FakeAttributes();
});

const starter = () => {
  const client = createRunClient(NODE_RUNS, {
    link: { client: temporal as unknown as Client },
    cluster: 'eu1',
    taskQueue: 'seinode',
    searchAttributes,
  });
  return {
    startOrSignal: (seen: Observation, due: Work, cause: Cause) =>
      client.startOrSignal(seen.node, nodeWork(seen, due), cause),
    startUnlessOpen: (seen: Observation, due: Work) =>
      client.startUnlessOpen(seen.node, nodeWork(seen, due)),
    signal: (node: SeiNode) => client.signal(node),
  };
};

const attributesSent = () => temporal.starts.map(({ options }) => options.typedSearchAttributes);

describe('startUnlessOpen', () => {
  const node = observationOf(seiNode());

  it('leaves an open run alone', async () => {
    expect(await starter().startUnlessOpen(node, INIT_DUE)).toBeUndefined();
    expect(temporal.starts).toEqual([]);
  });

  it.each([
    ['has closed', () => (temporal.status = 'COMPLETED')],
    ['is not known to Temporal', () => temporal.errors.push(new WorkflowNotFoundError('', '', ''))],
  ])('starts the work again where its run %s', async (_, act) => {
    act();
    expect(await starter().startUnlessOpen(node, INIT_DUE)).toMatchObject({ runId: 'open-run' });
    expect(temporal.starts[0]?.options).toMatchObject({ signalArgs: [{ cause: 'resync' }] });
  });

  it('fails where Temporal does not answer, so that it is asked again', async () => {
    temporal.errors.push(new ServiceError('unavailable'));
    await expect(starter().startUnlessOpen(node, INIT_DUE)).rejects.toThrow('unavailable');
    expect(temporal.starts).toEqual([]);
  });

  it('counts a run that it has found open for the very same work', async () => {
    const watcher = starter();
    const due = {
      kind: 'nodeSync',
      needs: [{ kind: 'record-sidecar', state: 'unreachable' }],
    } as const satisfies DueWork;
    for (const runId of ['run-1', 'run-2']) {
      temporal.runId = runId;
      await watcher.startUnlessOpen(observationOf(runningNode()), due);
    }
    await watcher.startOrSignal(observationOf(runningNode()), due, 'resync');
    expect(temporal.starts[0]?.options.signalArgs).toMatchObject([{ runs: 2 }]);
  });
});

describe('startOrSignal', () => {
  it('starts the work under the one id of the node, with a reference and nothing more', async () => {
    const node = seiNode({ metadata: { generation: 4 } });
    expect(await starter().startOrSignal(observationOf(node), INIT_DUE, 'change')).toEqual({
      workflowId: 'seinode/eu1/default/n0',
      runId: 'open-run',
    });
    expect(temporal.starts).toEqual([
      {
        type: 'nodeInit',
        options: {
          workflowId: 'seinode/eu1/default/n0',
          taskQueue: 'seinode',
          args: [{ node: NODE }],
          signal: 'observed',
          signalArgs: [
            { node: NODE, generation: 4, cause: 'change', due: 'nodeInit', why: '', runs: 0 },
          ],
          priority: { fairnessKey: 'default' },
          staticSummary: 'default/n0: bring up sei:v1',
          typedSearchAttributes: ATTRIBUTES,
        },
      },
    ]);
  });

  it('names both images of an update', async () => {
    await starter().startOrSignal(
      observationOf(runningNode({ spec: { image: V2 } })),
      UPDATE_DUE,
      'resync',
    );
    expect(temporal.starts[0]?.type).toBe('nodeUpdate');
    expect(temporal.starts[0]?.options).toMatchObject({
      staticSummary: 'default/n0: sei:v1 to sei:v2',
      signalArgs: [{ cause: 'resync', due: 'nodeUpdate' }],
    });
  });

  it('counts the earlier runs for the very same work, once they close in vain', async () => {
    const watcher = starter();
    const due = {
      kind: 'nodeSync',
      needs: [{ kind: 'record-sidecar', state: 'unreachable' }],
    } as const satisfies DueWork;
    for (const runId of ['run-1', 'run-1', 'run-2', 'run-3']) {
      temporal.runId = runId;
      await watcher.startOrSignal(observationOf(runningNode()), due, 'resync');
    }
    expect(temporal.starts.map(({ options }) => options.signalArgs?.[0])).toMatchObject(
      [0, 1, 1, 2].map((runs) => ({ runs, why: 'record that the sidecar is unreachable' })),
    );
  });

  it('does not count a run that followed an event of the pod', async () => {
    const watcher = starter();
    const due = { kind: 'nodeSync', needs: [{ kind: 'mark-ready' }] } as const satisfies DueWork;
    const happened = [0, 1, 2, 3].map((restartCount) =>
      pod({ containers: { 'sei-sidecar': { restartCount } } }),
    );
    for (const [nth, view] of happened.entries()) {
      temporal.runId = `run-${nth}`;
      await watcher.startOrSignal(observationOf(runningNode(), [view]), due, 'change');
    }
    expect(temporal.starts.map(({ options }) => options.signalArgs?.[0])).toMatchObject(
      happened.map(() => ({ runs: 0 })),
    );
  });

  it('signals that nothing else is due if only the run takes the node for not converging', async () => {
    const node = runningNode();
    const stalled = stalledNode(node, { reason: 'NotConverging', message: 'why' }, NOW);
    const due = { kind: 'nodeSync', needs: [{ kind: 'settle-stall' }] } as const satisfies DueWork;
    await starter().startOrSignal(observationOf({ ...node, status: stalled }), due, 'resync');
    expect(temporal.starts[0]).toMatchObject({
      type: 'nodeSync',
      options: { signalArgs: [{ due: 'nothing' }] },
    });
  });

  it('registers the search attributes again if the namespace has lost them', async () => {
    temporal.errors.push(invalidArgument());
    await starter().startOrSignal(observationOf(seiNode()), INIT_DUE, 'change');
    expect(searchAttributes.registrations).toBe(1);
    expect(attributesSent()).toEqual([ATTRIBUTES, ATTRIBUTES]);
  });

  it('goes on without search attributes if they may not be registered', async () => {
    temporal.errors.push(invalidArgument());
    searchAttributes.afterRegistering = undefined;
    await starter().startOrSignal(observationOf(seiNode()), INIT_DUE, 'change');
    expect(attributesSent()).toEqual([ATTRIBUTES, undefined]);
  });

  it('fails if the start is refused for another reason, too', async () => {
    temporal.errors.push(invalidArgument(), invalidArgument());
    await expect(
      starter().startOrSignal(observationOf(seiNode()), INIT_DUE, 'change'),
    ).rejects.toThrow('failed to start');
    expect(temporal.starts).toHaveLength(2);
  });

  it('registers nothing if the start is refused for something else in it', async () => {
    const details = 'BadRequest: WorkflowId length exceeds limit';
    temporal.errors.push(
      new ServiceError('failed to start', {
        cause: Object.assign(new Error('no'), { code: 3, details }),
      }),
    );
    await expect(
      starter().startOrSignal(observationOf(seiNode()), INIT_DUE, 'change'),
    ).rejects.toThrow('failed to start');
    expect(searchAttributes.registrations).toBe(0);
  });

  it('bounds the summary, which a server refuses beyond its limit', async () => {
    const image = `registry.example.com/${'long/'.repeat(100)}sei:v2`;
    await starter().startOrSignal(
      observationOf(runningNode({ spec: { image } })),
      INIT_DUE,
      'change',
    );
    const summary = String(temporal.starts[0]?.options['staticSummary']);
    expect(summary).toMatch(/^default\/n0: .*…$/);
    expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(256);
  });

  it('leaves all other failures to the caller to repeat', async () => {
    temporal.errors.push(new Error('away'));
    await expect(
      starter().startOrSignal(observationOf(seiNode()), INIT_DUE, 'change'),
    ).rejects.toThrow('away');
    expect(searchAttributes.registrations).toBe(0);
    expect(temporal.starts).toHaveLength(1);
  });
});

describe('signal', () => {
  it('signals the open run that nothing is due', async () => {
    await starter().signal(runningNode());
    expect(temporal.signals).toEqual([
      {
        workflowId: 'seinode/eu1/default/n0',
        signal: 'observed',
        observed: { node: NODE, generation: 1, cause: 'change', due: 'nothing' },
      },
    ]);
    expect(temporal.starts).toEqual([]);
  });

  it('succeeds when no run is open', async () => {
    temporal.errors.push(new WorkflowNotFoundError('none', 'id', undefined));
    await starter().signal(runningNode());
    expect(temporal.signals).toHaveLength(1);
  });

  it('fails if Temporal cannot be reached', async () => {
    temporal.errors.push(new Error('away'));
    await expect(starter().signal(runningNode())).rejects.toThrow('away');
  });
});
