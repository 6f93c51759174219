import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { eventually } from '../../support/eventually.ts';
import { aPod } from './a-pod.ts';
import { runSidecars } from './running-sidecars.ts';
import type { RunningSidecars } from './running-sidecars.ts';

/** Time for some requests on a busy machine, before a task is over. */
const LONG_ENOUGH_MS = 2_000;
const ID = '5e4f4d0e-7a53-4c4b-9a33-0d4cbd0f8f11';
const NODE = { namespace: 'chain', name: 'n0' };

let sidecars: RunningSidecars;

beforeEach(async () => {
  sidecars = await runSidecars();
  sidecars.fleet.seen(aPod());
});

afterEach(() => sidecars.close());

describe('a fault', () => {
  it('hits only the calls that it names', async () => {
    await sidecars.admin.setFaults(NODE, { kind: 'error', status: 500, calls: ['submit-task'] });
    expect(await sidecars.healthz()).toBe(503);
    expect((await sidecars.submit({ type: 'mark-ready' })).status).toBe(500);
    expect((await sidecars.admin.state(NODE)).sidecar?.tasks).toEqual([]);
  });

  it('is over after as many requests as it says', async () => {
    await sidecars.admin.setFaults(NODE, { kind: 'error', status: 502, times: 2 });
    const statuses = [await sidecars.healthz(), await sidecars.healthz(), await sidecars.healthz()];
    expect(statuses).toEqual([502, 502, 503]);
    expect((await sidecars.admin.state(NODE)).faults).toEqual([]);
  });

  it('does not hit the sidecars of other nodes', async () => {
    sidecars.fleet.seen(aPod({ node: 'n1', uid: 'uid-2', ip: '127.97.0.2' }));
    await sidecars.admin.setFaults(NODE, { kind: 'refuse' });
    expect(await sidecars.healthz('127.97.0.2')).toBe(503);
  });

  it('stays with the node when its pod is replaced, until it is taken away', async () => {
    await sidecars.admin.setFaults(NODE, { kind: 'error', status: 500 });
    sidecars.fleet.gone(aPod());
    sidecars.fleet.seen(aPod({ uid: 'uid-2' }));
    expect(await sidecars.healthz()).toBe(500);
    await sidecars.admin.setFaults(NODE);
    expect(await sidecars.healthz()).toBe(503);
  });

  it('is refused when it is not one, with what is wrong', async () => {
    const fault = { kind: 'error', status: 200 } as const;
    await expect(sidecars.admin.setFaults(NODE, fault)).rejects.toThrow('status');
  });
});

describe('refuse', () => {
  it('resets the connection without an effect', async () => {
    await sidecars.admin.setFaults(NODE, { kind: 'refuse', times: 1 });
    await expect(sidecars.submit({ type: 'mark-ready' })).rejects.toThrow('fetch failed');
    expect(await sidecars.healthz()).toBe(503);
  });
});

describe('drop-after-effect', () => {
  it('performs the call and gives no answer', async () => {
    await sidecars.admin.setFaults(NODE, { kind: 'drop-after-effect', times: 1 });
    await expect(sidecars.submit({ type: 'mark-ready' })).rejects.toThrow('fetch failed');
    expect(await sidecars.healthz()).toBe(200);
  });
});

describe('hang', () => {
  it('takes the request and never answers', async () => {
    await sidecars.admin.setFaults(NODE, { kind: 'hang' });
    const patience = new AbortController();
    const request = sidecars.call('GET', '/v0/healthz', { signal: patience.signal });
    const answer = request.catch((err: unknown) => err);
    await eventually('the request has arrived', async () => {
      return (await sidecars.admin.journal(NODE)).length === 1;
    });
    patience.abort(new Error('out of patience'));
    expect(String(await answer)).toContain('out of patience');
    expect(await sidecars.admin.journal(NODE)).toMatchObject([{ outcome: 'hang' }]);
  });
});

describe('slow', () => {
  it('answers late', async () => {
    await sidecars.admin.setFaults(NODE, { kind: 'slow', latencyMs: 120 });
    const begun = performance.now();
    expect(await sidecars.healthz()).toBe(503);
    expect(performance.now() - begun).toBeGreaterThan(110);
  });

  it('has no effect when the pod goes before the answer', async () => {
    await sidecars.admin.setFaults(NODE, { kind: 'slow', latencyMs: 3_000, times: 1 });
    const submission = sidecars.submit({ id: ID, type: 'mark-ready' });
    await eventually('the request has arrived', async () => {
      return (await sidecars.admin.state(NODE)).faults.length === 0;
    });
    sidecars.fleet.gone(aPod());
    await expect(submission).rejects.toThrow('fetch failed');
    expect(sidecars.volumes.of('chain/data-n0').tasks.size).toBe(0);
  });
});

describe('unauthorized', () => {
  it('answers 401 without the token, but not to the probes', async () => {
    await sidecars.admin.setFaults(NODE, { kind: 'unauthorized', acceptedToken: 'good' });
    const status = async (token: string) =>
      (await sidecars.call('GET', '/v0/status', { token })).status;
    expect(await status('bad')).toBe(401);
    expect(await status('good')).toBe(200);
    expect(await sidecars.healthz()).toBe(503);
  });
});

