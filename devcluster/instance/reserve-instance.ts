import { withLock } from '../lock.ts';
import { isAlive, ownIdentity } from '../process-table.ts';
import type { BringUpOptions } from './devcluster.ts';
import { canListen, freePorts } from './free-ports.ts';
import { assertInstanceName } from './instance-name.ts';
import { eraseInstance } from './instance-processes.ts';
import {
  instanceNames,
  instancePorts,
  postgresqlPorts,
  readInstanceState,
  writeInstanceState,
} from './instance-state.ts';
import type { InstanceState } from './instance-state.ts';
import { instancesDirectory } from './layout.ts';
import { SIDECAR_PORT } from './simulated-sidecar.ts';

/** The first block in use: everybody's own servers listen in 127.0.0.0/16, and 127.0.1.1 is many a host's name. */
const LOWEST_BLOCK = 64;
const HIGHEST_BLOCK = 254;

/**
 * Takes a name, ports and a block of loopback addresses that no other instance has, and erases what crashed processes
 * left behind.
 */
export async function reserveInstance(
  options: Required<Omit<BringUpOptions, 'auditPolicy' | 'progress'>>,
): Promise<InstanceState> {
  assertInstanceName(options.name);
  return await withLock(instancesDirectory(), async () => {
    eraseOrphans();
    const existing = readInstanceState(options.name);
    if (existing !== undefined) throw new Error(alreadyThere(existing));
    const others = instanceNames().flatMap((name) => readInstanceState(name) ?? []);
    const state: InstanceState = {
      name: options.name,
      lifetime: options.lifetime,
      phase: 'starting',
      starter: ownIdentity(),
      startedAt: new Date().toISOString(),
      block: await freeBlock(new Set(others.map(({ block }) => block))),
      ...(await portsBeside(others, options.temporalStore)),
      temporalStore: options.temporalStore,
    };
    writeInstanceState(state);
    return state;
  });
}

/** Returns whether nobody is left to take the instance down. */
export function isOrphan(state: InstanceState): boolean {
  return (state.lifetime === 'owned' || state.phase === 'starting') && !isAlive(state.starter);
}

function eraseOrphans(): void {
  for (const name of instanceNames()) {
    const state = readInstanceState(name);
    // The state is the first file that is written, under the same lock: no state, no instance.
    if (state === undefined || isOrphan(state)) eraseInstance(name);
  }
}

function alreadyThere(state: InstanceState): string {
  return state.lifetime === 'owned'
    ? `Devcluster ${state.name} belongs to the running process ${state.starter.pid}; end that, or choose another name`
    : `Devcluster ${state.name} is already ${state.phase}; take it down first, or choose another name`;
}

async function freeBlock(taken: ReadonlySet<number>): Promise<number> {
  const count = HIGHEST_BLOCK - LOWEST_BLOCK + 1;
  // At random, so that instances of other users, which we do not know, hardly ever meet ours before either listens.
  const start = Math.floor(Math.random() * count);
  for (let step = 0; step < count; step += 1) {
    const block = LOWEST_BLOCK + ((start + step) % count);
    if (!taken.has(block) && (await canListen(`127.${block}.0.1`, SIDECAR_PORT))) return block;
  }
  throw new Error(
    `Every block from 127.${LOWEST_BLOCK}.0.0/16 to 127.${HIGHEST_BLOCK}.0.0/16 is in use at port ${SIDECAR_PORT}; take a devcluster down`,
  );
}

async function portsBeside(
  others: readonly InstanceState[],
  store: InstanceState['temporalStore'],
): Promise<Pick<InstanceState, 'ports' | 'postgresqlPorts'>> {
  const taken = new Set(
    others.flatMap((each) => [
      ...Object.values(each.ports),
      ...Object.values(each.postgresqlPorts ?? {}),
    ]),
  );
  const names = Object.keys(instancePorts.unwrap().shape);
  const more = store === 'postgres' ? Object.keys(postgresqlPorts.unwrap().shape) : [];
  const free = await freePorts(names.length + more.length, taken);
  const assign = (keys: readonly string[]) =>
    Object.fromEntries(keys.map((name) => [name, free.shift()]));
  return {
    ports: instancePorts.parse(assign(names)),
    ...(more.length > 0 && { postgresqlPorts: postgresqlPorts.parse(assign(more)) }),
  };
}
