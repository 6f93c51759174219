import path from 'node:path';

import { describe, expect } from 'vitest';

import { findCondition } from '../../domain/node/condition.ts';
import { nodeWorkflowId } from '../../domain/run/workflow-id.ts';
import { scriptsRunBy } from '../docs/run-by.ts';
import type { DocumentedScript } from '../docs/shell-commands.ts';
import { podNameOf } from '../support/testbed/node-pods.ts';
import { V1, V2, V3 } from '../support/testbed/sei-nodes.ts';
import { RUN_BY_HAND, serveNamespace } from '../support/testbed/shipped-rights.ts';
import { runOf } from '../support/testbed/steering.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';
import type { Testbed } from '../support/testbed/testbed.ts';
import type { DocumentedShell, Placeholders } from './documented-shell.ts';
import { openDocumentedShell } from './documented-shell.ts';
import { CANNOT_PULL, SLOW_TERMINATE } from './stuck-updates.ts';

const OPERATIONS = 'docs/operations.md';
/** The name of a node of a fleet, which has the label of its chain. */
const FLEET = 'fleet-0';
/** The section of README.md that starts a worker and a watcher by hand. */
const BY_HAND = 'Use it on a cluster of yours';

/** The section of docs/operations.md that is about two nodes. */
const MOVING = "Moving a validator's key to another node";

/** Time for some twenty commands one after the other, which take a tenth of it on an idle machine. */
const WALK_MS = 600_000;

interface Reader {
  /** The current namespace of the shell. */
  readonly namespace: string;
  /** Variables beside the testbed's, or in their place. */
  readonly env?: Readonly<Record<string, string>>;
  readonly placeholders: Placeholders;
}

const it = testbedTest('documented', ['worker', 'watcher']).extend(
  'open',
  async ({ bed }, { onCleanup }) => {
    const shells: DocumentedShell[] = [];
    onCleanup(async () => {
      await Promise.all(shells.map((shell) => shell.close()));
    });
    return async ({ namespace, env = {}, placeholders }: Reader) => {
      const { kubeconfigPath, temporalAddress } = bed.cluster;
      const shell = await openDocumentedShell(kubeconfigPath, { ...bed.env, ...env }, [
        // The testbed has set these variables already.
        [/\bexport \w+=\.\.\.(?: \w+=\.\.\.)*/g, ':'],
        ['HOST:7233', temporalAddress],
        ...placeholders,
      ]);
      shells.push(shell);
      await shell.run({
        lines: [`kubectl config set-context --current --namespace ${namespace}`],
      });
      return shell;
    };
  },
);

/** Fills in what a reader writes who means this node. */
async function about(bed: Testbed, node: string, image: string): Promise<Placeholders> {
  const { uid } = (await bed.nodes.get(node)).metadata;
  return [
    ['seinode/CLUSTER/NAMESPACE/NAME', nodeWorkflowId(bed.namespace, bed.key(node))],
    ['--task-queue seinode-CLUSTER', `--task-queue ${bed.namespace}`],
    [/\bNAMESPACE\b/g, bed.namespace],
    [/\bNAME\b/g, node],
    [/\bUID\b/g, uid],
    [/\bIMAGE\b/g, image],
  ];
}

function scriptsOf(document: string, isWanted: (script: DocumentedScript) => boolean) {
  const scripts = scriptsRunBy(import.meta.filename, document).filter(isWanted);
  expect(scripts).not.toEqual([]);
  return scripts;
}