describe('store-fails', () => {
  it('is a 400 to a submission, as every refusal is, and shows in livez', async () => {
    await sidecars.admin.setFaults(NODE, { kind: 'store-fails' });
    expect((await sidecars.submit({ id: ID, type: 'mark-ready' })).status).toBe(400);
    expect((await sidecars.call('GET', '/v0/livez')).status).toBe(503);
    expect((await sidecars.call('DELETE', `/v0/tasks/${ID}`)).status).toBe(503);
    await sidecars.admin.setFaults(NODE);
    expect((await sidecars.call('GET', '/v0/livez')).status).toBe(200);
    expect((await sidecars.call('GET', `/v0/tasks/${ID}`)).status).toBe(404);
  });
});

describe('slow-task', () => {
  it('leaves a task running for as long as it says', async () => {
    await sidecars.admin.setFaults(NODE, {
      kind: 'slow-task',
      durationMs: LONG_ENOUGH_MS,
      taskTypes: ['mark-ready'],
    });
    await sidecars.submit({ type: 'config-apply' });
    expect((await sidecars.admin.state(NODE)).sidecar?.tasks).toMatchObject([
      { type: 'config-apply', status: 'completed' },
    ]);
    await sidecars.submit({ id: ID, type: 'mark-ready' });
    const task = async () => (await sidecars.call('GET', `/v0/tasks/${ID}`)).json();
    expect(await task()).toMatchObject({ status: 'running' });
    await eventually('the sidecar is ready', async () => (await sidecars.healthz()) === 200);
    expect(await task()).toMatchObject({ status: 'completed' });
  });

  it('does not bring back a task that was deleted meanwhile', async () => {
    await sidecars.admin.setFaults(NODE, { kind: 'slow-task', durationMs: LONG_ENOUGH_MS });
    await sidecars.submit({ id: ID, type: 'mark-ready' });
    await sidecars.call('DELETE', `/v0/tasks/${ID}`);
    await sidecars.submit({ type: 'config-apply' });
    await eventually('the task that began later has completed', async () => {
      const tasks = (await sidecars.admin.state(NODE)).sidecar?.tasks ?? [];
      return tasks.some(({ status }) => status === 'completed');
    });
    expect((await sidecars.call('GET', `/v0/tasks/${ID}`)).status).toBe(404);
    expect(await sidecars.healthz()).toBe(503);
  });

  it('does not finish the tasks of a pod that went', async () => {
    sidecars.fleet.seen(aPod({ node: 'n1', uid: 'uid-2', ip: '127.97.0.2' }));
    for (const name of ['n0', 'n1']) {
      await sidecars.admin.setFaults(
        { ...NODE, name },
        { kind: 'slow-task', durationMs: LONG_ENOUGH_MS },
      );
    }
    await sidecars.submit({ id: ID, type: 'mark-ready' });
    const body = JSON.stringify({ type: 'mark-ready' });
    await sidecars.call('POST', '/v0/tasks', { address: '127.97.0.2', body });
    sidecars.fleet.gone(aPod());
    await eventually('the task that began later has completed', async () => {
      return (await sidecars.healthz('127.97.0.2')) === 200;
    });
    expect(sidecars.volumes.of('chain/data-n0').tasks.get(ID)).toMatchObject({ status: 'running' });
  });
});

describe('the journal', () => {
  it('has each request with its call, its pod and its outcome, oldest first', async () => {
    await sidecars.submit({ id: ID, type: 'config-apply', params: { a: 1 } });
    await sidecars.healthz();
    const [submission, probe, ...rest] = await sidecars.admin.journal(NODE);
    expect(rest).toEqual([]);
    expect(submission).toMatchObject({
      method: 'POST',
      path: '/v0/tasks',
      podUid: 'uid-1',
      outcome: 201,
      call: {
        kind: 'submit-task',
        submission: {
          kind: 'valid',
          submission: { id: ID, type: 'config-apply', params: { a: 1 } },
        },
      },
    });
    expect(probe).toMatchObject({ call: { kind: 'healthz' }, outcome: 503 });
  });

  it('can be cleared', async () => {
    await sidecars.healthz();
    await sidecars.admin.clearJournal(NODE);
    expect(await sidecars.admin.journal(NODE)).toEqual([]);
  });
});

describe('the state of a node', () => {
  it('has its pod, its tasks and whether it is ready', async () => {
    await sidecars.submit({ id: ID, type: 'mark-ready' });
    expect(await sidecars.admin.state(NODE)).toMatchObject({
      faults: [],
      pod: { name: 'n0-0', uid: 'uid-1', ip: '127.97.0.1' },
      sidecar: { ready: true, restartCount: 0, tasks: [{ id: ID }] },
    });
  });

  it('has nothing but faults while there is no pod', async () => {
    expect(await sidecars.admin.state({ namespace: 'chain', name: 'none' })).toEqual({
      faults: [],
    });
  });
});

it('says that it cannot restart a sidecar that does not run', async () => {
  sidecars.fleet.gone(aPod());
  await expect(sidecars.admin.restart(NODE)).rejects.toThrow('chain/n0 has no pod whose sidecar');
});
