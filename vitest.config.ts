import { availableParallelism } from 'node:os';

import { defineConfig } from 'vitest/config';

/** How long nothing takes on a busy machine of two cores: a test that fails says what it waited for. */
const pure = { testTimeout: 60_000, hookTimeout: 60_000 };

/** Vitest leaves one processor free, for whoever watches: one of two would idle for a quarter of an hour. */
const busy = { maxWorkers: Math.max(2, availableParallelism() - 1), sequence: { groupOrder: 1 } };

export default defineConfig({
  test: {
    reporters: ['default'],
    projects: [
      {
        test: {
          ...pure,
          ...busy,
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: ['test/e2e/**', 'test/workflows/**', 'test/replay/**'],
        },
      },
      {
        test: {
          ...busy,
          name: 'workflows',
          include: ['test/workflows/**/*.test.ts', 'test/replay/**/*.test.ts'],
          // One Temporal server for all files; each has a task queue of its own.
          globalSetup: ['test/support/workflow/temporal-setup.ts'],
          setupFiles: ['test/support/workflow/quiet-temporal.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          // One devcluster for all files; each has a namespace of its own.
          globalSetup: ['test/support/testbed/devcluster-setup.ts'],
          // They wait for servers most of the time: one worker, as vitest has on two cores, takes as
          // long as all of them together.
          maxWorkers: Math.max(3, availableParallelism() - 1),
          testTimeout: 300_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
});
