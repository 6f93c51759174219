import { describe, expect } from 'vitest';

import type { NodeActivities } from '../../activities/contract/activities.ts';
import type { SeiNode } from '../../domain/node/sei-node.ts';
import { nodeWorkflowId } from '../../domain/run/workflow-id.ts';
import { conditionOf } from '../support/testbed/node-conditions.ts';
import { podNameOf } from '../support/testbed/node-pods.ts';
import { V1, V2 } from '../support/testbed/sei-nodes.ts';
import { testbedTest } from '../support/testbed/testbed-test.ts';
import type { Testbed } from '../support/testbed/testbed.ts';
import type { AskedActivity } from './foreign-worker.ts';
import { askFromOutside } from './foreign-worker.ts';

const it = testbedTest('foreign', ['worker', 'watcher']);

const EVIL = { image: 'ghcr.io/sei-protocol/evil:v1', sidecarImage: 'evil/side:v1', replicas: 1 };
const GENERATION = 1_000_000_000;
const FAILURE = { step: 'replace-pod', reason: 'Refused', message: 'words of somebody' };

/** Lists each activity with what a stranger would send to do harm. One without an entry does not compile. */
function forgeries(
  workflowId: string,
  { metadata: { namespace, name, uid }, spec, status }: SeiNode,
): Readonly<Record<keyof NodeActivities, object>> {
  const plan = { node: { namespace, name, uid }, planId: status?.plan?.id ?? 'plan' };
  const begin = { ...plan, workflowId };
  const attempt = { ...plan, target: EVIL, generation: GENERATION };
  const statefulSet = { uid: status?.statefulSet?.uid, generation: 0 };
  const pod = { name: podNameOf(name), uid: status?.pod?.uid, image: EVIL.image };
  const rollout = { ...attempt, statefulSet, pod, taskId: 'forged' };
  return {
    beginUpdate: begin,
    finishUpdate: plan,
    failUpdate: { ...plan, failure: FAILURE },
    beginInit: { ...begin, newTaskIds: {} },
    finishInit: { ...plan, generation: GENERATION },
    failInit: { ...plan, failure: FAILURE, generation: GENERATION },
    beginSync: begin,
    finishSync: { ...plan, sidecar: 'ready' },
    failSync: { ...plan, failure: FAILURE },
    beginDelete: begin,
    recordStall: { ...plan, trouble: { reason: 'Forged', message: 'words of somebody' } },
    checkProgress: plan,
    steer: { ...plan, command: { kind: 'rollback', actor: 'a', reason: 'r' }, by: 'deadline' },
    ensureDataPvc: plan,
    applyRbacProxyConfig: { ...plan, generation: GENERATION },
    applyStatefulSet: attempt,
    awaitMounts: { ...attempt, target: { ...EVIL, replicas: 0 } },
    applyService: { ...plan, generation: GENERATION },
    configPatch: { ...rollout, files: { 'config.toml': { p2p: { seeds: 'evil' } } } },
    replacePod: rollout,
    observeImage: { ...rollout, revision: 'any', markReadyId: 'forged' },
    runSidecarTask: {
      ...rollout,
      target: { ...EVIL, image: spec.image },
      task: { type: 'config-apply', id: 'forged', params: { overrides: { evil: 'yes' } } },
    },
    markReady: rollout,
    takeOver: attempt,
    deleteStatefulSet: plan,
    awaitPodsGone: { ...plan, because: 'deleted' },
    deleteDataPvc: plan,
    removeFinalizer: plan,
    decideDueWork: { node: plan.node, told: 'nodeDelete' },
    readTarget: { node: plan.node, atLeastGeneration: GENERATION },
  };
}

function asked(inputs: Readonly<Record<string, object>>): readonly AskedActivity[] {
  return Object.entries(inputs).map(([name, input]) => ({ name, input }));
}

describe('a worker of somebody who may only write to Temporal', () => {
  it('is refused everything for a node that is not its workflow’s', async ({ bed }) => {
    const victim = await restingNode(bed, 'victim');
    const before = await worldOf(bed, 'victim');
    const inputs = forgeries('foreign', victim);
    for (const workflowId of [`foreign-${bed.namespace}`, idOf(bed, 'another')]) {
      const ends = await askFromOutside(bed.temporal, workflowId, bed.namespace, asked(inputs));
      expect(ends).toHaveLength(Object.keys(inputs).length);
      expect(new Set(ends.map((end) => (end.kind === 'failed' ? end.type : end.kind)))).toEqual(
        new Set(['InvalidInput']),
      );
    }
    expect(await worldOf(bed, 'victim')).toEqual(before);
  });

  it('changes nothing of a node under its id, which rolls as ever once that is free', async ({
    bed,
  }) => {
    const victim = await restingNode(bed, 'locked');
    const before = await worldOf(bed, 'locked');
    const inputs = forgeries(idOf(bed, 'locked'), victim);
    const ends = await askFromOutside(
      bed.temporal,
      idOf(bed, 'locked'),
      bed.namespace,
      asked(inputs),
    );
    const timedOut = Object.keys(inputs).filter((_, index) => {
      const end = ends[index];
      return end?.kind === 'failed' && end.type === 'timeout';
    });
    expect(timedOut).toEqual([]);
    expect(await worldOf(bed, 'locked')).toEqual(before);
    await bed.nodes.setImage('locked', V2);
    const settled = await bed.nodes.untilSettledOn('locked', V2);
    expect(conditionOf(settled, 'Ready')).toBe('True/Running');
  });
});

function idOf(bed: Testbed, name: string): string {
  return nodeWorkflowId(bed.namespace, bed.key(name));
}

/** Creates a node that runs, with no run open. */
async function restingNode(bed: Testbed, name: string): Promise<SeiNode> {
  await bed.nodes.createRunning(name, V1);
  await bed.runs.closed(bed.key(name));
  return bed.nodes.get(name);
}

/** Reads all objects of the node, by fields that change with every write; of its status, everything but texts. */
async function worldOf(bed: Testbed, name: string) {
  const key = bed.key(name);
  const [node, statefulSet, pod, claim, service, configMap, journal] = await Promise.all([
    bed.nodes.get(name),
    bed.apps.readNamespacedStatefulSet(key),
    bed.core.readNamespacedPod(bed.key(podNameOf(name))),
    bed.core.readNamespacedPersistentVolumeClaim(bed.key(`data-${name}`)),
    bed.core.readNamespacedService(key),
    bed.core.readNamespacedConfigMap(bed.key(`${name}-rbac-proxy-config`)),
    bed.sidecars.journal(key),
  ]);
  const { metadata, spec, status } = node;
  const { generation, finalizers, deletionTimestamp } = metadata;
  return {
    node: { generation, finalizers, deletionTimestamp, spec },
    status: {
      phase: status?.phase,
      currentImage: status?.currentImage,
      plan: status?.plan,
      hold: status?.hold,
      rollback: status?.rollback,
      statefulSet: status?.statefulSet,
      history: status?.history,
    },
    objects: [statefulSet, pod, claim, service, configMap].map((one) => ({
      uid: one.metadata?.uid,
      generation: one.metadata?.generation,
      deletionTimestamp: one.metadata?.deletionTimestamp,
    })),
    template: statefulSet.spec?.template,
    submitted: journal.filter(({ method }) => method === 'POST').length,
  };
}
