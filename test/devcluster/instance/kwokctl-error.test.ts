import { describe, expect, it } from 'vitest';

import { kwokctlError } from '../../../devcluster/instance/kwokctl-error.ts';

describe('kwokctlError', () => {
  it('takes the last error out of the log lines', () => {
    const log = [
      { level: 'INFO', msg: 'Cluster is creating' },
      { level: 'ERROR', msg: 'Failed to setup config', err: 'first' },
      { level: 'ERROR', msg: 'Execute exit', err: 'bin/etcd version: exit status 1\n' },
      { level: 'INFO', msg: 'Cluster is cleaned up' },
    ];
    const text = log.map((line) => JSON.stringify(line)).join('\n');
    expect(kwokctlError(text)).toBe('bin/etcd version: exit status 1');
  });

  it('keeps a text that is no log', () => {
    expect(kwokctlError('panic: no space left on device\n')).toBe('panic: no space left on device');
  });
});
