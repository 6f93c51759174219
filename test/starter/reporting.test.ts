import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { Reporting } from '../../starter/reporting.ts';
import { startReporting } from '../../starter/reporting.ts';
import type { RunObject } from '../../temporal/runs/run-kind.ts';
import { recordedLog } from '../kubernetes/recorded-log.ts';

/** The smallest second kind: some nodes that are rolled together. */
interface Deployment extends RunObject {
  readonly outdated: number;
}

const rpc = (generation: number, outdated: number): Deployment => ({
  metadata: { namespace: 'default', name: 'rpc', uid: 'uid-of-rpc', generation },
  outdated,
});

let live: Deployment | undefined;
let said: string[];
let counted: string[];
let isOpen: boolean;
let why: string;
let reporting: Reporting;

beforeEach(() => {
  vi.useFakeTimers();
  said = [];
  counted = [];
  isOpen = false;
  why = 'outdated';
  reporting = startReporting<Deployment, 'deploymentRoll'>(
    {
      get: () => live,
      all: () => (live === undefined ? [] : [live]),
      hasSynced: () => true,
      look: ({ metadata, outdated }) => ({
        fingerprint: { node: String(metadata.generation), due: String(outdated) },
        work:
          outdated === 0
            ? undefined
            : {
                type: 'deploymentRoll',
                why: `${outdated} nodes ${why}`,
                sameAs: 'deploymentRoll',
                observedDue: 'deploymentRoll',
                summary: 'roll',
              },
        fields: {},
      }),
      isOwnEnd: (before, now) => before.fingerprint.node === now.fingerprint.node,
    },
    {
      runs: {
        startOrSignal: async (object, { type, why }, cause) => {
          said.push(`${object.metadata.name}: ${type} for ${cause}, ${why}`);
          return { workflowId: 'id', runId: 'run' };
        },
        startUnlessOpen: async ({ metadata }, { type }) => {
          said.push(`${metadata.name}: ${type} unless a run is open`);
          return isOpen ? undefined : { workflowId: 'id', runId: 'run' };
        },
        signal: async ({ metadata }) => void said.push(`${metadata.name}: changed`),
      },
      resyncSeconds: 60,
      metrics: {
        reported: (work, cause) => counted.push(`${work} ${cause}`),
        failed: () => undefined,
        follow: () => undefined,
      },
      logger: recordedLog(),
    },
  );
});
afterEach(async () => {
  await reporting.stop();
  vi.useRealTimers();
});

async function change(to: Deployment | undefined): Promise<readonly string[]> {
  live = to;
  said = [];
  reporting.changed(rpc(0, 0).metadata);
  await vi.advanceTimersByTimeAsync(1);
  return said;
}

describe('another kind of object', () => {
  it('gets runs that are started, signalled, and left alone, like a node', async () => {
    expect(await change(rpc(1, 0))).toEqual([]);
    expect(await change(rpc(2, 3))).toEqual(['rpc: deploymentRoll for change, 3 nodes outdated']);
    expect(await change(rpc(2, 3))).toEqual([]);
    expect(await change(rpc(2, 0))).toEqual([]);
    expect(await change(rpc(3, 0))).toEqual(['rpc: changed']);
    expect(await change(undefined)).toEqual(['rpc: changed']);
  });

  it('gets its work started again by each resync, unless its run is open', async () => {
    await change(rpc(1, 2));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(counted).toEqual(['deploymentRoll change', 'deploymentRoll resync']);
    isOpen = true;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(counted).toEqual(['deploymentRoll change', 'deploymentRoll resync']);
    expect(said.slice(1)).toEqual(Array(2).fill('rpc: deploymentRoll unless a run is open'));
  });

  it('is signalled by a resync that finds another reason for the same work', async () => {
    await change(rpc(1, 2));
    why = 'broken';
    await vi.advanceTimersByTimeAsync(60_000);
    expect(said.slice(1)).toEqual(['rpc: deploymentRoll for resync, 2 nodes broken']);
  });
});
