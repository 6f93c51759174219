/**
 * The settings that the devcluster's Temporal on PostgreSQL shares with docker-compose.yml; test/deploy/compose.test.ts
 * compares them, and the versions in binaries/catalogue.ts.
 */

export const SQL_PLUGIN = 'postgres12';

/** Can never be changed in a database. */
export const HISTORY_SHARDS = 4;

/** The databases, each with its schema, which lies within temporal-sql-tool. */
export const DATABASES = {
  temporal: 'postgresql/v12/temporal',
  temporal_visibility: 'postgresql/v12/visibility',
} as const;

/** Four services have 30 connections each at most; PostgreSQL allows 100 by default. */
export const MAX_CONNECTIONS = 200;

export const DYNAMIC_CONFIG = {
  // Without it, thousands of broken nodes of one Kubernetes namespace delay a roll in another.
  'matching.enableFairness': [{ value: true }],
  // Hands an activity to the worker that has completed the workflow task, without a turn through matching.
  'system.enableActivityEagerExecution': [{ value: true }],
} as const;

/** A week: the status of each node holds everything that must outlive its runs. */
export const RETENTION = '7d';
