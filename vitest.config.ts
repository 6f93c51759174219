import { availableParallelism } from 'node:os';

import { defineConfig } from 'vitest/config';
import type { TestProjectInlineConfiguration } from 'vitest/config';

import { findPostgresql } from './devcluster/temporal/postgresql-programs.ts';

/** No pure test takes a minute, even on two busy cores; a wait in a test ends sooner, and says what it waited for. */
const pure = { testTimeout: 60_000, hookTimeout: 60_000 };

/** At least two workers: on two cores vitest would use one, and the other would idle for a quarter of an hour. */
const busy = { maxWorkers: Math.max(2, availableParallelism() - 1), sequence: { groupOrder: 1 } };

/** Three workers share two cores well, because these tests wait for servers most of the time. */
const waiting = {
  maxWorkers: Math.max(3, availableParallelism() - 1),
  // The slowest test has taken two minutes on a busy machine.
  testTimeout: 300_000,
  hookTimeout: 300_000,
  // One devcluster for all files; each has a namespace of its own.
  globalSetup: ['test/support/testbed/devcluster-setup.ts'],
};

/**
 * The e2e files that run again on PostgreSQL: those whose outcome depends on Temporal's server and its database. The
 * others would only double the time. They are about its own life, its loss in the middle of rolls, namespaces and search
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
          // The slowest test has taken a minute and a half on a busy machine.
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
