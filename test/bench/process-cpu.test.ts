import { expect, it } from 'vitest';

import { processCpuSeconds } from './process-cpu.ts';

it('the CPU seconds of a process grow as it works, and are 0 of one that has ended', () => {
  const used = (): number => process.cpuUsage().user + process.cpuUsage().system;
  const before = processCpuSeconds(process.pid);
  const end = used() + 100_000;
  while (used() < end);
  expect(processCpuSeconds(process.pid) - before).toBeGreaterThan(0);
  expect(processCpuSeconds(2 ** 30)).toBe(0);
});
