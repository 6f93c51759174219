import { beforeEach, describe, expect, it, vi } from 'vitest';

import type { PodView } from '../../../domain/pod/pod-view.ts';
import { sidecarAudience } from '../../../domain/sidecar/sidecar-audience.ts';
import { NODE } from '../../support/sei-node.ts';
import type { ActivityBed } from '../activity-bed.ts';
import { endOf } from '../end-of.ts';
import type { Situation } from '../scenario.ts';
import { scenarios } from '../scenarios.ts';

const POD = { namespace: NODE.namespace, name: 'n0-0' };
const FORGED = { podIP: '10.9.9.9', image: 'evil:v1' };

/** The activities that send something to a sidecar, where they would. */
const SENDING = scenarios.filter(({ name }) =>
  ['run-sidecar-task', 'config-patch', 'mark-ready'].includes(name),
);

function podOf(bed: ActivityBed): PodView {
  const pod = bed.cluster.pods(NODE).find(({ name }) => name === POD.name);
  if (pod === undefined) throw new Error('the node has no pod');
  return pod;
}

it('covers whatever sends a task', () => {
  expect(SENDING.map(({ name }) => name)).toEqual([
    'run-sidecar-task',
    'config-patch',
    'mark-ready',
  ]);
});

describe.each(SENDING)('a cache that is behind, for $name', ({ prepare }) => {
  let situation: Situation;
  let bed: ActivityBed;
  /** The address that the cache shows, and that another pod has by now. */
  let address: string | undefined;

  beforeEach(async () => {
    situation = await prepare();
    ({ bed } = situation);
    address = podOf(bed).ip;
    bed.sidecar.calls.length = 0;
    bed.sidecar.begun.length = 0;
    bed.cluster.cache.freeze('pod');
  });

  const lost = [{ kind: 'pod-lost' }, { kind: 'skipped' }];
  const ways: readonly [string, () => void][] = [
    ['is gone', () => bed.cluster.removePod(POD)],
    ['is going', () => bed.cluster.deletePod(POD)],
    [
      'was replaced',
      () => {
        bed.cluster.deletePod(POD);
        bed.cluster.settle();
      },
    ],
    ['has ended', () => bed.cluster.endPod(POD)],
  ];

  it.each(ways)('sends nothing where the pod %s', async (_, happen) => {
    happen();
    expect(lost).toContainEqual(
      expect.objectContaining({ kind: kindOf(await situation.attempt()) }),
    );
    expect(bed.sidecar.begun).toEqual([]);
    expect(bed.sidecar.callsOf('submitTask')).toEqual([]);
  });

  it('sends nothing to an address that the pod has no more', async () => {
    bed.cluster.movePod(POD, '10.0.0.77');
    const ended = situation.attempt();
    await vi.waitFor(() => expect(bed.cluster.requests.of('getPod').length).toBeGreaterThan(0));
    bed.cluster.cache.thaw();
    await ended;
    const sentTo = bed.sidecar.callsOf('submitTask').map(({ ip }) => ip);
    expect(sentTo).not.toContain(address);
  });

  it('concludes nothing from an answer of whoever has the address once the pod is gone', async () => {
    // The tasks are on the volume, which another sidecar of the fake does not have of its own.
    bed.sidecar.beforeNext('submitTask', () => bed.cluster.removePod(POD));
    expect(lost).toContainEqual(
      expect.objectContaining({ kind: kindOf(await situation.attempt()) }),
    );
  });
});

describe.each(SENDING)('$name', ({ prepare }) => {
  it('sends tokens for this node alone, to a pod that asks for such', async () => {
    const { bed, attempt } = await prepare();
    bed.sidecar.calls.length = 0;
    await attempt();
    const audiences = bed.sidecar.taskCalls.map(({ audience }) => audience);
    expect(new Set(audiences)).toEqual(new Set([sidecarAudience(NODE)]));
  });
});

describe.each(scenarios)('$name', (scenario) => {
  it('comes to the same end beside a pod that was made to look like the node’s', async () => {
    const { state, changes } = await endOf(scenario);
    let bed: ActivityBed | undefined;
    const end = await endOf(scenario, (situation) => {
      ({ bed } = situation);
      if (bed.cluster.pods(NODE).length > 0) bed.cluster.forgePod(POD, 'a-forged', FORGED);
    });
    expect({ state: withoutForged(end.state), changes: end.changes }).toEqual({ state, changes });
    expect(bed?.sidecar.calls.filter(({ ip }) => ip === FORGED.podIP)).toEqual([]);
  });
});

function kindOf(result: unknown): string {
  return (result as { kind: string }).kind;
}

interface State {
  readonly inventory: readonly string[];
  readonly pods: readonly PodView[];
}

function withoutForged(state: unknown): State {
  const { inventory, pods, ...rest } = state as State;
  return {
    ...rest,
    inventory: inventory.filter((one) => one !== 'pods default/a-forged'),
    pods: pods.filter(({ name }) => name !== 'a-forged'),
  };
}
