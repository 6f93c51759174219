/**
 * What a Temporal server here has in common with that of docker-compose.yml; test/deploy/compose.test.ts compares them,
 * and the versions in binaries/catalogue.ts.
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
  // Spares the way from the history service to a worker through matching, which is on by default in Temporal Cloud.
  'system.enableActivityEagerExecution': [{ value: true }],
} as const;

/** What has to outlive it is in the status of each node. */
export const RETENTION = '7d';
