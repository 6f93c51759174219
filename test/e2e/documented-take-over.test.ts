import { describe, expect } from 'vitest';

import { instanceEnvironment } from '../../devcluster/instance/instance-processes.ts';
import type { NodeRunInput } from '../../domain/run/node-run.ts';
import { defaultTaskQueue } from '../../domain/run/task-queue.ts';
import { runCliProcess } from '../cli/cli-process.ts';
import { scriptsRunBy } from '../docs/run-by.ts';
import { objectsOf } from '../manifests/node-objects.ts';
import { eventually } from '../support/eventually.ts';
import { V1, V2 } from '../support/testbed/sei-nodes.ts';
import { ownDevclusterTest } from '../support/testbed/testbed-test.ts';
import type { Testbed } from '../support/testbed/testbed.ts';
import { editSettings, installedSettings, startInstalled } from './documented-operator.ts';
import { openDocumentedShell } from './documented-shell.ts';

const DOCUMENT = 'docs/take-over.md';
const NODE = 'pacific-rpc-0';
/** The cluster's name in workflow ids, by the settings of `deploy/example`. */
const CLUSTER = 'example';
const ORIGINAL = { namespace: 'original-system', name: 'original-manager' };

/** Time for some thirty commands one after the other, which take a tenth of it on an idle machine. */
const WALK_MS = 600_000;

/** The file has a cluster of its own: the operator that takes over here serves all namespaces. */
const it = ownDevclusterTest('handover', [], 'of-the-admin');

describe('docs/take-over.md', () => {
  it(
    'leads over, and back, without a pod that is replaced',
    { timeout: WALK_MS },
    async ({ bed, onTestFinished }) => {
      await leaveBehind(bed);
      const { cluster, namespace } = bed;
      const shell = await openDocumentedShell(
        cluster.kubeconfigPath,
        instanceEnvironment(cluster.name),
        [
          ['HOST:7233', cluster.temporalAddress],
          ['TEMPORAL_NAMESPACE=seinode', `TEMPORAL_NAMESPACE=${cluster.namespace}`],
          ['NAMESPACE-OF-THE-ORIGINAL', ORIGINAL.namespace],
          ['NAME-OF-THE-ORIGINAL', ORIGINAL.name],
          ['seinode/CLUSTER/', `seinode/${CLUSTER}/`],
          [/\bNAMESPACE\b/g, namespace],
          [/\bNAME\b/g, NODE],
          [/\bIMAGE\b/g, V1],
        ],
      );
      onTestFinished(() => shell.close());
      await editSettings(shell.clone, cluster, {});
      const seinode = async (...words: readonly string[]): Promise<void> => {
        const env = {
          ...bed.env,
          SEINODE_TASK_QUEUE: '',
          SEINODE_NAMESPACE: '',
          SEINODE_CLUSTER_NAME: CLUSTER,
        };
        const end = await runCliProcess([...words, '-n', namespace], env);
        expect(end).toMatchObject({ code: 0 });
      };
      const uids = () => bed.pods.uids(NODE);
      let stop = async (): Promise<void> => undefined;
      let left = '';
      /** Checks after a script of a section, and steps there that no command does. */
      const after: Readonly<Record<string, (printed: string) => Promise<unknown>>> = {
        'Stop the original': async () => {
          await eventually(
            'no pod of the original is left',
            async () => (await originals(bed)) === '',
          );
        },
        'Start this operator': async () => {
          stop = await startInstalled(bed, await installedSettings(cluster));
          // A quick reader sees nodes that nobody has got to yet.
          await bed.nodes.untilSettledOn(NODE, V1);
        },
        'See what became of each node': async (printed) => {
          expect(printed).not.toMatch(/^fail/m);
          expect(printed).toMatch(new RegExp(`${NODE} +running`));
          expect(uids()).toHaveLength(1);
          // A node may have gone through this before somebody wants to go back.
          await bed.nodes.setImage(NODE, V2);
          await bed.nodes.untilSettledOn(NODE, V2);
          await seinode('rollback', NODE, '--reason', 'falls behind');
          await bed.nodes.until(
            NODE,
            'it is rolled back',
            ({ status }) => status?.currentImage === V1 && status.plan?.phase === 'Complete',
          );
          await seinode('pause', NODE, '--reason', 'to be handed over');
          left = uids().join();
        },
        'Stop this operator': async () => {
          await stop();
          const { spec, status } = await bed.nodes.get(NODE);
          expect(status?.hold).toBeUndefined();
          // An operator that knows of no rollback finds nothing to roll.
          expect(spec.image).toBe(status?.currentImage);
          await openRun(bed);
        },
        'End what is open in Temporal': () =>
          eventually('no run is open', async () => {
            const { status } = await bed.temporal.workflow.getHandle(runId(bed)).describe();
            return status.name === 'TERMINATED';
          }),
        'Start the original': () =>
          eventually('the original has a pod', async () => (await originals(bed)) !== ''),
      };
      const scripts = scriptsRunBy(import.meta.filename, DOCUMENT);
      const sections = new Set(scripts.map(({ section }) => section));
      expect(Object.keys(after).filter((section) => !sections.has(section))).toEqual([]);
      for (const script of scripts) {
        const printed = await shell.run(script);
        await after[script.section]?.(printed);
      }
      expect(uids().join()).toBe(left);
    },
  );
});

/** Creates the original operator's Deployment, and a node of its with all that it consists of. */
async function leaveBehind(bed: Testbed): Promise<void> {
  const kubectl = (words: readonly string[]) => bed.cluster.kubectl(words);
  await kubectl(['create', 'namespace', ORIGINAL.namespace]);
  const image = '--image=registry.example.com/original:1';
  await kubectl(['--namespace', ORIGINAL.namespace, 'create', 'deployment', ORIGINAL.name, image]);
  // The pods of nodes run under this account, as the settings have it.
  await bed.kubectl(['create', 'serviceaccount', 'seid-node']);
  const node = await bed.nodes.create(NODE, { image: V1 });
  const target = { image: V1, sidecarImage: bed.platform.images.sidecar, replicas: 1 } as const;
  const items = objectsOf(node, target, bed.platform);
  const apply = ['apply', '--server-side', '--field-manager=seinode-controller', '-f', '-'];
  await bed.kubectl(apply, { input: JSON.stringify({ apiVersion: 'v1', kind: 'List', items }) });
  await bed.pods.until(`${NODE}-0`, 'it exists', () => true);
  const { metadata } = await bed.apps.readNamespacedStatefulSet(bed.key(NODE));
  await bed.nodes.patchStatus(NODE, {
    phase: 'Running',
    currentImage: V1,
    statefulSet: { name: NODE, uid: metadata?.uid ?? '' },
  });
}

function originals(bed: Testbed): Promise<string> {
  return bed.cluster.kubectl(['--namespace', ORIGINAL.namespace, 'get', 'pods', '-o', 'name']);
}

function runId(bed: Testbed): string {
  return `seinode/${CLUSTER}/${bed.namespace}/left-open`;
}

/** Opens a run that no worker takes up any more. */
async function openRun(bed: Testbed): Promise<void> {
  await bed.temporal.workflow.start<(input: NodeRunInput) => Promise<void>>('nodeSync', {
    workflowId: runId(bed),
    taskQueue: defaultTaskQueue(CLUSTER, undefined),
    args: [{ node: { namespace: bed.namespace, name: 'left-open', uid: 'gone' } }],
  });
}
