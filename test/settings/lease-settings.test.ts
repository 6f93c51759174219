import { describe, expect, it } from 'vitest';

import { readLeaseSettings } from '../../settings/lease-settings.ts';
import { UserError } from '../../settings/user-error.ts';

const ON = { SEINODE_LEADER_ELECTION: 'true' };

describe('readLeaseSettings', () => {
  it('has no election unless it is asked for', () => {
    expect(readLeaseSettings({ POD_NAME: 'w-0', POD_NAMESPACE: 'ops' })).toBeUndefined();
    expect(readLeaseSettings({ SEINODE_LEADER_ELECTION: 'false' })).toBeUndefined();
  });

  it('takes its place and its name from the pod', () => {
    expect(readLeaseSettings({ ...ON, POD_NAME: 'w-0', POD_NAMESPACE: 'ops' })).toEqual({
      namespace: 'ops',
      name: 'seinode-watcher',
      identity: 'w-0',
    });
  });

  it('can name the place of the Lease', () => {
    const where = { SEINODE_LEASE_NAMESPACE: 'nodes', SEINODE_LEASE_NAME: 'eu-1' };
    expect(readLeaseSettings({ ...ON, ...where, POD_NAMESPACE: 'ops' })).toMatchObject({
      namespace: 'nodes',
      name: 'eu-1',
    });
  });

  it('gives each process outside a pod a name of its own', () => {
    const settings = { ...ON, SEINODE_LEASE_NAMESPACE: 'nodes' };
    const [one, other] = [readLeaseSettings(settings), readLeaseSettings(settings)];
    expect(one?.identity).not.toBe(other?.identity);
  });

  it('says what to set when it has no place for the Lease', () => {
    expect(() => readLeaseSettings(ON)).toThrow(UserError);
    expect(() => readLeaseSettings(ON)).toThrow(/set SEINODE_LEASE_NAMESPACE, or POD_NAMESPACE/);
  });

  it('refuses a name that no Lease can have', () => {
    expect(() => readLeaseSettings({ ...ON, SEINODE_LEASE_NAMESPACE: 'No_Good' })).toThrow(
      /SEINODE_LEASE_NAMESPACE=No_Good: must be lower-case/,
    );
  });
});
