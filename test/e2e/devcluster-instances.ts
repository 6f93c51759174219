import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { Client, Connection } from '@temporalio/client';
import { onTestFinished } from 'vitest';

import type { Devcluster } from '../../devcluster/instance/devcluster.ts';
import { eraseInstance, processesOf } from '../../devcluster/instance/instance-processes.ts';
import { instanceNames } from '../../devcluster/instance/instance-state.ts';
import { layoutOf } from '../../devcluster/instance/layout.ts';
import { startChild } from '../devcluster/child.ts';
import type { Child } from '../devcluster/child.ts';

const BRING_UP = join(import.meta.dirname, '..', 'devcluster', 'programs', 'bring-up.ts');
const MAIN = join(import.meta.dirname, '..', '..', 'devcluster', 'main.ts');

/** Makes a name of its own: instances of other runs of this file may be there at the same time. */
export function nameFor(purpose: string): string {
  return `test-${process.pid}-${purpose}`;
}

/** Lists what is left of an instance: processes, its directory, and its name. */
export function remainsOf(name: string): readonly string[] {
  return [
    ...processesOf(name).map(({ program }) => program),
    ...(existsSync(layoutOf(name).directory) ? [layoutOf(name).directory] : []),
    ...instanceNames().filter((each) => each === name),
  ];
}

/** @param store of its Temporal server */
export async function ownedByAnother(
  purpose: string,
  store = 'none',
): Promise<{ name: string; owner: Child }> {
  const name = nameFor(purpose);
  const owner = startChild(BRING_UP, [name, store]);
  onTestFinished(() => {
    owner.signal('SIGKILL');
    eraseInstance(name);
  });
  return { name, owner };
}

export async function devclusterCommand(...args: readonly string[]) {
  const child = startChild(MAIN, args);
  return { code: await child.ended, stdout: child.stdout(), stderr: child.stderr() };
}

export async function startWorkflow(devcluster: Devcluster, workflowId: string): Promise<void> {
  await withClient(devcluster, (client) =>
    client.workflow.start('nothing', { workflowId, taskQueue: 'nobody', args: [] }),
  );
}

export async function statusOf(devcluster: Devcluster, workflowId: string): Promise<string> {
  return await withClient(devcluster, async (client) => {
    const { status } = await client.workflow.getHandle(workflowId).describe();
    return status.name;
  });
}

export async function withClient<T>(
  { temporalAddress: address, namespace }: Devcluster,
  use: (client: Client) => Promise<T>,
): Promise<T> {
  const connection = await Connection.connect({ address });
  try {
    return await use(new Client({ connection, namespace }));
  } finally {
    await connection.close();
  }
}