describe('the commands of', () => {
  it(
    'README.md bring the sample up, with worker and watcher run by hand',
    { timeout: WALK_MS },
    async ({ bed, open }) => {
      const namespace = `${bed.namespace}-by-hand`;
      await bed.core.createNamespace({
        body: { metadata: { name: namespace, labels: RUN_BY_HAND } },
      });
      await serveNamespace(bed.cluster, namespace);
      const env = {
        SEINODE_NAMESPACE: namespace,
        SEINODE_TASK_QUEUE: namespace,
        SEINODE_CLUSTER_NAME: namespace,
      };
      const shell = await open({ namespace, env, placeholders: [] });
      for (const script of scriptsOf('README.md', ({ section }) => section === BY_HAND)) {
        await shell.run(script);
      }
      await shell.run({
        lines: ['kubectl wait --for=condition=Ready snode/pacific-rpc-0 --timeout=160s'],
      });
      await bed.core.deleteNamespace({ name: namespace });
    },
  );

  it.for(['README.md', OPERATIONS])(
    '%s steer nodes from day to day',
    { timeout: WALK_MS },
    async (document, { bed, open }) => {
      const node = path.basename(document, '.md').toLowerCase();
      for (const name of [node, 'canary', 'next', FLEET]) {
        if (bed.nodes.versions(name).length === 0) await bed.nodes.createRunning(name, V1);
      }
      await bed.kubectl(['label', 'snode', FLEET, 'sei.io/chain=pacific-1', '--overwrite']);
      const { namespace } = bed;
      const shell = await open({ namespace, placeholders: await about(bed, node, V2) });
      const scripts = scriptsOf(
        document,
        ({ section }) => section !== BY_HAND && section !== MOVING,
      );
      // A script that fails says so, with all that it has printed.
      for (const script of scripts) await shell.run(script);
      if (document === OPERATIONS) {
        expect((await bed.nodes.get(FLEET)).status?.currentImage).toBe(V2);
      }
    },
  );

  it('docs/operations.md move a key to another node', async ({ bed, open }) => {
    const secret = (secretName: string) => ({ secret: { secretName } });
    const names = ['old-signer', 'new-signer'] as const;
    const create = (name: string) =>
      bed.nodes.createValidator(name, { signingKey: secret('moved'), nodeKey: secret(name) });
    const [from, to] = names;
    await create(from);
    await bed.nodes.untilSettledOn(from, V1);
    await create(to);
    await bed.nodes.until(
      to,
      'its key is in use',
      ({ status }) => findCondition(status?.conditions, 'Stalled')?.reason === 'IdentityInUse',
    );
    const placeholders: Placeholders = [
      [/\bOLD\b/g, from],
      [/\bNEW\b/g, to],
    ];
    const shell = await open({ namespace: bed.namespace, placeholders });
    for (const script of scriptsOf(OPERATIONS, ({ section }) => section === MOVING)) {
      await shell.run(script);
    }
    await bed.nodes.untilSettledOn(to, V1);
  });

  it(
    'docs/stuck-roll.md bring a roll on whose pod does not end, have a refused pod tried again, roll a stuck one back, and hold one at rest',
    { timeout: WALK_MS },
    async ({ bed, open }) => {
      const [letGo, tryAgain, rollBack, hold, ...others] = scriptsOf(
        'docs/stuck-roll.md',
        () => true,
      );
      expect(others).toEqual([]);
      if (letGo === undefined || tryAgain === undefined) throw new Error('fewer');
      if (rollBack === undefined || hold === undefined) throw new Error('fewer');
      const { namespace } = bed;

      await bed.nodes.createRunning('gone', SLOW_TERMINATE);
      await bed.nodes.setImage('gone', V2);
      const pod = podNameOf('gone');
      await bed.pods.until(pod, 'it terminates', ({ isTerminating }) => isTerminating);
      const gone = await open({ namespace, placeholders: await about(bed, 'gone', V2) });
      await gone.run(letGo);
      await bed.nodes.untilSettledOn('gone', V2);

      const quota = { metadata: { name: 'none' }, spec: { hard: { pods: '0' } } };
      await bed.core.createNamespacedResourceQuota({ namespace, body: quota });
      await bed.nodes.create('refused', { image: V1 });
      await bed.nodes.until('refused', 'its pod is refused', ({ status }) =>
        (status?.conditions ?? []).some(({ reason }) => reason === 'PodRefused'),
      );
      await bed.core.deleteNamespacedResourceQuota({ namespace, name: 'none' });
      const refused = await open({ namespace, placeholders: await about(bed, 'refused', V1) });
      await refused.run(tryAgain);
      await bed.nodes.untilSettledOn('refused', V1);

      await bed.nodes.createRunning('stuck', V1);
      await bed.nodes.setImage('stuck', CANNOT_PULL);
      await bed.nodes.until('stuck', 'its roll is stuck', ({ status }) =>
        (status?.conditions ?? []).some(({ reason }) => reason === 'ImagePullBackOff'),
      );
      const stuck = await open({ namespace, placeholders: await about(bed, 'stuck', V3) });
      expect(await stuck.run(rollBack)).toContain('is rolled back');
      await runOf(bed, 'stuck').result();
      await stuck.run(hold);
      await bed.nodes.until('stuck', 'it is held', ({ status }) => status?.hold?.actor === 'kim');
    },
  );
});
