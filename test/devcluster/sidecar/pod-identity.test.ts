import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { aPod } from './a-pod.ts';
import { runSidecars } from './running-sidecars.ts';
import type { RunningSidecars } from './running-sidecars.ts';

const ID = '5e4f4d0e-7a53-4c4b-9a33-0d4cbd0f8f11';
const NODE = { namespace: 'chain', name: 'n0' };

let sidecars: RunningSidecars;

beforeEach(async () => {
  sidecars = await runSidecars();
  sidecars.volumes.claimed('chain/data-n0', 'claim-1');
  sidecars.fleet.seen(aPod());
});

afterEach(() => sidecars.close());

const replacement = { uid: 'uid-2', version: 10 } as const;

describe('a replaced pod', () => {
  it('is not ready, though it has the address of the one before', async () => {
    await sidecars.submit({ type: 'mark-ready' });
    sidecars.fleet.gone(aPod());
    sidecars.fleet.seen(aPod(replacement));
    expect(await sidecars.healthz()).toBe(503);
  });

  it('still knows the tasks on the volume, so a completed mark-ready is a silent no-op', async () => {
    await sidecars.submit({ id: ID, type: 'mark-ready' });
    sidecars.fleet.gone(aPod());
    sidecars.fleet.seen(aPod(replacement));
    expect((await sidecars.submit({ id: ID, type: 'mark-ready' })).status).toBe(201);
    expect(await sidecars.healthz()).toBe(503);
  });

  it('has an empty store when its claim was made again', async () => {
    await sidecars.submit({ id: ID, type: 'mark-ready' });
    sidecars.fleet.gone(aPod());
    sidecars.volumes.released('chain/data-n0');
    sidecars.volumes.claimed('chain/data-n0', 'claim-2');
    sidecars.fleet.seen(aPod(replacement));
    await sidecars.submit({ id: ID, type: 'mark-ready' });
    expect(await sidecars.healthz()).toBe(200);
  });
});

describe('a sidecar that restarts in its pod', () => {
  it('is not ready any more and keeps its tasks, those of a pod without a claim too', async () => {
    sidecars.fleet.seen(aPod({ ...replacement, claim: null }));
    await sidecars.submit({ id: ID, type: 'mark-ready' });
    await sidecars.admin.restart(NODE);
    expect(await sidecars.healthz()).toBe(503);
    expect((await sidecars.call('GET', `/v0/tasks/${ID}`)).status).toBe(200);
  });

  it('takes up a mark-ready that was running', async () => {
    await sidecars.admin.setFaults(NODE, { kind: 'slow-task', durationMs: 60_000, times: 1 });
    await sidecars.submit({ id: ID, type: 'mark-ready' });
    expect(await sidecars.healthz()).toBe(503);
    await sidecars.admin.restart(NODE);
    expect(await sidecars.healthz()).toBe(200);
  });

  it('is a new one when the container has restarted on its own, and only once', async () => {
    await sidecars.submit({ type: 'mark-ready' });
    sidecars.fleet.seen(aPod({ version: 2, restarts: 1 }));
    expect(await sidecars.healthz()).toBe(503);
    await sidecars.submit({ type: 'mark-ready' });
    sidecars.fleet.seen(aPod({ version: 3, restarts: 1 }));
    expect(await sidecars.healthz()).toBe(200);
  });

  it('keeps the tasks of a pod without a claim when its container restarts on its own', async () => {
    sidecars.fleet.seen(aPod({ ...replacement, claim: null }));
    await sidecars.submit({ id: ID, type: 'mark-ready' });
    sidecars.fleet.seen(aPod({ ...replacement, claim: null, version: 11, restarts: 1 }));
    expect((await sidecars.call('GET', `/v0/tasks/${ID}`)).status).toBe(200);
  });

  it('is not restarted once more by the status that shows it', async () => {
    await sidecars.admin.restart(NODE);
    await sidecars.submit({ type: 'mark-ready' });
    sidecars.fleet.seen(aPod({ version: 2, restarts: 1 }));
    expect(await sidecars.healthz()).toBe(200);
  });
});

describe('an address', () => {
  it('stays with the pod that has it now, whatever is heard of the one before', async () => {
    sidecars.fleet.seen(aPod({ node: 'n1', uid: 'uid-2' }));
    await sidecars.submit({ type: 'mark-ready' });
    sidecars.fleet.seen(aPod({ version: 2, terminating: true }));
    expect(await sidecars.healthz()).toBe(200);
    sidecars.fleet.gone(aPod({ version: 3, terminating: true }));
    expect(await sidecars.healthz()).toBe(200);
  });

  it('resets connections when no pod has it', async () => {
    await expect(sidecars.healthz('127.97.0.2')).rejects.toThrow('fetch failed');
  });
});

describe('a pod', () => {
  it('resets connections while its proxy does not run', async () => {
    sidecars.fleet.seen(aPod({ version: 2, proxy: 'waiting' }));
    await expect(sidecars.healthz()).rejects.toThrow('fetch failed');
  });

  it('answers 502 while its sidecar does not run behind the proxy', async () => {
    sidecars.fleet.seen(aPod({ version: 2, sidecar: 'waiting' }));
    expect(await sidecars.healthz()).toBe(502);
  });

  it('does not go back to an older version of itself', async () => {
    sidecars.fleet.seen(aPod({ version: 9, sidecar: 'waiting' }));
    sidecars.fleet.seen(aPod({ version: 8 }));
    expect(await sidecars.healthz()).toBe(502);
  });

  it('does not come back after it has gone', async () => {
    sidecars.fleet.gone(aPod());
    sidecars.fleet.seen(aPod({ version: 2 }));
    await expect(sidecars.healthz()).rejects.toThrow('fetch failed');
  });
});
