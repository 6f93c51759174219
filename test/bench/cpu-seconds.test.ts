import { describe, expect, it } from 'vitest';

import { cpuPerRoll, cpuSpent, cpuText, cpuTotal } from './cpu-seconds.ts';

describe('the CPU seconds of rolls', () => {
  it('are those between two readings, whole for a process that began meanwhile', () => {
    const spent = cpuSpent({ etcd: 1, worker: 5 }, { etcd: 1.5, worker: 0.25, watcher: 2 });
    expect(spent).toEqual({ etcd: 0.5, worker: 0, watcher: 2 });
  });

  it('are the mean of all turns', () => {
    expect(cpuPerRoll([{ etcd: 1, worker: 2 }, { etcd: 3 }], 4)).toEqual({ etcd: 1, worker: 0.5 });
  });

  it('leave out of their sum what plays a part that a real cluster lacks', () => {
    const seconds = { etcd: 0.25, 'kwok-controller': 1, 'simulated-sidecar': 1, benchmark: 1 };
    expect(cpuTotal({ ...seconds, worker: 0.5 })).toBe(0.75);
  });

  it('name each process, the largest first', () => {
    expect(cpuText({ etcd: 0.02, 'kwok-controller': 0.03, worker: 0.1 })).toBe(
      'worker 0.100, kwok-controller 0.030 (not counted), etcd 0.020',
    );
  });
});
