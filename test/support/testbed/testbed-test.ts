import { test } from 'vitest';

import { lastingStore, sharedDevcluster } from './devcluster.ts';
import { installCrd } from './install-crd.ts';
import type { OperatorRole } from './operator-process.ts';
import { installShippedRights } from './shipped-rights.ts';
import type { Rights, Testbed } from './testbed.ts';
import { openTestbed } from './testbed.ts';
import { bringUpTraced } from './traced-devcluster.ts';

/**
 * Makes tests that share a testbed of their file's own in the shared devcluster. One that fails shows the logs of the
 * testbed's processes.
 *
 * @param roles the processes that run there from the start
 */
export function testbedTest(prefix: string, roles: readonly OperatorRole[]) {
  return testsIn(() => openTestbed(sharedDevcluster(), prefix, 'shipped'), roles);
}

/** Makes the same in a devcluster of the file's own, whose Temporal server can be stopped and keeps its state. */
export function ownDevclusterTest(
  prefix: string,
  roles: readonly OperatorRole[],
  rights: Rights = 'shipped',
) {
  return testsIn(async () => {
    const cluster = await bringUpTraced({
      name: `${prefix}-${process.pid}`,
      temporalStore: lastingStore(),
    });
    await installCrd(cluster);
    if (rights === 'shipped') await installShippedRights(cluster);
    const bed = await openTestbed(cluster, prefix, rights);
    const close = async (): Promise<void> => {
      await bed.close();
      await cluster.down();
    };
    return { ...bed, close };
  }, roles);
}

function testsIn(open: () => Promise<Testbed>, roles: readonly OperatorRole[]) {
  return test
    .extend('roles', { scope: 'file' }, roles)
    .extend('bed', { scope: 'file' }, async ({ roles: wanted }, { onCleanup }) => {
      const bed = await open();
      onCleanup(() => bed.close());
      await Promise.all(wanted.map((role) => bed.start(role)));
      return bed;
    })
    .extend('logsOfFailure', { auto: true }, ({ bed, onTestFailed }) => {
      onTestFailed(() => tellLogs(bed));
    });
}

function tellLogs(bed: Testbed): void {
  for (const each of bed.processes()) {
    process.stderr.write(`--- ${each.role} ${each.pid}\n${each.log()}\n`);
  }
}
