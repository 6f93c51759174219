import { mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';

import { z } from 'zod';

import { instancesDirectory, layoutOf } from './layout.ts';

const identity = z.object({ pid: z.number().int(), startTicks: z.string() }).readonly();

export const instancePorts = z
  .object({
    etcd: z.number(),
    etcdPeer: z.number(),
    kubeApiserver: z.number(),
    kubeControllerManager: z.number(),
    kubeScheduler: z.number(),
    kwok: z.number(),
    temporal: z.number(),
    temporalUi: z.number(),
  })
  .readonly();

/** The ports of a Temporal server that keeps its state in PostgreSQL, but that of its frontend. */
export const postgresqlPorts = z
  .object({
    postgresql: z.number(),
    frontendHttp: z.number(),
    frontendMembership: z.number(),
    history: z.number(),
    historyMembership: z.number(),
    matching: z.number(),
    matchingMembership: z.number(),
    worker: z.number(),
    workerMembership: z.number(),
  })
  .readonly();

const instanceState = z
  .object({
    name: z.string(),
    /** An `owned` instance ends with the process that started it, a `kept` one with `down`. */
    lifetime: z.enum(['owned', 'kept']),
    phase: z.enum(['starting', 'running']),
    /** The process that started it. */
    starter: identity,
    startedAt: z.iso.datetime(),
    /** Second number of the loopback block 127.x.0.0/16 that its pods have their addresses from. */
    block: z.number().int(),
    ports: instancePorts,
    temporalStore: z.enum(['none', 'memory', 'file', 'postgres']),
    /** Only with the store `postgres`. */
    postgresqlPorts: postgresqlPorts.optional(),
  })
  .readonly();

export type InstanceState = z.infer<typeof instanceState>;
export type InstancePorts = z.infer<typeof instancePorts>;
export type PostgresqlPorts = z.infer<typeof postgresqlPorts>;

/** @returns undefined for an instance that does not exist, or whose state cannot be read */
export function readInstanceState(name: string): InstanceState | undefined {
  try {
    const text = readFileSync(layoutOf(name).stateFile, 'utf8');
    const parsed = instanceState.safeParse(JSON.parse(text));
    return parsed.success && parsed.data.name === name ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

/** Replaces the state as a whole: neither a reader nor a crash ever sees half of it. */
export function writeInstanceState(state: InstanceState): void {
  const { directory, stateFile } = layoutOf(state.name);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const draft = `${stateFile}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(state, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(draft, stateFile);
}

/** Lists the names of the instances that have a directory, whatever their state. */
export function instanceNames(): string[] {
  try {
    return readdirSync(instancesDirectory(), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map((entry) => entry.name)
      .toSorted();
  } catch {
    return [];
  }
}
