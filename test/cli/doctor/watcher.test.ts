import { describe, expect, it } from 'vitest';

import { checkWatcher, verdictOnLease } from '../../../cli/doctor/check-watcher.ts';
import { ApiError } from '../../../kubernetes/api/api-error.ts';
import type { ApiRequest } from '../../../kubernetes/api/client.ts';

const NOW = new Date('2026-01-01T12:00:00Z');
const KEY = { namespace: 'seinode-system', name: 'seinode-watcher' };

function record(holderIdentity: string, secondsAgo: number) {
  const renewTime = new Date(NOW.getTime() - secondsAgo * 1_000).toISOString();
  const acquireTime = renewTime;
  return { holderIdentity, leaseDurationSeconds: 10, acquireTime, renewTime, leaseTransitions: 0 };
}

describe('the Lease of the watchers', () => {
  it('names who leads, and when that was renewed', () => {
    expect(verdictOnLease(KEY, record('watcher-a', 2), NOW)).toEqual({
      name: 'watcher',
      verdict: 'ok',
      found: 'watcher-a holds Lease seinode-system/seinode-watcher, renewed 2s ago',
    });
  });

  it('may be of a clock that differs a little', () => {
    expect(verdictOnLease(KEY, record('watcher-a', -20), NOW).verdict).toBe('ok');
    expect(verdictOnLease(KEY, record('watcher-a', 30), NOW).verdict).toBe('ok');
  });

  it('that nobody holds, or that nobody renews, is a trouble with a remedy', () => {
    for (const [held, found] of [
      [record('', 1), 'no watcher holds Lease seinode-system/seinode-watcher'],
      [
        record('watcher-a', 300),
        'watcher-a held Lease seinode-system/seinode-watcher, renewed 5m ago, and no other has taken it',
      ],
    ] as const) {
      expect(verdictOnLease(KEY, held, NOW)).toEqual({
        name: 'watcher',
        verdict: 'fail',
        found,
        remedy: 'start a watcher, or find out why those in namespace seinode-system do not run',
      });
    }
  });

  it('without a readable time is taken for one that nobody renews', () => {
    const unreadable = { ...record('watcher-a', 0), renewTime: '' };
    expect(verdictOnLease(KEY, unreadable, NOW).verdict).toBe('fail');
  });
});

describe('the check of the watcher', () => {
  it('looks where the installations of deploy/ have their Lease', async () => {
    const { asked, check } = checking(404, {});
    expect(await check).toMatchObject({
      verdict: 'warn',
      found: 'unknown: there is no Lease rpc/seinode-watcher or seinode-system/seinode-watcher',
    });
    expect(asked).toEqual([leasePath('rpc'), leasePath('seinode-system')]);
  });

  it('looks where the environment says that it is, and nowhere else', async () => {
    const env = { SEINODE_LEASE_NAMESPACE: 'ops', SEINODE_LEASE_NAME: 'another' };
    const { asked, check } = checking(404, env);
    expect((await check).found).toBe('unknown: there is no Lease ops/another');
    expect(asked).toEqual([leasePath('ops', 'another')]);
  });

  it('without the right to see it says so', async () => {
    expect(await checking(403, {}).check).toMatchObject({
      verdict: 'warn',
      found: expect.stringMatching(/^unknown: not for you/) as string,
      remedy: expect.stringContaining('right to get its Lease') as string,
    });
  });
});

/** Runs the check with an API server that refuses everything. */
function checking(code: number, env: Readonly<Record<string, string>>) {
  const asked: string[] = [];
  const details = { name: 'seinode-watcher' };
  const send = ({ path }: ApiRequest): Promise<unknown> => {
    asked.push(path);
    const body = JSON.stringify({ kind: 'Status', message: 'not for you', details, code });
    return Promise.reject(new ApiError(code, body, {}));
  };
  const interrupted = new AbortController().signal;
  const session = { namespace: 'rpc', env, interrupted, now: () => NOW };
  const check = checkWatcher({ ...session, kubernetes: { server: 'https://here', send } });
  return { asked, check };
}

function leasePath(namespace: string, name = 'seinode-watcher'): string {
  return `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/${name}`;
}
