import { beforeEach, describe, expect, it } from 'vitest';

import { recordEvent } from '../../../activities/shared/record-event.ts';
import { SEI_NODE_TYPE } from '../../../domain/node/sei-node.ts';
import { recordedLog } from '../../kubernetes/recorded-log.ts';
import { FakeCluster } from '../../support/cluster/fake-cluster.ts';
import { unavailable } from '../../support/cluster/refusals.ts';
import { NODE, NOW } from '../../support/sei-node.ts';

const event = {
  type: 'Normal',
  reason: 'UpdateStarted',
  message: 'm',
  occurrence: 'plan-1',
} as const;

let cluster: FakeCluster;
let log = recordedLog();
const deps = () => ({ api: cluster.api, logger: log, now: () => new Date(NOW) });

beforeEach(() => {
  cluster = new FakeCluster();
  log = recordedLog();
});

describe('recordEvent', () => {
  it('records the event about the node', async () => {
    await recordEvent(deps(), NODE, event);
    expect(cluster.events).toMatchObject([
      {
        about: { ...SEI_NODE_TYPE, ...NODE },
        type: 'Normal',
        reason: 'UpdateStarted',
        message: 'm',
        at: NOW,
      },
    ]);
  });

  it('records one occurrence once', async () => {
    await recordEvent(deps(), NODE, event);
    await recordEvent(deps(), NODE, { ...event, message: 'told differently' });
    expect(cluster.events).toHaveLength(1);
  });

  it('tells occurrences, reasons and nodes apart', async () => {
    await recordEvent(deps(), NODE, event);
    await recordEvent(deps(), NODE, { ...event, occurrence: 'plan-2' });
    await recordEvent(deps(), NODE, { ...event, reason: 'UpdateComplete' });
    await recordEvent(deps(), { ...NODE, uid: 'another' }, event);
    expect(new Set(cluster.events.map(({ name }) => name)).size).toBe(4);
  });

  it('has names that Kubernetes accepts', async () => {
    await recordEvent(deps(), NODE, { ...event, occurrence: 'a b/c\nd' });
    expect(cluster.events[0]?.name).toMatch(/^n0\.[0-9a-f]{16}$/);
  });

  it('does not fail the work that it is about', async () => {
    cluster.requests.refuse('createEvent', unavailable());
    await recordEvent(deps(), NODE, event);
    expect(log.entries).toMatchObject([
      { message: 'event not recorded', fields: { name: 'n0', reason: 'UpdateStarted' } },
    ]);
  });
});
