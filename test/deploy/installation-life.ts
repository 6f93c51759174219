import type { V1PolicyRule } from '@kubernetes/client-node';

import { findCondition } from '../../domain/node/condition.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import { eventually } from '../support/eventually.ts';
import type { OperatorRole } from '../support/testbed/operator-process.ts';
import { V1, V2 } from '../support/testbed/sei-nodes.ts';
import type { Testbed } from '../support/testbed/testbed.ts';
import type { Access } from './access.ts';
import type { Installation, InstalledProcess } from './installation.ts';
import type { Manifests } from './manifest.ts';

/** One process: what it was allowed to do, and what it did. */
interface ProcessLife {
  /** `namespace:name`. */
  readonly account: string;
  readonly rules: readonly V1PolicyRule[];
  readonly accesses: readonly Access[];
}

export type InstallationLife = Readonly<Record<OperatorRole, ProcessLife>> & {
  readonly rendered: Manifests;
};

/** What the testbed gives its own processes; the installation decides it for those that it runs. */
const NOT_OF_THE_TESTBED = { SEINODE_NAMESPACE: '', SEINODE_CLUSTER_NAME: '' };

/**
 * Runs worker and watcher with the rights of their accounts while a node is created under a quota
 * that refuses its pod at first, rolled, robbed of its Service, and deleted, and another one comes up on
 * a claim that was restored: between them they make every kind of request that they ever make.
 *
 * @param node a name that none had before: what is left of another would not be created again
 * @param others of further namespaces that are served, in each of which a node is rolled meanwhile
 */
export async function liveThrough(
  bed: Testbed,
  installation: Installation,
  node: string,
  others: readonly Testbed[] = [],
): Promise<InstallationLife> {
  const worker = await installation.process('worker');
  const watcher = await installation.process('watcher');
  const running = [
    await bed.start('worker', { ...NOT_OF_THE_TESTBED, ...worker.env }),
    await bed.start('watcher', { ...NOT_OF_THE_TESTBED, ...watcher.env }),
  ];
  await Promise.all([lifeOf(bed, node), ...others.map((each) => rolledIn(each, node))]);
  // The end of a process is part of it: a Lease is given back.
  for (const each of running) await each.stop('SIGTERM');
  await Promise.all([worker.recorder.close(), watcher.recorder.close()]);
  const { rendered } = installation;
  return { rendered, worker: recorded(worker), watcher: recorded(watcher) };
}

async function rolledIn(bed: Testbed, name: string): Promise<void> {
  await bed.nodes.createRunning(name, V1);
  await bed.nodes.setImage(name, V2);
  await bed.nodes.untilSettledOn(name, V2);
}

async function lifeOf(bed: Testbed, name: string): Promise<void> {
  const created = await bornUnderQuota(bed, name);
  await validatorOf(bed, `${name}-signing`);
  await bed.nodes.setImage(name, V2);
  await bed.nodes.untilSettledOn(name, V2);
  const serviceUid = async (): Promise<string | undefined> =>
    (await bed.core.readNamespacedService(bed.key(name))).metadata?.uid;
  const robbed = await serviceUid();
  await bed.core.deleteNamespacedService(bed.key(name));
  await eventually('there is another Service', async () => (await serviceUid()) !== robbed);
  await bed.nodes.delete(name);
  await bed.nodes.untilGone(created);
  await restored(bed, `${name}-restored`);
}

/** Its claim was there before, as a backup tool leaves it: without an owner. */
async function restored(bed: Testbed, name: string): Promise<void> {
  const { namespace } = bed;
  await bed.core.createNamespacedPersistentVolumeClaim({
    namespace,
    body: {
      metadata: { name: `data-${name}` },
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
    },
  });
  await bed.nodes.create(name, { image: V1 });
  await bed.nodes.untilSettledOn(name, V1);
}

/** A key is taken before the pod is made, and given back when the node goes. */
async function validatorOf(bed: Testbed, name: string): Promise<void> {
  const secret = (secretName: string) => ({ secret: { secretName } });
  const validator = { signingKey: secret(`${name}-key`), nodeKey: secret(`${name}-p2p`) };
  const created = await bed.nodes.createValidator(name, validator);
  await bed.nodes.untilSettledOn(name, V1);
  await bed.nodes.delete(name);
  await bed.nodes.untilGone(created);
}

/** Only its Events say why a StatefulSet has no pod, and only while it has none are they asked for. */
async function bornUnderQuota(bed: Testbed, name: string): Promise<SeiNode> {
  const { namespace } = bed;
  const body = { metadata: { name }, spec: { hard: { pods: '0' } } };
  await bed.core.createNamespacedResourceQuota({ namespace, body });
  await bed.nodes.create(name, { image: V1 });
  await bed.nodes.until(name, 'it is told that its pod is refused', ({ status }) => {
    const stalled = findCondition(status?.conditions, 'Stalled');
    return stalled?.reason === 'PodRefused' && stalled.message.includes('exceeded quota');
  });
  await bed.core.deleteNamespacedResourceQuota({ namespace, name });
  return bed.nodes.untilSettledOn(name, V1);
}

function recorded({ account, rules, recorder }: InstalledProcess): ProcessLife {
  return { account, rules, accesses: recorder.accesses };
}
