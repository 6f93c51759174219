import { describe, expect, it } from 'vitest';

import { addressAt, indexOf } from '../../../devcluster/sidecar/cidr.ts';
import { readOptions } from '../../../devcluster/sidecar/options.ts';

const ENV = { KUBECONFIG: '/k', SIDECAR_CIDR: '127.81.0.0/16' };

describe('readOptions', () => {
  it('takes the port of kube-rbac-proxy unless another is set', () => {
    expect(readOptions(ENV)).toMatchObject({ kubeconfig: '/k', port: 8443 });
    expect(readOptions({ ...ENV, SIDECAR_PORT: '9443' }).port).toBe(9443);
  });

  it('reads a block of addresses', () => {
    const { cidr } = readOptions(ENV);
    expect(addressAt(cidr, 1)).toBe('127.81.0.1');
    expect(addressAt(cidr, 300)).toBe('127.81.1.44');
    expect(indexOf(cidr, '127.81.1.44')).toBe(300);
    expect(indexOf(cidr, '127.82.0.0')).toBeUndefined();
    expect(indexOf(cidr, '127.80.255.255')).toBeUndefined();
  });

  it.each([
    ['no kubeconfig', { KUBECONFIG: '' }, 'KUBECONFIG is not set'],
    ['a port that is none', { SIDECAR_PORT: 'http' }, 'SIDECAR_PORT is http'],
    ['no block of addresses', { SIDECAR_CIDR: undefined }, "SIDECAR_CIDR is ''"],
    ['addresses that are not of loopback', { SIDECAR_CIDR: '10.0.0.0/16' }, "'10.0.0.0/16'"],
    ['a block of one address', { SIDECAR_CIDR: '127.0.0.1/32' }, "'127.0.0.1/32'"],
  ])('refuses %s', (_, env, message) => {
    expect(() => readOptions({ ...ENV, ...env })).toThrow(message);
  });
});
