import { availableParallelism } from 'node:os';

import { defineConfig } from 'vitest/config';
import type { TestProjectInlineConfiguration } from 'vitest/config';

import { findPostgresql } from './devcluster/temporal/postgresql-programs.ts';

/** How long nothing takes on a busy machine of two cores: a test that fails says what it waited for. */
const pure = { testTimeout: 60_000, hookTimeout: 60_000 };

/** Vitest leaves one processor free, for whoever watches: one of two would idle for a quarter of an hour. */
const busy = { maxWorkers: Math.max(2, availableParallelism() - 1), sequence: { groupOrder: 1 } };

/** They wait for servers most of the time: one worker, as vitest has on two cores, takes as long as all together. */
const waiting = {
  maxWorkers: Math.max(3, availableParallelism() - 1),
  testTimeout: 300_000,
  hookTimeout: 300_000,
  // One devcluster for all files; each has a namespace of its own.
  globalSetup: ['test/support/testbed/devcluster-setup.ts'],
};

/**
 * The same on the Temporal server of an installation. Not all files, which would take as long once more, but those whose
 * outcome depends on the server and its database: its own life, its loss in the middle of rolls, namespaces and search
 * attributes, an update with its run in the lists, two of each process, versions of workers, payloads and TLS. What
 * the operator does in Kubernetes is the same on any server. About five minutes alone on two cores.
 */
const ON_POSTGRESQL = [
  'test/e2e/postgres/*.test.ts',
  'test/e2e/payload-encryption.test.ts',
  'test/e2e/set-up.test.ts',
  'test/e2e/temporal-outage.test.ts',
  'test/e2e/temporal-tls.test.ts',
  'test/e2e/two-workers.test.ts',
  'test/e2e/update.test.ts',
  'test/e2e/worker-versioning.test.ts',
];

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
          ...waiting,
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          exclude: ['test/e2e/postgres/**'],
          provide: { temporalServer: 'dev-server' },
        },
      },
      ...onPostgresql(),
    ],
  },
});

/** Makes a project where there is a PostgreSQL, and says so where there is none. */
function onPostgresql(): TestProjectInlineConfiguration[] {
  try {
    findPostgresql();
  } catch (err) {
    process.stderr.write(`The project e2e-postgres is skipped. ${(err as Error).message}\n`);
    return [];
  }
  return [
    {
      test: {
        ...waiting,
        name: 'e2e-postgres',
        include: ON_POSTGRESQL,
        provide: { temporalServer: 'postgres' },
      },
    },
  ];
}
